"""What a rule comes to on the row called now, as SQL: whether it is broken, and whether any of many is."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from webapp.rules.accounting.amounts import ROUNDING_UNITS
from webapp.rules.accounting.rule import EVERYWHERE, UNIT, Rule, Scope
from webapp.rules.expressions import (
    ACTIONS,
    Absolute,
    Combined,
    Days,
    Expression,
    Figure,
    Number,
    Remainder,
)

# Of these nothing comes where a figure is missing.
PLAIN = (Figure, Combined, Absolute, Days, Remainder)
UNIT_COLUMN = f"{UNIT.part}.{UNIT.name}"


def is_broken(rule: Rule) -> str:
    """True, false, or NULL where the rule does not apply: of what is missing, no relation holds or does not."""
    sides = {"observed": rule.observed, "expected": rule.expected, "allowed": rule.allowed}
    conditions = [rule.scope.sql()]
    # Most figures of most statements are missing: that is seen before anything is reckoned.
    conditions += [
        f"{side.part}.{side.name} IS NOT NULL"
        for side in dict.fromkeys((*_needed(rule.observed), *_needed(rule.expected)))
    ]
    conditions += [
        f"{side.sql()} IS NOT NULL"
        for name, side in sides.items()
        if f"{{{name}}}" not in rule.relation.sql and not isinstance(side, Number)
    ]
    relation = rule.relation.sql.format(**{name: side.sql() for name, side in sides.items()})
    return f"CASE WHEN {' AND '.join(conditions)} THEN NOT ({_is_calm(rule)}{relation}) END"


def _needed(of: Expression) -> Iterator[Figure]:
    """The figures without which nothing comes of it; what became of shares is always known."""
    if isinstance(of, PLAIN):
        yield from (one for one in of.figures() if not one.is_zero_when_missing and one.part != ACTIONS)


def _is_calm(rule: Rule) -> str:
    """Whether a ratio of two figures keeps its rule for certain: a product costs a sixth of a quotient.

    What is less than its base is held against the lower bound alone; of a base below zero nothing is certain.
    """
    of, calm = rule.observed, rule.relation.calm
    if calm is None or not (isinstance(of, Combined) and of.sign == "/"):
        return ""
    if not (isinstance(of.left, Figure) and isinstance(of.right, Figure)):
        return ""
    figure, base, (low, high) = of.left.sql(), of.right.sql(), calm
    return (
        f"CASE WHEN {figure} < {base} THEN {figure} > {low} * {base} ELSE {figure} < {high} * {base} END OR "
    )


def any_is_broken(rules: Iterable[Rule]) -> str:
    """True where one of them is broken. To what rules apply is seen once for all that apply to the same statements."""
    by_scope: dict[Scope, list[Rule]] = {}
    for rule in rules:
        by_scope.setdefault(rule.scope, []).append(replace(rule, scope=EVERYWHERE))
    return " OR ".join(f"CASE WHEN {scope.sql()} THEN {_any(alike)} END" for scope, alike in by_scope.items())


def _any(rules: Iterable[Rule]) -> str:
    """Of rules that apply to every statement."""
    by_kind: dict[bool, list[str]] = {False: [], True: []}
    for rule in rules:
        by_kind[isinstance(rule.observed, Remainder)].append(is_broken(rule))
    in_units = " OR ".join(by_kind[True])
    return " OR ".join([*by_kind[False], *([_by_unit(in_units)] if in_units else [])])


def _by_unit(condition: str) -> str:
    """For each unit that there is, a condition that reads it: a number that is known is not read each time."""
    is_known = condition.replace(f"{UNIT_COLUMN} IS NOT NULL", "true")
    branches = " ".join(
        f"WHEN {unit} THEN {is_known.replace(UNIT.sql(), f'{unit}::numeric')}" for unit in ROUNDING_UNITS
    )
    return f"CASE {UNIT_COLUMN} {branches} ELSE {condition} END"
