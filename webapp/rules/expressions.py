"""Arithmetic over the figures of rows, said once: reckoned in Python for one row, and as SQL for sets.

Missing is missing: what is reckoned of something missing is missing too, unless it says that missing counts as zero,
and so is what would be divided by zero. Both readings do exactly the same; a property test holds them equal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

# Rows by their part: "now" is the statement itself, "prior" the one of the same months a year before.
Facts = Mapping[str, Mapping[str, Any]]
NOW, PRIOR = "now", "prior"
# PostgreSQL adds and multiplies without loss; so does this, for figures of 20 digits multiplied twice.
EXACT = Context(prec=120)


class Expression:
    """Something that can be reckoned; made with + - * / of others and of plain numbers."""

    __slots__ = ()

    def value(self, facts: Facts) -> Decimal | None:
        """What it comes to, or None where something that it needs is missing."""
        raise NotImplementedError

    def sql(self) -> str:
        """The same over rows that are joined under the names of their parts."""
        raise NotImplementedError

    def figures(self) -> Iterator["Figure"]:
        """The figures that it is reckoned of, in their order."""
        raise NotImplementedError

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
        held = facts.get(self.part, {}).get(self.name)
        if held is None:
            return Decimal(0) if self.is_zero_when_missing else None
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
        return Figure(self.name, PRIOR, self.is_zero_when_missing)


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
        left, right = self.left.value(facts), self.right.value(facts)
        if left is None or right is None:
            return None
        if self.sign == "/":
            return None if right == 0 else EXACT.divide(left, right)
        return {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}[self.sign](left, right)

    def sql(self) -> str:
        if self.sign == "/":
            # To thirty decimals, or PostgreSQL keeps only some sixteen digits that tell.
            return f"(({self.left.sql()})::numeric(80, 30) / nullif({self.right.sql()}, 0))"
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


def average(figure: Figure) -> Expression:
    """Of the opening and the closing balance: 期首・期末平均. Missing where either is."""
    return (figure + figure.prior) / 2


def _expression(given: Expression | int | Decimal) -> Expression:
    return given if isinstance(given, Expression) else Number(Decimal(given))
