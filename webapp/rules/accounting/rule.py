"""What a rule of accounting is: two sides, how they may differ, where it applies, and how grave it is to break it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from webapp.label import Label
from webapp.rules.expressions import EARLIER, EXACT, GROUP, NOW, PREVIOUS, PRIOR, Expression, Facts, Figure

# How grave: refuses what is typed; is looked at by somebody; is only said.
BLOCKS, REVIEW, NOTE = "blocks", "review", "note"
SEVERITIES = {
    BLOCKS: Label("入力不可", "Refused when typed"),
    REVIEW: Label("要確認", "To be reviewed"),
    NOTE: Label("参考", "Note"),
}
# Banks, insurers and securities companies print neither gross profit nor current assets (EDINETタクソノミ, 業種区分).
FINANCIAL = frozenset({"BNK", "INS", "SEC"})
BANKS_AND_INSURERS = frozenset({"BNK", "INS"})
UNIT = Figure("rounding_unit")
# Statements that one may stand beside.
COMPARED = (PRIOR, EARLIER, PREVIOUS, GROUP)


@dataclass(frozen=True, slots=True)
class Relation:
    """How the observed side must stand to the expected one, give or take what is allowed."""

    word: Label
    holds: Callable[[Decimal, Decimal, Decimal], bool]
    sql: str
    # From what to what, where the expected side says nothing.
    ranges: tuple[tuple[str, str], ...] = ()
    # Between these two the relation holds for certain; most ratios lie there, and need not be divided.
    calm: tuple[str, str] | None = None


EQUALS = Relation(
    Label("＝", "="),
    lambda observed, expected, allowed: EXACT.subtract(observed, expected).copy_abs() <= allowed,
    # Most sums agree to the last yen: what they may miss by is reckoned for the others.
    "({observed} = {expected} OR abs({observed} - {expected}) <= {allowed})",
)
AT_LEAST = Relation(
    Label("≧", "≥"),
    lambda observed, expected, allowed: observed >= EXACT.subtract(expected, allowed),
    "{observed} >= {expected} - {allowed}",
)
AT_MOST = Relation(
    Label("≦", "≤"),
    lambda observed, expected, allowed: observed <= EXACT.add(expected, allowed),
    "{observed} <= {expected} + {allowed}",
)
ABOVE = Relation(
    Label("＞", ">"),
    lambda observed, expected, allowed: observed > EXACT.subtract(expected, allowed),
    "{observed} > {expected} - {allowed}",
)

DIFFERS = Relation(
    Label("≠", "≠"),
    lambda observed, expected, allowed: EXACT.subtract(observed, expected).copy_abs() > allowed,
    "abs({observed} - {expected}) > {allowed}",
)


def times(low: str, high: str, *, or_beyond: tuple[str, str] | None = None) -> Relation:
    """From one multiple of the expected side to another, or so far off that a graver rule tells of it."""
    near, far = _multiples(low, high), None if or_beyond is None else _multiples(*or_beyond)
    return Relation(
        Label(f"＝ {low}〜{high} ×", f"= {low}–{high} ×"),
        lambda observed, expected, _allowed: (
            near.has(observed, expected) or (far is not None and not far.has(observed, expected))
        ),
        near.sql if far is None else f"({near.sql} OR NOT {far.sql})",
    )


@dataclass(frozen=True, slots=True)
class _Multiples:
    """From one multiple of something to another."""

    low: Decimal
    high: Decimal

    def has(self, observed: Decimal, expected: Decimal) -> bool:
        return EXACT.multiply(expected, self.low) <= observed <= EXACT.multiply(expected, self.high)

    @property
    def sql(self) -> str:
        return f"{{observed}} BETWEEN {{expected}} * {self.low:f} AND {{expected}} * {self.high:f}"


def _multiples(low: str, high: str) -> _Multiples:
    return _Multiples(Decimal(low), Decimal(high))


def within(low: str, high: str) -> Relation:
    """Between two numbers, those included; the expected side says nothing."""
    lowest, highest = Decimal(low), Decimal(high)
    return Relation(
        Label("範囲内", "within"),
        lambda observed, _expected, _allowed: lowest <= observed <= highest,
        f"{{observed}} <@ {_range(low, high)}",
        ranges=((low, high),),
        calm=(low, high),
    )


def within_or_beyond(low: str, high: str, least: str, most: str) -> Relation:
    """Between two numbers, or so far off that a graver rule tells of it: above zero up to `least`, from `most` on."""
    lowest, highest, far_below, far_above = map(Decimal, (low, high, least, most))
    return Relation(
        Label("範囲内", "within"),
        lambda observed, _expected, _allowed: (
            lowest <= observed <= highest or 0 < observed <= far_below or observed >= far_above
        ),
        f"{{observed}} <@ nummultirange(numrange(0, {least}, '(]'), {_range(low, high)}, numrange({most}, NULL))",
        ranges=((low, high),),
        calm=(low, high),
    )


def outside(*ranges: tuple[str, str]) -> Relation:
    """In none of these ranges."""
    bounds = [(Decimal(low), Decimal(high)) for low, high in ranges]
    return Relation(
        Label("範囲外", "outside"),
        lambda observed, _expected, _allowed: not any(low <= observed <= high for low, high in bounds),
        f"NOT {{observed}} <@ nummultirange({', '.join(_range(low, high) for low, high in ranges)})",
        ranges=ranges,
        calm=_calm(bounds),
    )


def _calm(bounds: Sequence[tuple[Decimal, Decimal]]) -> tuple[str, str] | None:
    """What lies between the nearest ranges below and above one, where there are both."""
    below = [high for _low, high in bounds if high < 1]
    above = [low for low, _high in bounds if low > 1]
    return (f"{max(below):f}", f"{min(above):f}") if below and above else None


def _range(low: str, high: str) -> str:
    """As a range of PostgreSQL's: what is held against several bounds is reckoned once."""
    return f"numrange({low}, {high}, '[]')"


