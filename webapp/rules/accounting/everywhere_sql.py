"""Where all statements are looked at, as SQL: how each kind of row beside them is found for all of them at once.

What is looked for among all of them asks nothing of each by a query of its own: PostgreSQL leaves that to one process.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from webapp.rules.accounting.beside_sql import (
    FACTOR_LATER,
    IDENTITY,
    JOINS,
    ONE_YEAR,
    STATEMENTS,
    any_beside,
)
from webapp.rules.accounting.rule import Rule
from webapp.rules.accounting.screen_sql import may_be_broken
from webapp.rules.expressions import ACTIONS, EARLIER, GROUP, MARKET, NOW, PREVIOUS, PRIOR

# Of four years 1,461 days; the middle of August is the end of hardly any fiscal year.
YEARS_SINCE = "(({} - date '1900-08-16') * 4 / 1461)"
A_YEAR = 365
LEAST, MOST = (f"{NOW}.fiscal_year_end_on - {days}" for days in ONE_YEAR)
# Where two fiscal years of a company may overlap, or lie apart by days: all others are whole years from one day of the
# year on, and of those none has the other's.
DAY_OF_YEAR = "(4 * ({0} - date '1900-03-01' + 400 * 1461) + 3) % 1461 / 4"
BEGINS, ENDS = (
    DAY_OF_YEAR.format(day) for day in (f"{NOW}.fiscal_year_start_on", f"({NOW}.fiscal_year_end_on + 1)")
)
IS_WHOLE = f"{BEGINS} = {ENDS} AND {NOW}.fiscal_year_end_on - {NOW}.fiscal_year_start_on BETWEEN 364 AND 365"
WITH_OTHER_YEARS = (
    f"SELECT {NOW}.company_id FROM {STATEMENTS} {NOW} WHERE {NOW}.is_current AND {NOW}.period_type = 'FY'"  # noqa: S608  # all of it is declared
    f" GROUP BY {NOW}.company_id HAVING bool_or(({IS_WHOLE}) IS NOT TRUE) OR min({ENDS}) <> max({ENDS})"
)


def _same(part: str, other: str, sign: str) -> str:
    return " AND ".join(f"{part}.{name} {sign} {other}.{name}" for name in IDENTITY)


# What tells current statements apart: their index holds these, and a row has them behind sixty figures.
KEY = ("company_id", "fiscal_year_end_on", "period_type", "scope", "accounting_standard")


def _have(condition: str) -> str:
    keys = ", ".join(f"{NOW}.{name}" for name in KEY)
    return f"SELECT {keys} FROM {STATEMENTS} {NOW} WHERE {NOW}.is_current AND {condition}"  # noqa: S608  # declared


def _alike(part: str, *names: str) -> Iterator[str]:
    yield f"{part}.is_current"
    yield from (f"{part}.{name} = {NOW}.{name}" for name in ("company_id", *names))


# The year before of the same span of years; one of the next is found when the statement is looked at.
A_YEAR_BEFORE = f"({NOW}.fiscal_year_end_on - {A_YEAR})"
HAS_YEAR_BEFORE = any_beside(
    PRIOR,
    *_alike(PRIOR),
    f"{YEARS_SINCE.format(f'{PRIOR}.fiscal_year_end_on')} = {YEARS_SINCE.format(A_YEAR_BEFORE)}",
    f"{PRIOR}.fiscal_year_end_on BETWEEN {MOST} AND {LEAST}",
    _same(PRIOR, NOW, "IS NOT DISTINCT FROM"),
)
TELLS_NOTHING = f"SELECT s.company_id FROM {STATEMENTS} s WHERE s.is_current AND s.total_assets IS NULL"  # noqa: S608  # declared
# What a company is worth is known only where its shares have been counted.
IS_COUNTED = f"{NOW}.company_id IN (SELECT company_id FROM shares_outstanding)"  # noqa: S608  # declared
# Of all statements those that may have such a row beside them, all at once and by their keys alone.
HAVE_BESIDE = {
    EARLIER: _have(
        any_beside(
            EARLIER,
            *_alike(EARLIER, "fiscal_year_end_on", "scope", "accounting_standard"),
            f"{EARLIER}.period_type <> {NOW}.period_type",
        )
    ),
    GROUP: _have(
        f"{NOW}.scope = 'non_consolidated' AND "
        + any_beside(
            GROUP, *_alike(GROUP, "fiscal_year_end_on", "period_type"), f"{GROUP}.scope = 'consolidated'"
        )
    ),
    MARKET: (
        f"{_have(f'{IS_COUNTED} AND NOT {HAS_YEAR_BEFORE}')}"
        f" UNION {_have(f'{IS_COUNTED} AND {NOW}.company_id IN ({TELLS_NOTHING})')}"
    ),
}


class Source(NamedTuple):
    """Rules that are looked for together, among which rows, those that may break one, and which of them count."""

    rules: Sequence[Rule]
    rows: str
    screen: str
    counts: str = "true"


def sources(rules: Iterable[Rule]) -> Iterator[Source]:
    """All rules, those together that need the same kind of row beside the statement."""
    for kind, find in KINDS.items():
        alike = [rule for rule in rules if _kind(rule) == kind]
        if alike:
            yield find(alike)


def _kind(rule: Rule) -> str:
    return next((part for part in (PRIOR, PREVIOUS, GROUP, EARLIER, MARKET) if part in rule.parts), NOW)


def _alone(rules: Sequence[Rule]) -> Source:
    later = FACTOR_LATER if any(ACTIONS in rule.parts for rule in rules) else ""
    return Source(rules, f"{STATEMENTS} {NOW}{later}", f"{NOW}.is_current AND {_few(rules)}")


def _beside_prior(rules: Sequence[Rule]) -> Source:
    """A year before lies in one of two spans of a year: where the days that it may end on lie in both, in either.

    Of two that ended about a year before the later one counts, which is asked of the few that may break a rule.
    """
    first, last = (YEARS_SINCE.format(f"({day})") for day in (MOST, LEAST))
    spans = " UNION ALL ".join(
        f"SELECT {NOW}.*, {year} AS year_before FROM {STATEMENTS} {NOW}"  # noqa: S608  # declared
        f" WHERE {NOW}.is_current{condition}"
        for year, condition in ((first, ""), (last, f" AND {first} < {last}"))
    )
    own_span = YEARS_SINCE.format(f"{PRIOR}.fiscal_year_end_on")
    later = (
        f"EXISTS (SELECT FROM {STATEMENTS} later WHERE later.is_current AND {_same('later', PRIOR, '=')}"
        f" AND later.fiscal_year_end_on > {PRIOR}.fiscal_year_end_on AND later.fiscal_year_end_on <= {LEAST})"
    )
    source = (
        f"({spans}) {NOW} JOIN {STATEMENTS} {PRIOR} ON {PRIOR}.is_current"
        f" AND {PRIOR}.company_id = {NOW}.company_id AND {own_span} = {NOW}.year_before"
        f" AND {PRIOR}.fiscal_year_end_on BETWEEN {MOST} AND {LEAST}"
        f" AND {_same(PRIOR, NOW, 'IS NOT DISTINCT FROM')}{JOINS[ACTIONS]}"
    )
    return Source(rules, source, _few(rules), f"NOT {later}")


def _few(rules: Iterable[Rule]) -> str:
    """As an equation: of those PostgreSQL takes one row of two hundred for likely, of conditions that it cannot see
    through all.
    """
    return f"CASE WHEN {may_be_broken(rules)} THEN 1 END = 1"


def _beside_previous(rules: Sequence[Rule]) -> Source:
    irregular = f"{NOW}.company_id IN ({WITH_OTHER_YEARS})"
    return Source(rules, f"{_found(_have(irregular))}{JOINS[PREVIOUS]}", _few(rules))


def _found(keys: str) -> str:
    """The statements of these keys, first found and then read: OFFSET 0 says so."""
    is_one = " AND ".join(f"{NOW}.{name} = few.{name}" for name in KEY)
    whole = f"SELECT {NOW}.* FROM {STATEMENTS} {NOW} WHERE {NOW}.is_current AND {is_one} OFFSET 0"  # noqa: S608  # declared
    return f"(SELECT * FROM ({keys}) few OFFSET 0) few CROSS JOIN LATERAL ({whole}) {NOW}"  # noqa: S608  # declared


def _beside(part: str) -> Callable[[Sequence[Rule]], Source]:
    """Those that have such a row beside them are found before it is looked for beside each."""

    def found(rules: Sequence[Rule]) -> Source:
        return Source(rules, f"{_found(HAVE_BESIDE[part])}{JOINS[part]}", _few(rules))

    return found


KINDS: Mapping[str, Callable[[Sequence[Rule]], Source]] = {
    NOW: _alone,
    PRIOR: _beside_prior,
    PREVIOUS: _beside_previous,
    GROUP: _beside(GROUP),
    EARLIER: _beside(EARLIER),
    MARKET: _beside(MARKET),
}
