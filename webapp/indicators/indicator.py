"""What an indicator is: a formula over a statement, the years before it and a price, and when it has no value."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from webapp.indicators.periods import QTR
from webapp.label import Label
from webapp.rules.choices import UnderStandards
from webapp.rules.expressions import EXACT, NOW, PRIOR, Expression, Facts, Figure

# Parts beside the period and its prior: three years before, the close on its day or the last one before, and the
# shares as they were counted last.
OLDER, PRICE, COUNT = "older", "price", "count"
# Days between the ends of two fiscal years that may be compared: of one year, and of three.
DAYS = {PRIOR: (350, 380), OLDER: (1080, 1110)}
# A close older than ten sessions is nobody's price any more; with the new year's holidays that is three weeks. Shares
# are counted at least once a quarter.
OLDEST_PRICE, OLDEST_COUNT = 21, 100
# Bumped with every change of a formula; figures of other versions are computed anew.
FORMULA_VERSION = 6

OK = "ok"
NOT_APPLICABLE, MISSING, NEGATIVE_BASE = "not_applicable", "missing_input", "negative_base"
TURNED_PROFIT, TURNED_LOSS = "turned_profit", "turned_loss"
# Of years of other lengths; or so large, by the decimals of its column, that the column could not hold it: its base is
# next to nothing.
NOT_COMPARABLE = "not_comparable"
# There is a value, and what stood in for something that it is usually reckoned of: the tax rate of the law, 金融費用.
STATUTORY_RATE, FINANCE_COSTS = "statutory_rate", "finance_costs"
LIMITS = {8: Decimal(10) ** 10, 4: Decimal(10) ** 14, 0: Decimal(10) ** 20}
UNITS = {decimals: Decimal(1).scaleb(-decimals) for decimals in LIMITS}


class Computed(NamedTuple):
    """A value, or why there is none; `status` says of a value as well what stood in."""

    value: Decimal | None
    status: str


class StandIn(NamedTuple):
    """What a formula does without where it is missing, and the status that says so beside the value."""

    of: Expression
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """An indicator: the column it stands in, its formula in words and as an expression.

    `bases` must be above zero, or the figure would have no sense and no sign. `grows` is the figure whose growth it
    is: from a loss to a profit, or the other way, there is no rate. `as_long_as`: the part that has to have lasted as
    many months for a rate. `without`: where this is zero, there is nothing to measure. `not_for`: industry formats that
    do not print what it needs. `of_years`: three months are no measure of it. `decimals`: those of its column.
    `stands_in`: where this is missing, the formula reckons with something else.
    """

    name: str
    words: Label
    formula: Expression
    source: str
    bases: tuple[Expression, ...] = ()
    grows: tuple[Figure, Figure] | None = None
    not_for: frozenset[str] = frozenset()
    decimals: int = 8
    of_years: bool = False
    as_long_as: str | None = None
    without: Expression | None = None
    stands_in: StandIn | None = None

    @property
    def inputs(self) -> tuple[Figure, ...]:
        """The figures that it is reckoned of, each once."""
        sides = (self.formula, *self.bases, *(self.grows or ()))
        return tuple(dict.fromkeys(figure for side in sides for figure in side.figures()))

    def under(self, standard: str) -> "Indicator":
        """The same as it is under one accounting standard."""
        formula, *bases = (
            side.under(standard) if isinstance(side, UnderStandards) else side
            for side in (self.formula, *self.bases)
        )
        return replace(self, formula=formula, bases=tuple(bases))

    @property
    def with_value(self) -> tuple[str, ...]:
        """The statuses beside which there is a value."""
        return (OK,) if self.stands_in is None else (OK, self.stands_in.status)

    def compute(self, facts: Facts) -> Computed:
        """Its value for one statement, rounded half away from zero to the decimals of its column."""
        status = self._status(facts)
        if status != OK:
            return Computed(None, status)
        value = self.formula.value(facts)
        if value is None:
            return Computed(None, MISSING)
        # PostgreSQL knows no zero below zero.
        value = EXACT.plus(value.quantize(UNITS[self.decimals], ROUND_HALF_UP, EXACT))
        if abs(value) >= LIMITS[self.decimals]:
            return Computed(None, NOT_COMPARABLE)
        is_replaced = self.stands_in is not None and self.stands_in.of.value(facts) is None
        return Computed(value, self.with_value[-1] if is_replaced else OK)

    def is_of_other_length(self, facts: Facts) -> bool:
        """Whether the period that it is held against was longer or shorter; of none there is nothing to say."""
        now, other = (facts.get(part, {}).get("lasted") for part in (NOW, self.as_long_as or NOW))
        return now is not None and other is not None and now != other

    def _status(self, facts: Facts) -> str:
        if (
            facts[NOW].get("industry_format") in self.not_for
            or (self.of_years and facts[NOW]["basis"] == QTR)
            or (self.without is not None and self.without.value(facts) == 0)
        ):
            return NOT_APPLICABLE
        if self.is_of_other_length(facts):
            return NOT_COMPARABLE
        return _of_growth(self.grows, facts) if self.grows is not None else self._of_bases(facts)

    def _of_bases(self, facts: Facts) -> str:
        bases = [base.value(facts) for base in self.bases]
        if any(base is None for base in bases):
            return MISSING
        return NEGATIVE_BASE if any(base is not None and base <= 0 for base in bases) else OK

    def status_sql(self) -> str:
        """The same as SQL; a formula of something missing is left to whoever looks at its value."""
        branches = " ".join(self._branches_sql())
        return f"CASE {branches} ELSE '{OK}' END" if branches else f"'{OK}'"

    def value_sql(self) -> str:
        """Its value as SQL, whatever the status; it may be beyond what its column holds."""
        return f"round({self.formula.sql()}, {self.decimals})"

    def _branches_sql(self) -> Iterator[str]:
        if self.not_for:
            listed = ", ".join(f"'{one}'" for one in sorted(self.not_for))
            yield f"WHEN {NOW}.industry_format IN ({listed}) THEN '{NOT_APPLICABLE}'"
        if self.of_years:
            yield f"WHEN {NOW}.basis = '{QTR}' THEN '{NOT_APPLICABLE}'"
        if self.without is not None:
            yield f"WHEN {self.without.sql()} = 0 THEN '{NOT_APPLICABLE}'"
        if self.as_long_as is not None:
            yield f"WHEN {NOW}.lasted <> {self.as_long_as}.lasted THEN '{NOT_COMPARABLE}'"
        if self.grows is not None:
            now, before = (figure.sql() for figure in self.grows)
            yield f"WHEN {now} IS NULL OR {before} IS NULL THEN '{MISSING}'"
            yield f"WHEN {before} <= 0 AND {now} > 0 THEN '{TURNED_PROFIT}'"
            yield f"WHEN {before} <= 0 THEN '{NEGATIVE_BASE}'"
            yield f"WHEN {now} < 0 THEN '{TURNED_LOSS}'"
            return
        for base in self.bases:
            yield f"WHEN {base.sql()} IS NULL THEN '{MISSING}'"
        for base in self.bases:
            yield f"WHEN {base.sql()} <= 0 THEN '{NEGATIVE_BASE}'"
        if self.stands_in is not None:
            yield f"WHEN {self.stands_in.of.sql()} IS NULL THEN '{self.stands_in.status}'"


def _of_growth(sides: tuple[Figure, Figure], facts: Facts) -> str:
    """From a loss to a profit, or the other way, there is no rate; neither is there from nothing."""
    now, before = (figure.value(facts) for figure in sides)
    if now is None or before is None:
        return MISSING
    if before <= 0:
        return TURNED_PROFIT if now > 0 else NEGATIVE_BASE
    return TURNED_LOSS if now < 0 else OK
