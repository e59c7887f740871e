"""The rules as SQL over sets: one scan of the statements and their priors gives every outcome."""

from collections.abc import Iterable, Iterator, Sequence

from webapp.rules import corporate_action
from webapp.rules.accounting.catalogue import RULES
from webapp.rules.accounting.rule import Rule
from webapp.rules.expressions import (
    ACTIONS,
    EARLIER,
    GROUP,
    NOW,
    PREVIOUS,
    PRIOR,
    Absolute,
    Combined,
    Days,
    Expression,
    Figure,
    Number,
    Remainder,
)

EVERYWHERE = "true"
# The same company, months, scope and standard; what is not current is of another day of knowledge.
IDENTITY = ("company_id", "period_type", "scope", "accounting_standard")
KINDS = ", ".join(f"'{kind}'" for kind in sorted(corporate_action.OF_EVERY_SHARE))
# An annual report restates what is per share for splits until it is filed, three months after the year's end
# (金融商品取引法 第24条; 企業会計基準第2号 第30-3項).
UNTIL_FILED, UNTIL_SETTLED, FACTOR_DIGITS = 90, 4, 9


def beside(part: str, least: int, most: int) -> str:
    """The join of the current statement of the same identity that ended so many days before "now", if there is one."""
    same = " AND ".join(f"{part}.{name} = {NOW}.{name}" for name in IDENTITY)
    days = f"{NOW}.fiscal_year_end_on - {most} AND {NOW}.fiscal_year_end_on - {least}"
    return (
        f" LEFT JOIN financial_statements {part} ON {part}.is_current AND {same}"
        f" AND {part}.fiscal_year_end_on BETWEEN {days}"
    )


def _same(part: str, *names: str) -> str:
    same = (f"{part}.{name} = {NOW}.{name}" for name in ("company_id", *names))
    return f"{part}.is_current AND {part}.id IS DISTINCT FROM {NOW}.id AND {' AND '.join(same)}"


def _one_beside(part: str, *conditions: str, order: str) -> str:
    return (
        f" LEFT JOIN LATERAL (SELECT {part}.* FROM financial_statements {part}"  # noqa: S608  # declared here
        f" WHERE {' AND '.join(conditions)} ORDER BY {order}, {part}.id LIMIT 1) {part} ON true"
    )


def _factor(since: str, until: str) -> str:
    """What has become of one share between two days.

    Of an action of which only the ex-date is known, the shares follow when what was traded before is settled.
    """
    takes_effect = f"coalesce(c.effective_on, c.ex_on + {UNTIL_SETTLED})"
    within = f"{takes_effect} > {since} AND {takes_effect} <= {until}"
    # PostgreSQL multiplies no column up; so does this, to more digits than a ratio of shares has. As a query of its own
    # it is asked only where a rule comes to it.
    return (
        f"coalesce((SELECT round(exp(sum(ln(c.ratio_to / c.ratio_from))), {FACTOR_DIGITS}) FROM corporate_actions c"  # noqa: S608  # all of it is declared here
        f" WHERE c.company_id = {NOW}.company_id AND c.ratio_to > 0 AND c.kind IN ({KINDS}) AND {within}), 1)"
    )


# Of these nothing comes where a figure is missing.
PLAIN = (Figure, Combined, Absolute, Days, Remainder)
STATEMENTS = "financial_statements"
BEGAN, ENDED = f"{PRIOR}.fiscal_year_end_on", f"{NOW}.fiscal_year_end_on"
FILED = f"{ENDED} + {UNTIL_FILED}"
# The year before ends a year before; a year cut short or drawn out is no measure of growth.
BESIDE_PRIOR = beside(PRIOR, 350, 380)
# Each part that a statement may have beside it, once: what it is joined by, in an order in which each finds the others.
# Where a company changes its standard, two statements of a group are of the same months.
JOINS = {
    PRIOR: BESIDE_PRIOR,
    EARLIER: _one_beside(
        EARLIER,
        _same(EARLIER, "fiscal_year_end_on", "scope", "accounting_standard"),
        f"{EARLIER}.period_end_on < {NOW}.period_end_on",
        order=f"{EARLIER}.period_end_on DESC",
    ),
    PREVIOUS: _one_beside(
        PREVIOUS,
        _same(PREVIOUS, "period_type", "scope", "accounting_standard"),
        f"{NOW}.period_type = 'FY'",
        f"{PREVIOUS}.fiscal_year_end_on < {NOW}.fiscal_year_end_on",
        order=f"{PREVIOUS}.fiscal_year_end_on DESC",
    ),
    GROUP: _one_beside(
        GROUP,
        _same(GROUP, "fiscal_year_end_on", "period_type"),
        f"{NOW}.scope = 'non_consolidated'",
        f"{GROUP}.scope = 'consolidated'",
        order=f"({GROUP}.accounting_standard = {NOW}.accounting_standard) DESC, {GROUP}.accounting_standard",
    ),
    ACTIONS: (
        f" CROSS JOIN LATERAL (SELECT {_factor(BEGAN, ENDED)} AS factor,"
        f" {_factor(f'{BEGAN} + {UNTIL_FILED}', FILED)} AS factor_restated, {_factor(ENDED, FILED)} AS factor_later"
        f") {ACTIONS}"
    ),
}
# Where statements come as `_after_previous` gives them.
BESIDE_PREVIOUS = (
    f" CROSS JOIN LATERAL (SELECT {NOW}.previous_id AS id, {NOW}.previous_end_on AS fiscal_year_end_on)"
    f" {PREVIOUS}"
)


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
    """Whether a ratio of two figures keeps its rule for certain: two products cost a third of a quotient."""
    of, calm = rule.observed, rule.relation.calm
    if calm is None or not (isinstance(of, Combined) and of.sign == "/"):
        return ""
    if not (isinstance(of.left, Figure) and isinstance(of.right, Figure)):
        return ""
    low, high = (
        f"{of.left.sql()} {sign} {bound} * {of.right.sql()}" for sign, bound in zip("><", calm, strict=True)
    )
    return f"{low} AND {high} OR "


