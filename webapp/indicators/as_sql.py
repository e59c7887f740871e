"""The indicators as SQL: every period beside those before it, the price of its last day and the shares counted then."""

from collections.abc import Iterable

from webapp.indicators import dividends, periods_sql, splits
from webapp.indicators.formulas import INDICATORS
from webapp.indicators.indicator import (
    COUNT,
    DAYS,
    FORMULA_VERSION,
    LIMITS,
    MISSING,
    NOT_COMPARABLE,
    OK,
    OLDER,
    OLDEST_COUNT,
    OLDEST_PRICE,
    PRICE,
    Indicator,
)
from webapp.rules.expressions import NOW, PRIOR

# What has been reckoned with: statements by their versions, the price and the count by their days and themselves.
DIGEST = (
    f"md5(concat_ws('/', {FORMULA_VERSION}, {NOW}.basis, {NOW}.versions, {PRIOR}.versions, {OLDER}.versions,"
    f" {PRICE}.traded_on, {PRICE}.close, {COUNT}.counted_on, {COUNT}.issued, {COUNT}.treasury,"
    f" split.of_count, split.of_earnings, split.of_dividend, {NOW}.{dividends.OF_YEAR}, {NOW}.{dividends.OF_EARNINGS}))"
)
# One period's identity, but for the version of the formulas.
PLACE = ("company_id", "as_of_on", "basis", "scope", "accounting_standard")
# The period of the same kind a year, and three years, before; the later one, where there are two.
WINDOWS = ", ".join(
    f"{part}_one AS (PARTITION BY company_id, basis, months, scope, accounting_standard ORDER BY as_of_on"
    f" RANGE BETWEEN interval '{most} days' PRECEDING AND interval '{least} days' PRECEDING)"
    for part, (least, most) in DAYS.items()
)
# The shares as the statement counts them; where it does not tell its own ones, as they were counted last.
COUNTS = f"""
    LEFT JOIN LATERAL (SELECT s.as_of_on, s.issued, s.treasury FROM shares_outstanding s
        WHERE ({NOW}.shares_issued IS NULL OR {NOW}.treasury_share_count IS NULL) AND s.treasury IS NOT NULL
        AND s.company_id = {NOW}.company_id AND s.as_of_on BETWEEN {NOW}.as_of_on - {OLDEST_COUNT} AND {NOW}.as_of_on
        ORDER BY s.as_of_on DESC LIMIT 1) counted ON true
    CROSS JOIN LATERAL (SELECT coalesce(counted.as_of_on, {NOW}.as_of_on) AS counted_on,
        CASE WHEN counted.as_of_on IS NULL THEN {NOW}.shares_issued ELSE counted.issued END AS issued,
        CASE WHEN counted.as_of_on IS NULL THEN {NOW}.treasury_share_count ELSE counted.treasury END AS treasury
    ) {COUNT}
"""  # noqa: S608  # all of it is declared
PRICES = f"""
    LEFT JOIN LATERAL (SELECT p.traded_on, p.close FROM stock_prices p WHERE p.company_id = {NOW}.company_id
        AND p.traded_on BETWEEN {NOW}.as_of_on - {OLDEST_PRICE} AND {NOW}.as_of_on
        AND p.close IS NOT NULL ORDER BY p.traded_on DESC LIMIT 1) last ON true
"""  # noqa: S608  # all of it is declared
SPLITS = f"""
    CROSS JOIN LATERAL (SELECT {splits.of_price_sql('last.traded_on', f'{COUNT}.counted_on')} AS of_count,
        {splits.of_price_sql('last.traded_on', f'{NOW}.known_on')} AS of_earnings,
        {splits.of_price_sql('last.traded_on', f'{NOW}.dps_on')} AS of_dividend
        FROM corporate_actions a WHERE {NOW}.is_split AND a.company_id = {NOW}.company_id AND {splits.COUNTING}) split
    CROSS JOIN LATERAL (SELECT last.traded_on, last.close, last.close * split.of_count AS close_of_count,
        last.close * split.of_earnings AS close_of_earnings, last.close * split.of_dividend AS close_of_dividend
    ) {PRICE}
"""  # noqa: S608  # all of it is declared


