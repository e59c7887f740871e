"""Arithmetic over the figures of rows, said once: reckoned in Python for one row, and as SQL for sets.

Missing is missing: what is reckoned of something missing is missing too, unless it says that missing counts as zero,
and so is what would be divided by zero. Both readings do exactly the same; a property test holds them equal.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

from webapp.rules.division import divide, to_decimals

# Rows by their part: "now" is the statement itself, "prior" the one of the same months a year before.
Facts = Mapping[str, Mapping[str, Any]]
NOW, PRIOR = "now", "prior"
# The one of the same fiscal year up to an earlier day; the fiscal year before, however long it was; the consolidated
# one of the same months; what corporate actions have made of one share since.
EARLIER, PREVIOUS, GROUP, ACTIONS = "earlier", "previous", "of_group", "actions"
# What all shares were worth at the end of the period, where there is no statement of a year before.
MARKET = "market"
# PostgreSQL adds and multiplies without loss; so does this, for figures of 20 digits multiplied twice.
EXACT = Context(prec=90)
# A quotient has at least so many decimals, or PostgreSQL keeps only some sixteen digits that tell.
QUOTIENT = 30
# Roots have no end; as many digits as tell.
ROOTS = Context(prec=40)
EXACTLY = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}
ZERO = Decimal(0)


class Expression(ABC):
    """Something that can be reckoned; made with + - * / of others and of plain numbers."""

    __slots__ = ()

    @abstractmethod
    def value(self, facts: Facts) -> Decimal | None:
        """What it comes to, or None where something that it needs is missing."""

    @abstractmethod
    def sql(self) -> str:
        """The same over rows that are joined under the names of their parts."""

    @abstractmethod
    def figures(self) -> Iterator["Figure"]:
        """The figures that it is reckoned of, in their order."""

    def __add__(self, other: "Expression | int") -> "Expression":
        return Combined(self, "+", _expression(other))

    def __sub__(self, other: "Expression | int") -> "Expression":
        return Combined(self, "-", _expression(other))

    def __mul__(self, other: "Expression | int | Decimal") -> "Expression":
        return Combined(self, "*", _expression(other))

    def __truediv__(self, other: "Expression | int") -> "Expression":
        return Combined(self, "/", _expression(other))


@dataclass(frozen=True, slots=True)
class Figure(Expression):
    """One column of one row."""

    name: str
    part: str = NOW
    is_zero_when_missing: bool = False

    def value(self, facts: Facts) -> Decimal | None:
        row = facts.get(self.part)
        held = None if row is None else row.get(self.name)
        if held is None:
            return ZERO if self.is_zero_when_missing else None
        return Decimal(held)

    def sql(self) -> str:
        # As numeric, or PostgreSQL divides counts without a remainder.
        column = f"{self.part}.{self.name}::numeric"
        return f"coalesce({column}, 0)" if self.is_zero_when_missing else column

    def figures(self) -> Iterator["Figure"]:
        yield self

    @property
    def or_zero(self) -> "Figure":
        """The same, where not disclosed means that there is none."""
        return Figure(self.name, self.part, is_zero_when_missing=True)

    @property
    def prior(self) -> "Figure":
        """The same of the year before."""
        return self.of(PRIOR)

    def of(self, part: str) -> "Figure":
        """The same of another row."""
        return Figure(self.name, part, self.is_zero_when_missing)


@dataclass(frozen=True, slots=True)
class Number(Expression):
    """A plain number."""

    number: Decimal

    def value(self, facts: Facts) -> Decimal | None:  # noqa: ARG002  # as the others do
        return self.number

    def sql(self) -> str:
        return f"({self.number:f})::numeric"

    def figures(self) -> Iterator[Figure]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Combined(Expression):
    """Two expressions and what is done with them."""

    left: Expression
    sign: str
    right: Expression

    def value(self, facts: Facts) -> Decimal | None:
        left = self.left.value(facts)
        right = None if left is None else self.right.value(facts)
        if left is None or right is None:
            return None
        if self.sign == "/":
            return None if right == 0 else divide(to_decimals(left, QUOTIENT), right)
        return EXACTLY[self.sign](left, right)

    def sql(self) -> str:
        if self.sign == "/":
            return f"(({self.left.sql()})::numeric(80, {QUOTIENT}) / nullif({self.right.sql()}, 0))"
        return f"({self.left.sql()} {self.sign} {self.right.sql()})"

    def figures(self) -> Iterator[Figure]:
        yield from self.left.figures()
        yield from self.right.figures()


@dataclass(frozen=True, slots=True)
class Absolute(Expression):
    """How far something is from zero."""

    of: Expression

    def value(self, facts: Facts) -> Decimal | None:
        held = self.of.value(facts)
        return None if held is None else held.copy_abs()

    def sql(self) -> str:
        return f"abs({self.of.sql()})"

    def figures(self) -> Iterator[Figure]:
        return self.of.figures()


@dataclass(frozen=True, slots=True)
class Days(Expression):
    """How many days lie between two: from one day to the next, one."""

    first: Figure
    last: Figure

    def value(self, facts: Facts) -> Decimal | None:
        first, last = (facts.get(day.part, {}).get(day.name) for day in (self.first, self.last))
        return None if first is None or last is None else Decimal((last - first).days)

    def sql(self) -> str:
        return f"({self.last.part}.{self.last.name} - {self.first.part}.{self.first.name})::numeric"

    def figures(self) -> Iterator[Figure]:
        yield from (self.first, self.last)


@dataclass(frozen=True, slots=True)
class Remainder(Expression):
    """What is left of a figure where it is counted in another, with the figure's own sign."""

    of: Figure
    by: Figure

    def value(self, facts: Facts) -> Decimal | None:
        of, by = self.of.value(facts), self.by.value(facts)
        return None if of is None or not by else EXACT.remainder(of, by)

    def sql(self) -> str:
        return f"mod({self.of.sql()}, nullif({self.by.sql()}, 0))"

    def figures(self) -> Iterator[Figure]:
        yield from (self.of, self.by)


