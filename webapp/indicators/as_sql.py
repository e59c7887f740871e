"""The indicators as SQL: every current annual statement, beside the years before and the price of its last day."""

from collections.abc import Iterable

from webapp.indicators.formulas import INDICATORS
from webapp.indicators.indicator import (
    BASIS,
    DAYS,
    FORMULA_VERSION,
    LIMITS,
    MISSING,
    NOT_COMPARABLE,
    OK,
    OLDER,
    OLDEST_PRICE,
    PRICE,
    Indicator,
)
from webapp.rules.accounting.as_sql import beside
from webapp.rules.expressions import NOW, PRIOR

STATEMENTS = "financial_statements"
# What has been reckoned with: rows by their versions, the price by its day and itself.
DIGEST = (
    f"md5(concat_ws('/', {FORMULA_VERSION}, {NOW}.id, {NOW}.version, {PRIOR}.id, {PRIOR}.version,"
    f" {OLDER}.id, {OLDER}.version, {PRICE}.traded_on, {PRICE}.close))"
)


FACTS = (
    f"{STATEMENTS} {NOW}{beside(PRIOR, *DAYS[PRIOR])}{beside(OLDER, *DAYS[OLDER])}"  # noqa: S608  # all of it is declared here
    f" LEFT JOIN LATERAL (SELECT p.traded_on, p.close FROM stock_prices p WHERE p.company_id = {NOW}.company_id"
    f" AND p.traded_on BETWEEN {NOW}.fiscal_year_end_on - {OLDEST_PRICE} AND {NOW}.fiscal_year_end_on"
    f" AND p.close IS NOT NULL ORDER BY p.traded_on DESC LIMIT 1) {PRICE} ON true"
)


def reckoned(where: str = "true", indicators: Iterable[Indicator] = INDICATORS) -> str:
    """A row per statement of which something was reckoned anew: identity, inputs, values by name, and `statuses`.

    `where` is a condition on "now". What is stored with the same digest is left out. Each statement comes once: where
    the end of the year has moved, two may be about as far away.
    """
    chosen = tuple(indicators)
    sides = ", ".join(
        f"{one.value_sql()} AS {one.name}, {one.status_sql()} AS {one.name}_is" for one in chosen
    )
    values = ", ".join(f"CASE WHEN {_is_fine(one)} THEN {one.name} END AS {one.name}" for one in chosen)
    # In parts: a function takes at most a hundred arguments.
    parts = (chosen[start : start + 20] for start in range(0, len(chosen), 20))
    statuses = " || ".join(
        f"jsonb_strip_nulls(jsonb_build_object({', '.join(map(_reason, part))}))" for part in parts
    )
    return f"""
        WITH inputs AS MATERIALIZED (
            SELECT DISTINCT ON ({NOW}.id) {NOW}.company_id, {NOW}.fiscal_year_end_on AS as_of_on, {NOW}.scope,
                {NOW}.accounting_standard, {NOW}.id AS statement_id, {PRIOR}.id AS prior_statement_id,
                {PRICE}.traded_on AS price_on, {DIGEST} AS inputs_digest, {sides}
            FROM {FACTS}
            WHERE {NOW}.is_current AND {NOW}.period_type = '{BASIS}' AND {where} AND NOT EXISTS (
                SELECT FROM financial_indicators i
                WHERE i.statement_id = {NOW}.id AND i.inputs_digest = {DIGEST})
            ORDER BY {NOW}.id, {PRIOR}.fiscal_year_end_on DESC, {OLDER}.fiscal_year_end_on DESC
        )
        SELECT company_id, as_of_on, '{BASIS}' AS basis, scope, accounting_standard,
            {FORMULA_VERSION} AS formula_version, statement_id, prior_statement_id, price_on, inputs_digest,
            {values}, {statuses} AS statuses
        FROM inputs
    """  # noqa: S608  # all of it is declared; values come as parameters of `where`


def _is_fine(one: Indicator) -> str:
    return f"{one.name}_is = '{OK}' AND abs({one.name}) < {LIMITS[one.decimals]:f}"


def _reason(one: Indicator) -> str:
    return (
        f"'{one.name}', CASE WHEN {one.name}_is <> '{OK}' THEN {one.name}_is"
        f" WHEN {one.name} IS NULL THEN '{MISSING}'"
        f" WHEN abs({one.name}) >= {LIMITS[one.decimals]:f} THEN '{NOT_COMPARABLE}' END"
    )
