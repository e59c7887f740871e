"""Every rule of accounting, in the order in which people read them, and what is found with them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from webapp.rules.accounting.comparisons import COMPARISONS
from webapp.rules.accounting.identities import IDENTITIES
from webapp.rules.accounting.magnitudes import BESIDE_GROUP, BESIDE_MARKET, MAGNITUDES, SHARES
from webapp.rules.accounting.periods import PERIODS
from webapp.rules.accounting.profits import PROFITS
from webapp.rules.accounting.rule import BLOCKS, SCOPED_BY, Outcome, Rule, came_to, in_scope
from webapp.rules.expressions import EXACT, MARKET, NOW, PRIOR, Combined, Expression, Facts, Figure
from webapp.rules.findings import Finding

RULES: tuple[Rule, ...] = (
    *IDENTITIES,
    *COMPARISONS,
    *PROFITS,
    *BESIDE_GROUP,
    *BESIDE_MARKET,
    *SHARES,
    *PERIODS,
    *MAGNITUDES,
)
BY_KEY: Mapping[str, Rule] = {rule.key: rule for rule in RULES}
# What people call a rule: one of each id, the first.
BY_ID: Mapping[str, Rule] = dict(reversed({rule.id: rule for rule in reversed(RULES)}.items()))
# Those that need a row beside the statement.
COMPARING = tuple(rule for rule in RULES if rule.parts)


def check(facts: Facts, rules: tuple[Rule, ...] = RULES) -> Iterator[Finding]:
    """What is found on one statement, and, where rows beside it are known, beside those."""
    row = facts[NOW]
    for rule in in_scope(rules, tuple(row.get(name) for name in SCOPED_BY)):
        outcome = came_to(rule, facts)
        if outcome is not None and not outcome.is_kept:
            yield finding(outcome, facts)


def finding(came_to: Outcome, facts: Facts) -> Finding:
    """A broken rule as people are told of it: both sides, their difference and what was allowed, unrounded."""
    rule, row = came_to.rule, facts[NOW]
    params = {
        "total": rule.field,
        "parts": " ".join(parts(rule.expected)),
        "observed": came_to.observed,
        "expected": came_to.expected,
        "difference": EXACT.subtract(came_to.observed, came_to.expected).copy_abs(),
        "allowed": came_to.allowed,
        "counted_in": rule.unit,
        **_figures(rule, facts),
        "unit": row.get("rounding_unit") or 1,
        "currency": row.get("currency") or "JPY",
        "standard": row.get("accounting_standard"),
        "scope": row.get("scope"),
        "industry_format": row.get("industry_format"),
        "period_type": row.get("period_type"),
        "period_end_on": row.get("period_end_on"),
    }
    known = {name: value for name, value in params.items() if value is not None and value != ""}
    return Finding(rule.field, rule.message, known, is_blocking=False, rule=rule.id)


def _figures(rule: Rule, facts: Facts) -> dict[str, Any]:
    """The figure that a rule is about, and that beside it; of a day there is nothing to tell but days."""
    if rule.figures_in == "days":
        return {}
    before = facts.get(rule.beside or "", {}).get(rule.field)
    return {"figure": facts[NOW].get(rule.field), "before": before, "figures_in": rule.figures_in}


def refuses(finding: Finding, fields: Collection[str]) -> bool:
    """Whether these fields may not be typed as they are: their rule is a grave one, and is about one of them.

    What a filing states is stored as filed, and so is what stood there before somebody typed something else.
    """
    rule = BY_KEY.get(f"{finding.rule}.{finding.field}")
    return (
        rule is not None
        and rule.severity == BLOCKS
        and any(figure.part == NOW and figure.name in fields for figure in rule.figures())
    )


def parts(expression: Expression, sign: str = "+") -> Iterator[str]:
    """The terms of a sum in their order, each with its sign: +total_liabilities, -cost_of_revenue."""
    if isinstance(expression, Figure) and expression.part == MARKET:
        return
    if isinstance(expression, Figure):
        yield f"{sign}{expression.name}" + ("@prior" if expression.part == PRIOR else "")
    elif isinstance(expression, Combined) and expression.sign in "+-":
        yield from parts(expression.left, sign)
        yield from parts(expression.right, sign if expression.sign == "+" else _turned(sign))


def _turned(sign: str) -> str:
    return "-" if sign == "+" else "+"


def check_row(row: Mapping[str, Any]) -> Iterator[Finding]:
    """What is found on a statement by itself."""
    return check({NOW: row})
