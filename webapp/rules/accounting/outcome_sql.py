"""What a rule comes to on the row called now, as SQL: whether it is broken."""

from collections.abc import Iterator

from webapp.rules.accounting.rule import ARE_EQUAL_YEARS_SQL, Rule
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


def is_broken(rule: Rule) -> str:
    """True, false, or NULL where the rule does not apply: of what is missing, no relation holds or does not."""
    sides = {"observed": rule.observed, "expected": rule.expected, "allowed": rule.allowed}
    conditions = [rule.scope.sql(), needed_are_known(rule)]
    conditions += [ARE_EQUAL_YEARS_SQL] if rule.of_equal_years else []
    conditions += [
        f"{side.sql()} IS NOT NULL"
        for name, side in sides.items()
        if f"{{{name}}}" not in rule.relation.sql and not isinstance(side, Number)
    ]
    relation = rule.relation.sql.format(**{name: side.sql() for name, side in sides.items()})
    return f"CASE WHEN {' AND '.join(conditions)} THEN NOT ({_is_calm(rule)}{relation}) END"


def needed_are_known(rule: Rule) -> str:
    """Most figures of most statements are missing: that is seen before anything is reckoned."""
    needed = dict.fromkeys((*_needed(rule.observed), *_needed(rule.expected)))
    return " AND ".join(f"{side.part}.{side.name} IS NOT NULL" for side in needed) or "true"


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
