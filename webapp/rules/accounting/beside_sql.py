"""What stands beside a statement, as SQL: rows of other days, years and scopes, and what became of shares."""

from collections.abc import Sequence

from webapp.rules import corporate_action
from webapp.rules.expressions import ACTIONS, EARLIER, GROUP, MARKET, NOW, PREVIOUS, PRIOR

STATEMENTS = "financial_statements"
# The same company, months, scope and standard; what is not current is of another day of knowledge.
IDENTITY = ("company_id", "period_type", "scope", "accounting_standard")
KINDS = ", ".join(f"'{kind}'" for kind in sorted(corporate_action.OF_EVERY_SHARE))
# An annual report restates what is per share for splits until it is filed, three months after the year's end
# (金融商品取引法 第24条; 企業会計基準第2号 第30-3項).
UNTIL_FILED, UNTIL_SETTLED, FACTOR_DIGITS = 90, 4, 9


def _year_before(least: int, most: int) -> Sequence[str]:
    """By what the current statement of the same identity is known that ended so many days before."""
    days = f"{NOW}.fiscal_year_end_on - {most} AND {NOW}.fiscal_year_end_on - {least}"
    same = (f"{PRIOR}.{name} = {NOW}.{name}" for name in IDENTITY)
    return f"{PRIOR}.is_current", *same, f"{PRIOR}.fiscal_year_end_on BETWEEN {days}"


def _same(part: str, *names: str) -> str:
    same = (f"{part}.{name} = {NOW}.{name}" for name in ("company_id", *names))
    return f"{part}.is_current AND {part}.id IS DISTINCT FROM {NOW}.id AND {' AND '.join(same)}"


def _one_beside(part: str, *conditions: str, order: str) -> str:
    return (
        f" LEFT JOIN LATERAL (SELECT {part}.* FROM financial_statements {part}"  # noqa: S608  # declared here
        f" WHERE {' AND '.join(conditions)} ORDER BY {order}, {part}.id LIMIT 1) {part} ON true"
    )


def any_beside(part: str, *conditions: str) -> str:
    return f"EXISTS (SELECT FROM {STATEMENTS} {part} WHERE {' AND '.join(conditions)})"


def _factor(since: str, until: str) -> str:
    """What has become of one share between two days.

    Of an action of which only the ex-date is known, the shares follow when what was traded before is settled.
    """
    takes_effect = f"coalesce(c.effective_on, c.ex_on + {UNTIL_SETTLED})"
    within = f"{takes_effect} > {since} AND {takes_effect} <= {until}"
    # PostgreSQL multiplies no column up; so does this, to more digits than a ratio of shares has. As a query of its own
    # it is asked only where a rule comes to it.
    return (
        f"coalesce((SELECT round(exp(sum(ln(c.ratio_to / c.ratio_from))), {FACTOR_DIGITS}) FROM corporate_actions c"  # noqa: S608  # all of it is declared here
        f" WHERE c.company_id = {NOW}.company_id AND c.ratio_to > 0 AND c.kind IN ({KINDS}) AND {within}), 1)"
    )


def _restated_until(part: str) -> str:
    """Until when the statement's per-share figures follow splits: a later report gives them anew, of its own day."""
    # What is first told by another standard is told in the report of the year after.
    is_laid_over = f"{part}.based_on_id IS NOT NULL AND {part}.revision_type NOT IN ('COR', 'STEWARD')"
    is_of_later_report = f"{part}.revision_type = 'STD' OR {is_laid_over}"
    filed_on = f"{part}.fiscal_year_end_on + {UNTIL_FILED}"
    return (
        f"CASE WHEN {is_of_later_report} THEN greatest({part}.announced_on, {filed_on}) ELSE {filed_on} END"
    )


