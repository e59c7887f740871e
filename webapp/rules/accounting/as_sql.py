"""The rules as SQL over sets: one scan of the statements and their priors gives every outcome."""

from collections.abc import Collection, Iterable, Sequence

from webapp.rules import corporate_action
from webapp.rules.accounting.catalogue import RULES
from webapp.rules.accounting.rule import Rule
from webapp.rules.expressions import ACTIONS, EARLIER, GROUP, NOW, PREVIOUS, PRIOR

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
    # PostgreSQL multiplies no column up; so does this, to more digits than a ratio of shares has.
    return f"coalesce(round(exp(sum(ln(c.ratio_to / c.ratio_from)) FILTER (WHERE {within})), {FACTOR_DIGITS}), 1)"


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
        f" LEFT JOIN LATERAL (SELECT {_factor(BEGAN, ENDED)} AS factor,"  # noqa: S608  # all of it is declared here
        f" {_factor(f'{BEGAN} + {UNTIL_FILED}', FILED)} AS factor_restated, {_factor(ENDED, FILED)} AS factor_later"
        f" FROM corporate_actions c WHERE c.company_id = {NOW}.company_id AND c.ratio_to > 0 AND c.kind IN ({KINDS})"
        f" AND c.ex_on BETWEEN {ENDED} - 450 AND {FILED}) {ACTIONS} ON true"
    ),
}


def is_broken(rule: Rule) -> str:
    """True, false, or NULL where the rule does not apply."""
    sides = {
        "observed": rule.observed.sql(),
        "expected": rule.expected.sql(),
        "allowed": rule.allowed.sql(),
    }
    missing = " AND ".join(f"{side} IS NOT NULL" for side in sides.values())
    return f"CASE WHEN {rule.scope.sql()} AND {missing} THEN NOT ({rule.relation.sql.format(**sides)}) END"


def broken(rules: Iterable[Rule] = RULES, where: str = "true", now: str = STATEMENTS) -> str:
    """A row for every broken rule: statement, company, the one beside, the rule's key, both sides and what was allowed.

    One scan finds which of the rules that need the same rows beside are broken; both sides are reckoned for those
    alone. `where` is a condition on "now", which are the current rows of `now`.
    """
    by_parts: dict[tuple[frozenset[str], str | None], list[Rule]] = {}
    for rule in rules:
        by_parts.setdefault((rule.parts, rule.beside), []).append(rule)
    return " UNION ALL ".join(
        _broken(alike, beside, parts, f"{NOW}.is_current AND {where}", now)
        for (parts, beside), alike in by_parts.items()
    )


def counted(rules: Sequence[Rule]) -> str:
    """One row: how many statements there are, and of each rule how many keep and how many break it, in their order.

    The rules need the same rows beside the statement.
    """
    parts = {part for rule in rules for part in rule.parts}
    if ACTIONS in parts:
        parts = {*parts, PRIOR}
    joins = "".join(JOINS[part] for part in JOINS if part in parts)
    outcomes = ", ".join(f"{is_broken(rule)} AS r{place}" for place, rule in enumerate(rules))
    counts = ", ".join(
        f"count(*) FILTER (WHERE NOT r{place}), count(*) FILTER (WHERE r{place})"
        for place in range(len(rules))
    )
    once = f" ORDER BY {NOW}.id, {PRIOR}.fiscal_year_end_on DESC" if PRIOR in parts else ""
    distinct = f"DISTINCT ON ({NOW}.id) " if once else ""
    return (
        f"SELECT count(*), {counts} FROM (SELECT {distinct}{outcomes} FROM {STATEMENTS} {NOW}{joins}"  # noqa: S608  # declared
        f" WHERE {NOW}.is_current{once}) o"
    )


def _broken(rules: Sequence[Rule], compared: str | None, parts: Collection[str], where: str, now: str) -> str:
    hits = ", ".join(f"CASE WHEN {is_broken(rule)} THEN '{rule.key}' END" for rule in rules)
    sides = ", ".join(f"{_of_hit(rules, name)} AS {name}" for name in ("observed", "expected", "allowed"))
    beside_id = "CAST(NULL AS bigint)" if compared is None else f"{compared}.id"
    if ACTIONS in parts:
        parts = {*parts, PRIOR}  # since whose end they count
    joins = "".join(JOINS[part] for part in JOINS if part in parts)
    # Two statements may be about a year older where the year's end has moved by some days: the later one counts.
    once = f"DISTINCT ON ({NOW}.id, hit.rule_key) " if PRIOR in parts else ""
    order = f" ORDER BY {NOW}.id, hit.rule_key, {PRIOR}.fiscal_year_end_on DESC" if once else ""
    return (
        f"(SELECT {once}{NOW}.id AS statement_id, {NOW}.company_id, {beside_id} AS beside_id, hit.rule_key, {sides}"  # noqa: S608  # all of it is declared
        f" FROM {now} {NOW}{joins} CROSS JOIN LATERAL unnest(ARRAY[{hits}]) AS hit (rule_key)"
        f" WHERE hit.rule_key IS NOT NULL AND {where}{order})"
    )


def _of_hit(rules: Iterable[Rule], side: str) -> str:
    branches = " ".join(f"WHEN '{rule.key}' THEN {getattr(rule, side).sql()}" for rule in rules)
    return f"CASE hit.rule_key {branches} END"
