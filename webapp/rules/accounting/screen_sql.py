"""Which statements may break any of many rules, as SQL: said for little of all, so that rules are reckoned for few.

True wherever one of the rules is broken, and of some statements that keep them all. Of what is missing nothing comes
that is true, so that nothing has to be looked at twice: most figures of most statements are missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from webapp.rules.accounting.amounts import ROUNDING_UNITS
from webapp.rules.accounting.outcome_sql import needed_are_known
from webapp.rules.accounting.rule import AT_MOST, EQUALS, UNIT, Rule, Scope
from webapp.rules.expressions import ACTIONS, NOW, Combined, Days, Expression, Figure, Number, Remainder

# The words of what is equal to nothing, or allows nothing.
OF_NOTHING = (" - {allowed}", " + {allowed}")


class Fraction(NamedTuple):
    """What stands above and below the line."""

    of: Expression
    base: Expression


ONE = Number(Decimal(1))


def may_be_broken(rules: Iterable[Rule]) -> str:
    """A condition. To what rules apply is seen once for all that apply to the same standards and periods.

    One share is taken for one share, where the company has no corporate action at all; where it has, who knows.
    """
    by_scope: dict[Scope, list[Rule]] = {}
    of_shares: list[Rule] = []
    for rule in rules:
        leading = Scope(standards=rule.scope.standards, periods=rule.scope.periods)
        rest = replace(rule.scope, standards=None, periods=None)
        by_scope.setdefault(leading, []).append(replace(_share_for_share(rule), scope=rest))
        if ACTIONS in rule.parts:
            of_shares.append(rule)
    screens = [_where(scope.sql(), _any(alike)) for scope, alike in by_scope.items()]
    if of_shares:
        known = " OR ".join(needed_are_known(rule) for rule in of_shares)
        have_actions = (
            f"{NOW}.company_id IN (SELECT company_id FROM corporate_actions)"  # noqa: S608  # declared
        )
        screens.append(f"CASE WHEN {known} THEN {have_actions} END")
    return " OR ".join(screens)


def _share_for_share(rule: Rule) -> Rule:
    return replace(rule, observed=_of_old_shares(rule.observed), expected=_of_old_shares(rule.expected))


def _of_old_shares(of: Expression) -> Expression:
    """The same where nothing has become of shares: what is multiplied or divided by that stays."""
    if not isinstance(of, Combined):
        return of
    if isinstance(of.right, Figure) and of.right.part == ACTIONS:
        return _of_old_shares(of.left)
    return Combined(_of_old_shares(of.left), of.sign, _of_old_shares(of.right))


def _where(scope: str, broken: str) -> str:
    return f"({broken})" if scope == "true" else f"CASE WHEN {scope} THEN {broken} END"


def _any(rules: Iterable[Rule]) -> str:
    """Of rules that apply to the same standards and periods."""
    of_units: list[Figure] = []
    by_ratio: dict[Fraction, list[Rule]] = {}
    others: list[str] = []
    for rule in rules:
        if isinstance(rule.observed, Remainder):
            of_units.append(rule.observed.of)
        elif (ratio := _ratio(rule)) is not None:
            by_ratio.setdefault(ratio, []).append(rule)
        else:
            others.append(_with_scope(_breach(rule), rule))
    ratios = [_is_not_calm(ratio, alike) for ratio, alike in by_ratio.items()]
    return " OR ".join((*others, *ratios, *([_by_unit(of_units)] if of_units else [])))


def _with_scope(breach: str, rule: Rule) -> str:
    """To whom it applies is asked where it would be broken: what is missing AND something else would be asked both."""
    scope = rule.scope.sql()
    return breach if scope == "true" else f"CASE WHEN {breach} THEN {scope} END"


def _by_unit(figures: Sequence[Figure]) -> str:
    """Whether one of them is no multiple of the unit: rounding to its digits costs less than dividing.

    Amounts are whole: nothing of them lies below one.
    """
    branches = " ".join(
        f"WHEN {unit} THEN {' OR '.join(f'round({one.sql()}, {1 - len(str(unit))}) <> {one.sql()}' for one in figures)}"
        for unit in sorted(ROUNDING_UNITS, reverse=True)
        if unit > 1
    )
    return f"CASE {UNIT.part}.{UNIT.name} {branches} END"


def _ratio(rule: Rule) -> Fraction | None:
    ratio = _fraction(rule.observed)
    return None if rule.relation.calm is None or ratio.base is ONE else ratio


def _fraction(of: Expression) -> Fraction:
    """A quotient as one of products, which divide nothing; everything else is over one."""
    if not (isinstance(of, Combined) and of.sign == "/"):
        return Fraction(of, ONE)
    above, below = _fraction(of.left), _fraction(of.right)
    return Fraction(_times(above.of, below.base), _times(below.of, above.base))


def _times(of: Expression, number: Expression) -> Expression:
    return of if number is ONE else Combined(of, "*", number)


def _is_not_calm(ratio: Fraction, rules: Iterable[Rule]) -> str:
    """Whether a ratio lies where one of its rules may be broken: a product costs a sixth of a quotient.

    What is less than its base is held against the lower bound alone; of a base below zero nothing is certain.
    """
    bounds = [rule.relation.calm for rule in rules if rule.relation.calm is not None]
    low = max((low for low, _high in bounds), key=float)
    high = min((high for _low, high in bounds), key=float)
    figure, whole = ratio.of.sql(), ratio.base.sql()
    return f"NOT CASE WHEN {figure} < {whole} THEN {figure} > {low} * {whole} ELSE {figure} < {high} * {whole} END"


def _breach(rule: Rule) -> str:
    """Whether one rule may be broken where it applies."""
    relation = rule.relation
    if (days := _in_days(rule.observed)) is not None and relation.ranges == (relation.calm,):
        ((low, high),) = relation.ranges
        return f"{days} NOT BETWEEN {low} AND {high}"
    # Products, of a base above zero; of others nothing is certain.
    if relation is AT_MOST and (ratio := _fraction(rule.observed)).base is not ONE:
        base = ratio.base.sql()
        return f"NOT ({base} > 0 AND {ratio.of.sql()} <= {rule.expected.sql()} * {base})"
    if relation is EQUALS and (ratio := _fraction(rule.expected)).base is not ONE:
        base = ratio.base.sql()
        apart = f"abs({rule.observed.sql()} * {base} - {ratio.of.sql()})"
        return f"NOT ({base} > 0 AND {apart} <= {rule.allowed.sql()} * {base})"
    return _differs(rule) if relation is EQUALS else f"NOT ({_holds(rule)})"


def _differs(rule: Rule) -> str:
    """Most sums agree to the last yen: what they may miss by is reckoned for the others.

    What counts as zero when it is missing mostly is, all of it: nothing is added then.
    """
    observed, expected = rule.observed.sql(), rule.expected.sql()
    optional = [one for one in rule.expected.figures() if one.is_zero_when_missing]
    differ = f"{observed} <> {expected}"
    if optional and (few := _without(rule.expected)) is not None:
        known = " AND ".join(f"{one.part}.{one.name} IS NULL" for one in optional)
        differ = f"CASE WHEN {known} THEN {observed} <> {few.sql()} ELSE {differ} END"
    return f"CASE WHEN {observed} IS NULL THEN false WHEN {differ} THEN NOT {_holds(rule)} END"


def _without(of: Expression) -> Expression | None:
    """A sum without what counts as zero when it is missing, or None where it is more than a sum."""
    if isinstance(of, Figure):
        return of
    if not (isinstance(of, Combined) and of.sign in "+-"):
        return None
    left = _without(of.left)
    if left is None or (isinstance(of.right, Figure) and of.right.is_zero_when_missing):
        return left
    return Combined(left, of.sign, of.right) if isinstance(of.right, Figure) else None


def _holds(rule: Rule) -> str:
    sql = rule.relation.sql
    if isinstance(rule.allowed, Number) and rule.allowed.number == 0:
        for words in OF_NOTHING:
            sql = sql.replace(words, "")
    sides = {"observed": rule.observed, "expected": rule.expected, "allowed": rule.allowed}
    return sql.format(**{name: side.sql() for name, side in sides.items()})


def _in_days(of: Expression) -> str | None:
    """As a whole number, where days are counted: those need no numbers of many digits."""
    if isinstance(of, Days):
        return f"({of.last.part}.{of.last.name} - {of.first.part}.{of.first.name})"
    if isinstance(of, Combined) and of.sign in "+-" and isinstance(of.right, Number):
        days = _in_days(of.left)
        return None if days is None else f"({days} {of.sign} {of.right.number:f})"
    return None