BEGAN, ENDED = f"{PRIOR}.fiscal_year_end_on", f"{NOW}.fiscal_year_end_on"
FILED = _restated_until(NOW)
FACTOR_LATER = f" CROSS JOIN LATERAL (SELECT {_factor(ENDED, FILED)} AS factor_later) {ACTIONS}"
# Days: the year before ends a year before; a year cut short or drawn out is no measure of growth.
ONE_YEAR = 350, 380
_OF_YEAR_BEFORE = _year_before(*ONE_YEAR)
# A statement that no year before can be held against.
ALONE = f"NOT {any_beside(PRIOR, *_OF_YEAR_BEFORE, f'{PRIOR}.total_assets IS NOT NULL')}"
# By how many days the last price may be older than a period's end, and the count of shares older or younger.
DAYS_OF_PRICE, DAYS_OF_COUNT = 15, 400
COUNTED = (
    "SELECT c.issued - coalesce(c.treasury, 0) AS number FROM shares_outstanding c"  # noqa: S608  # declared here
    f" WHERE c.company_id = {NOW}.company_id AND c.as_of_on BETWEEN {NOW}.period_end_on - {DAYS_OF_COUNT}"
    f" AND {NOW}.period_end_on + {DAYS_OF_COUNT} ORDER BY abs(c.as_of_on - {NOW}.period_end_on), c.as_of_on LIMIT 1"
)
LAST_CLOSE = (
    f"SELECT p.close FROM stock_prices p WHERE p.company_id = {NOW}.company_id AND p.close IS NOT NULL"  # noqa: S608  # declared here
    f" AND p.traded_on BETWEEN {NOW}.period_end_on - {DAYS_OF_PRICE} AND {NOW}.period_end_on"
    " ORDER BY p.traded_on DESC LIMIT 1"
)
# Each part that a statement may have beside it, once: what it is joined by, in an order in which each finds the others.
# Where a company changes its standard, two statements of a group are of the same months.
JOINS = {
    PRIOR: f" LEFT JOIN {STATEMENTS} {PRIOR} ON {' AND '.join(_OF_YEAR_BEFORE)}",
    EARLIER: _one_beside(
        EARLIER,
        _same(EARLIER, "fiscal_year_end_on", "scope", "accounting_standard"),
        f"{EARLIER}.period_end_on < {NOW}.period_end_on",
        order=f"{EARLIER}.period_end_on DESC",
    ),
    PREVIOUS: _one_beside(
        PREVIOUS,
        _same(PREVIOUS, "period_type", "scope", "accounting_standard"),
        f"{NOW}.period_type = 'FY'",
        f"{PREVIOUS}.fiscal_year_end_on < {NOW}.fiscal_year_end_on",
        order=f"{PREVIOUS}.fiscal_year_end_on DESC",
    ),
    GROUP: _one_beside(
        GROUP,
        _same(GROUP, "fiscal_year_end_on", "period_type"),
        f"{NOW}.scope = 'non_consolidated'",
        f"{GROUP}.scope = 'consolidated'",
        order=f"({GROUP}.accounting_standard = {NOW}.accounting_standard) DESC, {GROUP}.accounting_standard",
    ),
    ACTIONS: (
        f" CROSS JOIN LATERAL (SELECT {_factor(BEGAN, ENDED)} AS factor,"
        f" {_factor(_restated_until(PRIOR), FILED)} AS factor_restated, {_factor(ENDED, FILED)} AS factor_later"
        f") {ACTIONS}"
    ),
    # In yen, as prices are.
    MARKET: (
        f" LEFT JOIN LATERAL (SELECT o.close * n.number AS value FROM ({LAST_CLOSE}) o, ({COUNTED}) n"  # noqa: S608  # declared here
        f" WHERE o.close * n.number > 0 AND coalesce({NOW}.currency, 'JPY') = 'JPY' AND {ALONE}) {MARKET} ON true"
    ),
}
# The rows of other years, and the same where statements come as `in_years` gives them.
YEARS = frozenset({PRIOR, PREVIOUS, ACTIONS})
IN_YEARS = JOINS | {
    PRIOR: f" LEFT JOIN {STATEMENTS} {PRIOR} ON {PRIOR}.id = {NOW}.prior_id",
    PREVIOUS: (
        f" CROSS JOIN LATERAL (SELECT {NOW}.previous_id AS id, {NOW}.previous_end_on AS fiscal_year_end_on)"
        f" {PREVIOUS}"
    ),
}


def in_years(where: str) -> str:
    """The statements, each with the year before and with the one before it: in order at once, not each by itself.

    Two may be about a year older where the year's end has moved by some days: the later one counts.
    """
    least, most = ONE_YEAR
    before = f"RANGE BETWEEN interval '{most} days' PRECEDING AND interval '{least} days' PRECEDING"
    return (
        f"(SELECT {NOW}.*, last_value({NOW}.id) OVER (years {before}) AS prior_id,"  # noqa: S608  # all of it is declared here
        f" lag({NOW}.id) OVER years AS previous_id, lag({NOW}.fiscal_year_end_on) OVER years AS previous_end_on"
        f" FROM {STATEMENTS} {NOW} WHERE {NOW}.is_current AND {where}"
        f" WINDOW years AS (PARTITION BY {', '.join(f'{NOW}.{name}' for name in IDENTITY)}"
        f" ORDER BY {NOW}.fiscal_year_end_on)) {NOW}"
    )