def broken(rules: Iterable[Rule] = RULES, where: str = EVERYWHERE) -> str:
    """A row for every broken rule: statement, company, the one beside, the rule's key, both sides and what was allowed.

    One scan finds which of the rules that need the same rows beside are broken; both sides are reckoned for those
    alone. `where` is a condition on the companies of "now", which are the current statements.
    """
    by_joins: dict[str, list[Rule]] = {}
    for rule in rules:
        by_joins.setdefault(_joins(rule.parts), []).append(rule)
    return " UNION ALL ".join(_broken(alike, joins, where) for joins, alike in by_joins.items())


def counted(rules: Sequence[Rule]) -> str:
    """One row: how many statements there are, and of each rule how many keep and how many break it, in their order.

    The rules need the same rows beside the statement.
    """
    joins = _joins(frozenset(part for rule in rules for part in rule.parts))
    outcomes = ", ".join(f"{is_broken(rule)} AS r{place}" for place, rule in enumerate(rules))
    counts = ", ".join(
        f"count(*) FILTER (WHERE NOT r{place}), count(*) FILTER (WHERE r{place})"
        for place in range(len(rules))
    )
    once = f" ORDER BY {NOW}.id, {PRIOR}.fiscal_year_end_on DESC" if JOINS[PRIOR] in joins else ""
    distinct = f"DISTINCT ON ({NOW}.id) " if once else ""
    return (
        f"SELECT count(*), {counts} FROM (SELECT {distinct}{outcomes} FROM {STATEMENTS} {NOW}{joins}"  # noqa: S608  # declared
        f" WHERE {NOW}.is_current{once}) o"
    )


def _joins(parts: frozenset[str]) -> str:
    """What rules are joined by that need these parts: what became of shares counts since the year before."""
    of_year_before = {PRIOR, ACTIONS}
    needed = parts | of_year_before if parts & of_year_before else parts
    return "".join(JOINS[part] for part in JOINS if part in needed)


def _broken(rules: Sequence[Rule], joins: str, where: str) -> str:
    if joins == JOINS[PREVIOUS]:
        now, joins = _after_previous(where), BESIDE_PREVIOUS
    else:
        now = STATEMENTS
    hits = ", ".join(f"CASE WHEN {is_broken(rule)} THEN '{rule.key}' END" for rule in rules)
    sides = ", ".join(f"{_of_hit(rules, name)} AS {name}" for name in ("observed", "expected", "allowed"))
    compared = " ".join(
        f"WHEN '{rule.key}' THEN {rule.beside}.id" for rule in rules if rule.beside is not None
    )
    beside_id = f"CASE hit.rule_key {compared} END" if compared else "CAST(NULL AS bigint)"
    # Of all statements few break any rule: those are found first. Of few, that takes longer to plan than it saves.
    screened = f" AND ({' OR '.join(map(is_broken, rules))})" if where == EVERYWHERE else ""
    found = (
        f"SELECT {NOW}.id AS statement_id, {NOW}.company_id, {beside_id} AS beside_id, hit.rule_key, {sides}"  # noqa: S608  # all of it is declared
        f" FROM {now} {NOW}{joins} CROSS JOIN LATERAL unnest(ARRAY[{hits}]) AS hit (rule_key)"
        f" WHERE {NOW}.is_current AND {where}{screened} AND hit.rule_key IS NOT NULL"
    )
    if JOINS[PRIOR] not in joins:
        return f"({found})"
    # Two statements may be about a year older where the year's end has moved by some days: one of them counts. Put in
    # order are the few rows that are found, and not all that are looked at.
    return (
        f"(WITH found AS MATERIALIZED ({found}) SELECT DISTINCT ON (statement_id, rule_key) * FROM found"  # noqa: S608  # see above
        " ORDER BY statement_id, rule_key, beside_id DESC)"
    )


def _after_previous(where: str) -> str:
    """Fiscal years, each with the end of the one before: in order at once, and not each looked for by itself."""
    return (
        f"(SELECT {NOW}.*, lag({NOW}.id) OVER years AS previous_id,"  # noqa: S608  # all of it is declared here
        f" lag({NOW}.fiscal_year_end_on) OVER years AS previous_end_on FROM {STATEMENTS} {NOW}"
        f" WHERE {NOW}.is_current AND {where} AND {NOW}.period_type = 'FY' WINDOW years AS (PARTITION BY"
        f" {', '.join(f'{NOW}.{name}' for name in IDENTITY)} ORDER BY {NOW}.fiscal_year_end_on))"
    )


def _of_hit(rules: Iterable[Rule], side: str) -> str:
    branches = " ".join(f"WHEN '{rule.key}' THEN {getattr(rule, side).sql()}" for rule in rules)
    return f"CASE hit.rule_key {branches} END"
