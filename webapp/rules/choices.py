"""Expressions that choose: by what something comes to, by a day, or by the accounting standard of the statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webapp.label import Label
from webapp.rules.expressions import NOW, Expression, Facts, Figure


@dataclass(frozen=True, slots=True)
class Between(Expression):
    """Something where it lies between two numbers; missing where it does not."""

    of: Expression
    low: Decimal
    high: Decimal

    def value(self, facts: Facts) -> Decimal | None:
        held = self.of.value(facts)
        return held if held is not None and self.low <= held <= self.high else None

    def sql(self) -> str:
        of = self.of.sql()
        return f"(CASE WHEN {of} BETWEEN {self.low} AND {self.high} THEN {of} END)"

    def figures(self) -> Iterator[Figure]:
        return self.of.figures()


@dataclass(frozen=True, slots=True)
class Since(Expression):
    """A number by a day of this period's row: the one since the last of these days; missing before the first."""

    name: str
    label: Label
    numbers: tuple[tuple[date, Decimal], ...]

    def value(self, facts: Facts) -> Decimal | None:
        day = facts[NOW].get(self.name)
        if day is None:
            return None
        return next((number for since, number in reversed(self.numbers) if day >= since), None)

    def sql(self) -> str:
        branches = " ".join(
            f"WHEN {NOW}.{self.name} >= DATE '{since}' THEN {number}"
            for since, number in reversed(self.numbers)
        )
        return f"(CASE {branches} END)"

    def figures(self) -> Iterator[Figure]:
        # A day is no figure.
        return iter(())


@dataclass(frozen=True, slots=True)
class UnderStandards(Expression):
    """One thing under some accounting standards, and another under all others."""

    standards: tuple[str, ...]
    of: Expression
    otherwise: Expression

    def under(self, standard: str | None) -> Expression:
        """What it is under one of them."""
        return self.of if standard in self.standards else self.otherwise

    def value(self, facts: Facts) -> Decimal | None:
        return self.under(facts[NOW].get("accounting_standard")).value(facts)

    def sql(self) -> str:
        listed = ", ".join(f"'{standard}'" for standard in self.standards)
        return (
            f"(CASE WHEN {NOW}.accounting_standard IN ({listed}) THEN {self.of.sql()}"
            f" ELSE {self.otherwise.sql()} END)"
        )

    def figures(self) -> Iterator[Figure]:
        yield from self.of.figures()
        yield from self.otherwise.figures()