@dataclass(frozen=True, slots=True)
class Scope:
    """The statements to which a rule applies; what is None limits nothing, and an unknown industry format neither."""

    standards: frozenset[str] | None = None
    formats: frozenset[str] | None = None
    other_formats: frozenset[str] = frozenset()
    periods: frozenset[str] | None = None
    scopes: frozenset[str] | None = None

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a statement is one of them."""
        industry = row.get("industry_format")
        return (
            _is_in(row.get("accounting_standard"), self.standards)
            and _is_in(row.get("period_type"), self.periods)
            and _is_in(row.get("scope"), self.scopes)
            and (industry is None or _is_in(industry, self.formats))
            and industry not in self.other_formats
        )

    def sql(self) -> str:
        """The same as a condition on the row called now."""
        industry = f"{NOW}.industry_format"
        conditions = [
            _sql_in(f"{NOW}.accounting_standard", self.standards),
            _sql_in(f"{NOW}.period_type", self.periods),
            _sql_in(f"{NOW}.scope", self.scopes),
        ]
        if self.formats is not None:
            conditions.append(f"({industry} IS NULL OR {_sql_in(industry, self.formats)})")
        if self.other_formats:
            conditions.append(f"({industry} IS NULL OR NOT {_sql_in(industry, self.other_formats)})")
        return " AND ".join(condition for condition in conditions if condition) or "true"


EVERYWHERE = Scope()
# What of a statement tells whether it is in a scope.
SCOPED_BY = ("accounting_standard", "period_type", "scope", "industry_format")


# Each is declared once, and is itself alone (eq): a set of them is a key that costs nothing.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A rule of accounting.

    `observed` must stand in `relation` to `expected`, give or take `allowed`; where one of the three is missing, the
    rule does not apply. `field` is where it is said. `unit`: what both sides are counted in (money, ratio, times,
    per_share, days); `figures_in`: what its field is. `official`: the id under which EDINET's own validation reports
    the same. `source`: where it stands. `of_equal_years`: what one year has earned is measured by none that is longer
    or shorter. What is declared of several figures in the same words has one id.
    """

    id: str
    label: Label
    field: str
    observed: Expression
    expected: Expression
    allowed: Expression
    message: str
    source: str
    relation: Relation = EQUALS
    severity: str = REVIEW
    scope: Scope = EVERYWHERE
    unit: str = "money"
    figures_in: str = "money"
    official: str | None = None
    of_equal_years: bool = False

    @property
    def key(self) -> str:
        """By what it is told from others of its id, which are about other figures."""
        return f"{self.id}.{self.field}"

    @property
    def parts(self) -> frozenset[str]:
        """The rows beside the statement that it needs."""
        return frozenset(figure.part for figure in self.figures()) - {NOW}

    @property
    def beside(self) -> str | None:
        """The statement that it is compared with, where there is one."""
        return next((part for part in COMPARED if part in self.parts), None)

    def figures(self) -> Iterator[Figure]:
        """The figures of both its sides."""
        yield from self.observed.figures()
        yield from self.expected.figures()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule came to on one statement: both sides, and what they may differ by, in the rule's unit."""

    rule: Rule
    observed: Decimal
    expected: Decimal
    allowed: Decimal
    is_kept: bool


