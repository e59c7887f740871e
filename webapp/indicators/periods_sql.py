"""The periods of `periods` as SQL: parts of a WITH that ends with `periods`, a row each of FY, TTM and QTR."""

from collections.abc import Mapping, Sequence

from webapp.indicators import dividends, single, splits
from webapp.indicators.periods import (
    A_MONTH,
    DIVIDENDS,
    FIGURES,
    FLOWS,
    FY,
    MONTHS,
    NEAR,
    OR_ZERO,
    PER_SHARE,
    QTR,
    SHARE_MONTHS,
    STOCKS,
    TTM,
)

IS_REGULAR = f"abs({{0}}.days - {{0}}.months * {A_MONTH}) <= {NEAR}"
LASTED = (
    f"CASE WHEN {IS_REGULAR.format('now')} THEN now.months"
    f" ELSE CAST(round(now.days / {A_MONTH}) AS integer) END"
)
COUNTED = " ".join(f"WHEN '{kind}' THEN {number}" for kind, number in MONTHS.items())
KINDS = ", ".join(f"'{kind}'" for kind in MONTHS)
NONE = "NULL::numeric"
# Of the same day, scope and standard one: what was announced last, then written last. Q2 and HY are the same months.
LATEST = "{0}.announced_on DESC NULLS LAST, {0}.id DESC"
IS_SAME = " AND ".join(
    f"{{0}}.{name} = now.{name}" for name in ("company_id", "scope", "accounting_standard")
)
# The parts of a derived period, as joins to the statement of what the year has come to.
YEAR = (
    f" LEFT JOIN regular year ON {IS_SAME.format('year')} AND year.months = 12"
    " AND year.fiscal_year_end_on = now.fiscal_year_start_on - 1"
)
OF_YEAR_BEFORE = (
    f" LEFT JOIN regular before ON {IS_SAME.format('before')} AND before.months = now.months"
    " AND before.fiscal_year_start_on = year.fiscal_year_start_on"
)
# Without it there is no quarter, but for the first one.
A_QUARTER_BEFORE = (
    f" LEFT JOIN regular before ON {IS_SAME.format('before')} AND before.months = now.months - 3"
    " AND before.fiscal_year_start_on = now.fiscal_year_start_on"
)


def with_parts(of_companies: str) -> str:
    """The parts of a WITH; `of_companies` is a condition on the table of which {} is the name."""
    figures = ", ".join(f"{single.figure_sql(name)} AS {name}" for name in FIGURES)
    return f"""
        statements AS MATERIALIZED (
            SELECT s.id, s.version, s.company_id, s.fiscal_year_start_on, s.fiscal_year_end_on, s.period_end_on,
                s.period_type, s.scope, s.accounting_standard, s.industry_format, s.announced_on,
                coalesce(s.announced_on, s.period_end_on) AS known_on,
                CASE s.period_type {COUNTED} END AS months, {figures},
                s.period_end_on - s.fiscal_year_start_on + 1 AS days,
                s.company_id IN (SELECT a.company_id FROM corporate_actions a WHERE {splits.COUNTING}) AS is_split
            FROM financial_statements s
            WHERE s.is_current AND s.period_type IN ({KINDS}) AND {of_companies.format("s")}
        ),
        regular AS MATERIALIZED (
            SELECT * FROM statements s WHERE {IS_REGULAR.format('s')}
        ),
        periods AS MATERIALIZED (
            SELECT {_head(FY, "now.fiscal_year_end_on", "now.fiscal_year_end_on", ("now",))},
                {", ".join(f"now.{name}" for name in FIGURES)}, {_of_year("now")}
                FROM statements now WHERE now.period_type = '{FY}'
            UNION ALL ({_trailing()})
            UNION ALL ({_quarter()})
        )
    """  # noqa: S608  # all of it is declared


def _head(basis: str, as_of_on: str, dps_on: str, parts: Sequence[str]) -> str:
    versions = ", ".join(f"{part}.id, {part}.version" for part in parts)
    return (
        f"'{basis}' AS basis, now.months, {LASTED} AS lasted, now.id, concat_ws('.', {versions}) AS versions,"
        f" now.company_id, {as_of_on} AS as_of_on, now.scope, now.accounting_standard, now.industry_format,"
        f" now.fiscal_year_start_on, now.known_on, {dps_on} AS dps_on, now.is_split"
    )


def _trailing() -> str:
    head = _head(TTM, "now.period_end_on", "now.fiscal_year_start_on - 1", ("now", "year", "before"))
    parts = {"year": 1, "now": 1, "before": -1}
    sums = f"{_columns(parts, 12, {name: f'year.{name}' for name in DIVIDENDS})}, {_of_year('year')}"
    return (
        f"SELECT DISTINCT ON ({_day()}) {head}, {sums} FROM regular now{YEAR}{OF_YEAR_BEFORE}"  # noqa: S608  # all of it is declared
        f" WHERE now.period_type <> '{FY}' ORDER BY {_day()}, {_latest('now', 'year', 'before')}"
    )


def _quarter() -> str:
    head = _head(QTR, "now.period_end_on", "now.period_end_on", ("now", "before"))
    sums = f"{_columns({'now': 1, 'before': -1}, 3, dict.fromkeys(DIVIDENDS, NONE))}, {NONE} AS {dividends.OF_YEAR}"
    return (
        f"SELECT DISTINCT ON ({_day()}) {head}, {sums} FROM regular now{A_QUARTER_BEFORE}"  # noqa: S608  # all of it is declared
        f" WHERE now.months = 3 OR before.id IS NOT NULL ORDER BY {_day()}, {_latest('now', 'before')}"
    )


def _day() -> str:
    return "now.company_id, now.scope, now.accounting_standard, now.period_end_on"


def _latest(*parts: str) -> str:
    return ", ".join(LATEST.format(part) for part in parts)


def _of_year(part: str) -> str:
    return f"{dividends.of_year_sql(part)} AS {dividends.OF_YEAR}"


def _columns(parts: Mapping[str, int], of_months: int, of_dividends: Mapping[str, str]) -> str:
    """The figures of a derived period, in the order of FIGURES."""
    # Of the first quarter there is nothing to take away.
    first = "now.months = 3" if of_months == 3 else "false"

    def added(terms: Mapping[str, str]) -> str:
        total = " ".join(f"{'-' if sign < 0 else '+'} {terms[part]}" for part, sign in parts.items())
        return f"CASE WHEN {first} THEN {terms['now']} ELSE 0 {total} END"

    ratios = {
        part: ("1" if part == "now" else splits.between_sql("now", f"{part}.known_on", "now.known_on"))
        for part in parts
    }
    columns = {name: f"now.{name}" for name in STOCKS}
    columns |= {name: added({part: f"{part}.{name}" for part in parts}) for name in FLOWS}
    for name in OR_ZERO:
        known = f"num_nonnulls({', '.join(f'{part}.{name}' for part in parts)}) > 0"
        total = added({part: f"coalesce({part}.{name}, 0)" for part in parts})
        columns[name] = f"CASE WHEN {known} THEN {total} END"
    columns[PER_SHARE] = added({part: f"{part}.{PER_SHARE} / {ratios[part]}" for part in parts})
    months = added({part: f"{part}.{SHARE_MONTHS} * {ratios[part]} * {part}.months" for part in parts})
    columns[SHARE_MONTHS] = f"round(({months}) / {of_months})"
    columns |= of_dividends
    return ", ".join(f"{columns[name]} AS {name}" for name in FIGURES)