def reckoned(of_companies: str = "true", indicators: Iterable[Indicator] = INDICATORS) -> str:
    """The parts of a WITH: `periods`, and `fresh`, a row per period of which something was reckoned anew.

    A fresh row has PLACE, inputs, values by name, and `statuses`. What is stored with the same digest is left out.
    `of_companies` is a condition on the table of which {} is the name.
    """
    chosen = tuple(indicators)
    sides = ", ".join(
        f"{one.value_sql()} AS {one.name}, {one.status_sql()} AS {one.name}_is" for one in chosen
    )
    values = ", ".join(f"CASE WHEN {_is_fine(one)} THEN {one.name} END AS {one.name}" for one in chosen)
    # Written as text and read at once: PostgreSQL is thrice as long about it key by key.
    statuses = f"CAST('{{' || concat_ws(',', {', '.join(map(_reason, chosen))}) || '}}' AS jsonb)"
    return f"""
        {periods_sql.with_parts(of_companies)},
        inputs AS (
            SELECT {", ".join(f"{NOW}.{name}" for name in PLACE)}, {NOW}.id AS statement_id,
                {PRIOR}.id AS prior_statement_id, {PRICE}.traded_on AS price_on,
                CASE WHEN {COUNT}.issued IS NOT NULL THEN {COUNT}.counted_on END AS shares_on,
                {DIGEST} AS inputs_digest, {sides}
            FROM ({_besides(chosen)}) {NOW}{_lateral(PRIOR, chosen)}{_lateral(OLDER, chosen)}
                {COUNTS}{PRICES}{SPLITS}
            WHERE NOT EXISTS (SELECT FROM financial_indicators i
                WHERE i.statement_id = {NOW}.id AND i.basis = {NOW}.basis AND i.inputs_digest = {DIGEST})
            OFFSET 0
        ),
        fresh AS (
            SELECT {", ".join(PLACE)}, {FORMULA_VERSION} AS formula_version, statement_id, prior_statement_id,
                price_on, shares_on, inputs_digest, {values}, {statuses} AS statuses
            FROM inputs
        )
    """  # noqa: S608  # all of it is declared; values come as parameters of `of_companies`


def _names(part: str, indicators: Iterable[Indicator]) -> list[str]:
    """The figures of an earlier period that are read, and what tells which one it is."""
    read = {figure.name for one in indicators for figure in one.inputs if figure.part == part}
    return ["id", "versions", "lasted", *sorted(read)]


def _besides(indicators: tuple[Indicator, ...]) -> str:
    """Every period, with what is read of the earlier ones in columns beside its own."""
    beside = ", ".join(
        f"last_value({name}) OVER {part}_one AS {part}_{name}"
        for part in DAYS
        for name in _names(part, indicators)
    )
    ratio = splits.between_sql("one", "one.dps_on", "one.known_on")
    paid = f"one.{dividends.OF_YEAR}"
    dividend = f"CASE WHEN {paid} IS NOT NULL THEN {paid} / {ratio} END"
    return f"SELECT one.*, {dividend} AS {dividends.OF_EARNINGS}, {beside} FROM periods one WINDOW {WINDOWS}"  # noqa: S608  # all of it is declared


def _lateral(part: str, indicators: tuple[Indicator, ...]) -> str:
    columns = ", ".join(f"{NOW}.{part}_{name} AS {name}" for name in _names(part, indicators))
    return f" CROSS JOIN LATERAL (SELECT {columns}) {part}"


def _is_fine(one: Indicator) -> str:
    return f"{_may_have_value(one)} AND abs({one.name}) < {LIMITS[one.decimals]:f}"


def _may_have_value(one: Indicator) -> str:
    listed = ", ".join(f"'{status}'" for status in one.with_value)
    return f"{one.name}_is IN ({listed})"


def _reason(one: Indicator) -> str:
    """Why it has no value, or what stood in for something, as a part of a JSON object; NULL where it is fine."""
    key = f'"{one.name}":'
    return (
        f"""CASE WHEN NOT ({_may_have_value(one)}) THEN '{key}"' || {one.name}_is || '"'"""
        f""" WHEN {one.name} IS NULL THEN '{key}"{MISSING}"'"""
        f""" WHEN abs({one.name}) >= {LIMITS[one.decimals]:f} THEN '{key}"{NOT_COMPARABLE}"'"""
        f""" WHEN {one.name}_is <> '{OK}' THEN '{key}"' || {one.name}_is || '"' END"""
    )