def outcome(rule: Rule, facts: Facts) -> Outcome | None:
    """What a rule comes to, or None where it does not apply."""
    return came_to(rule, facts) if rule.scope.holds(facts[NOW]) else None


@lru_cache(maxsize=256)
def in_scope(rules: tuple[Rule, ...], of_statement: tuple[Any, ...]) -> Sequence[Rule]:
    """Those of these rules that apply to a statement of which SCOPED_BY says this."""
    row = dict(zip(SCOPED_BY, of_statement, strict=True))
    return [rule for rule in rules if rule.scope.holds(row)]


def came_to(rule: Rule, facts: Facts) -> Outcome | None:
    """The same of a rule in whose scope the statement is."""
    if rule.of_equal_years and not _are_equal_years(facts):
        return None
    # Of most rules a statement lacks a figure, and of those nothing else is reckoned.
    if (observed := rule.observed.value(facts)) is None or (expected := rule.expected.value(facts)) is None:
        return None
    if (allowed := rule.allowed.value(facts)) is None:
        return None
    return Outcome(rule, observed, expected, allowed, rule.relation.holds(observed, expected, allowed))


# 52 or 53 weeks, a leap day, an end that has moved from the 20th to the 31st: all of them are a year.
DAYS_APART = 15
_LENGTH = "({0}.fiscal_year_end_on - {0}.fiscal_year_start_on)"
ARE_EQUAL_YEARS_SQL = f"(abs({_LENGTH.format(NOW)} - {_LENGTH.format(PRIOR)}) <= {DAYS_APART}) IS NOT FALSE"


def _are_equal_years(facts: Facts) -> bool:
    """Whether both fiscal years have as many days; of one that nobody has told yet there is nothing to say."""
    now, prior = (_length(facts.get(part, {})) for part in (NOW, PRIOR))
    return now is None or prior is None or abs(now - prior) <= DAYS_APART


def _length(row: Mapping[str, Any]) -> int | None:
    start, end = row.get("fiscal_year_start_on"), row.get("fiscal_year_end_on")
    return None if start is None or end is None else int((end - start).days)


def _is_in(value: Any, allowed: frozenset[str] | None) -> bool:
    return allowed is None or value in allowed


def _sql_in(column: str, words: frozenset[str] | None) -> str:
    if words is None:
        return ""
    listed = ", ".join(f"'{word}'" for word in sorted(words))
    return f"{column} IN ({listed})"