@dataclass(frozen=True, slots=True)
class FirstKnown(Expression):
    """The first of two that is not missing."""

    first: Expression
    otherwise: Expression

    def value(self, facts: Facts) -> Decimal | None:
        first = self.first.value(facts)
        return self.otherwise.value(facts) if first is None else first

    def sql(self) -> str:
        return f"coalesce({self.first.sql()}, {self.otherwise.sql()})"

    def figures(self) -> Iterator[Figure]:
        yield from self.first.figures()
        yield from self.otherwise.figures()


@dataclass(frozen=True, slots=True)
class OfKnown(Expression):
    """The sum of those figures that are disclosed; missing where none is."""

    terms: tuple[Figure, ...]

    def value(self, facts: Facts) -> Decimal | None:
        known = [value for term in self.terms if (value := term.value(facts)) is not None]
        return sum(known, Decimal(0)) if known else None

    def sql(self) -> str:
        known = " AND ".join(f"{term.sql()} IS NULL" for term in self.terms)
        total = " + ".join(term.or_zero.sql() for term in self.terms)
        return f"(CASE WHEN NOT ({known}) THEN {total} END)"

    def figures(self) -> Iterator[Figure]:
        return iter(self.terms)


@dataclass(frozen=True, slots=True)
class YearlyGrowth(Expression):
    """By how much a ratio of an end to a start has grown in each of so many years: 年平均成長率."""

    of: Expression
    years: int

    def value(self, facts: Facts) -> Decimal | None:
        ratio = self.of.value(facts)
        if ratio is None or (of := to_decimals(ratio, QUOTIENT)) <= 0:
            return None
        near = Decimal(repr(float(of) ** (1 / self.years)))
        others = ROOTS.divide(of, ROOTS.power(near, self.years - 1))
        root = ROOTS.divide(
            ROOTS.add(ROOTS.multiply(Decimal(self.years - 1), near), others), Decimal(self.years)
        )
        return ROOTS.subtract(root, Decimal(1))

    def sql(self) -> str:
        # An exact number's root is taken by logarithms, here as there, a hundred times as slow. A float's root has
        # fifteen digits that tell; one step of Newton's makes thirty of them.
        near = f"power(of::float8, 1.0::float8 / {self.years})::numeric"
        step = f"({self.years - 1} * near + of / power(near, {self.years - 1})) / {self.years}"
        return (
            f"(SELECT {step} - 1 FROM (SELECT of, {near} AS near FROM (SELECT"  # noqa: S608  # all of it is declared
            f" ({self.of.sql()})::numeric(80, {QUOTIENT}) AS of OFFSET 0) r WHERE of > 0 OFFSET 0) r)"
        )

    def figures(self) -> Iterator[Figure]:
        return self.of.figures()


def average(figure: Figure) -> Expression:
    """Of the opening and the closing balance: 期首・期末平均. Missing where either is."""
    return (figure + figure.prior) / 2


def _expression(given: Expression | int | Decimal) -> Expression:
    return given if isinstance(given, Expression) else Number(Decimal(given))
