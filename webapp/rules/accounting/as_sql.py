"""The rules as SQL over sets: one scan of the statements and their priors gives every outcome."""

from collections.abc import Iterable, Sequence

from webapp.rules import corporate_action
from webapp.rules.accounting.catalogue import RULES
from webapp.rules.accounting.outcome_sql import is_broken
from webapp.rules.accounting.rule import Rule
from webapp.rules.accounting.screen_sql import may_be_broken
from webapp.rules.expressions import ACTIONS, EARLIER, GROUP, NOW, PREVIOUS, PRIOR

EVERYWHERE = "true"
STATEMENTS = "financial_statements"
# The same company, months, scope and standard; what is not current is of another day of knowledge.
IDENTITY = ("company_id", "period_type", "scope", "accounting_standard")
KINDS = ", ".join(f"'{kind}'" for kind in sorted(corporate_action.OF_EVERY_SHARE))
# An annual report restates what is per share for splits until it is filed, three months after the year's end
# (金融商品取引法 第24条; 企業会計基準第2号 第30-3項).
UNTIL_FILED, UNTIL_SETTLED, FACTOR_DIGITS = 90, 4, 9


def _year_before(least: int, most: int) -> str:
    """The join of the current statement of the same identity that ended so many days before, if there is one."""
    same = " AND ".join(f"{PRIOR}.{name} = {NOW}.{name}" for name in IDENTITY)
    days = f"{NOW}.fiscal_year_end_on - {most} AND {NOW}.fiscal_year_end_on - {least}"
    return (
        f" LEFT JOIN financial_statements {PRIOR} ON {PRIOR}.is_current AND {same}"
        f" AND {PRIOR}.fiscal_year_end_on BETWEEN {days}"
    )


def _same(part: str, *names: str) -> str:
    same = (f"{part}.{name} = {NOW}.{name}" for name in ("company_id", *names))
    return f"{part}.is_current AND {part}.id IS DISTINCT FROM {NOW}.id AND {' AND '.join(same)}"


def _one_beside(part: str, *conditions: str, order: str) -> str:
    return (
        f" LEFT JOIN LATERAL (SELECT {part}.* FROM financial_statements {part}"  # noqa: S608  # declared here
        f" WHERE {' AND '.join(conditions)} ORDER BY {order}, {part}.id LIMIT 1) {part} ON true"
    )


def _any_beside(part: str, *conditions: str) -> str:
    return f"EXISTS (SELECT FROM {STATEMENTS} {part} WHERE {' AND '.join(conditions)})"


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


def _restated_until(part: str) -> str:
    """Until when the statement's per-share figures follow splits: a later report gives them anew, of its own day."""
    is_of_later_report = f"{part}.based_on_id IS NOT NULL AND {part}.revision_type NOT IN ('COR', 'STEWARD')"
    filed_on = f"{part}.fiscal_year_end_on + {UNTIL_FILED}"
    return (
        f"CASE WHEN {is_of_later_report} THEN greatest({part}.announced_on, {filed_on}) ELSE {filed_on} END"
    )


BEGAN, ENDED = f"{PRIOR}.fiscal_year_end_on", f"{NOW}.fiscal_year_end_on"
FILED = _restated_until(NOW)
# Days: the year before ends a year before; a year cut short or drawn out is no measure of growth.
ONE_YEAR = 350, 380
# Each part that a statement may have beside it, once: what it is joined by, in an order in which each finds the others.
# Where a company changes its standard, two statements of a group are of the same months.
JOINS = {
    PRIOR: _year_before(*ONE_YEAR),
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
        f" {_factor(_restated_until(PRIOR), FILED)} AS factor_restated, {_factor(ENDED, FILED)} AS factor_later"
        f") {ACTIONS}"
    ),
}
# Of all statements those that have such a row beside them, all at once by what it must be by itself: an earlier period
# ends before its year does.
HAVE_BESIDE = {
    EARLIER: _any_beside(
        EARLIER,
        _same(EARLIER, "fiscal_year_end_on", "scope", "accounting_standard"),
        f"{EARLIER}.period_end_on < {EARLIER}.fiscal_year_end_on",
    ),
    GROUP: _any_beside(
        GROUP,
        _same(GROUP, "fiscal_year_end_on", "period_type"),
        f"{NOW}.scope = 'non_consolidated'",
        f"{GROUP}.scope = 'consolidated'",
    ),
}
# The rows of other years, and the same where statements come as `_in_years` gives them.
YEARS = frozenset({PRIOR, PREVIOUS, ACTIONS})
IN_YEARS = JOINS | {
    PRIOR: f" LEFT JOIN {STATEMENTS} {PRIOR} ON {PRIOR}.id = {NOW}.prior_id",
    PREVIOUS: (
        f" CROSS JOIN LATERAL (SELECT {NOW}.previous_id AS id, {NOW}.previous_end_on AS fiscal_year_end_on)"
        f" {PREVIOUS}"
    ),
}


def broken(rules: Iterable[Rule] = RULES, where: str = EVERYWHERE) -> str:
    """A row for every broken rule: statement, company, the one beside, the rule's key, both sides and what was allowed.

    One scan finds which of the rules that need the same rows beside are broken; both sides are reckoned for those
    alone. `where` is a condition on the companies of "now", which are the current statements.
    """
    return " UNION ALL ".join(_broken(alike, where) for alike in by_parts(rules))


def by_parts(rules: Iterable[Rule]) -> Sequence[Sequence[Rule]]:
    """Rules that need the same rows beside the statement go together, and so do all that need other years."""
    groups: dict[frozenset[str], list[Rule]] = {}
    for rule in rules:
        groups.setdefault(rule.parts | YEARS if rule.parts & YEARS else rule.parts, []).append(rule)
    return list(groups.values())


def counted(rules: Sequence[Rule]) -> str:
    """One row: how many statements there are, and of each rule how many keep and how many break it, in their order.

    The rules are of one group of `by_parts`.
    """
    outcomes = ", ".join(f"{is_broken(rule)} AS r{place}" for place, rule in enumerate(rules))
    counts = ", ".join(
        f"count(*) FILTER (WHERE NOT r{place}), count(*) FILTER (WHERE r{place})"
        for place in range(len(rules))
    )
    return f"SELECT count(*), {counts} FROM (SELECT {outcomes} FROM {_looked_at(rules, EVERYWHERE)}) o"  # noqa: S608  # declared


def _broken(rules: Sequence[Rule], where: str) -> str:
    hits = ", ".join(f"CASE WHEN {is_broken(rule)} THEN '{rule.key}' END" for rule in rules)
    sides = ", ".join(f"{_of_hit(rules, name)} AS {name}" for name in ("observed", "expected", "allowed"))
    compared = " ".join(
        f"WHEN '{rule.key}' THEN {rule.beside}.id" for rule in rules if rule.beside is not None
    )
    beside_id = f"CASE hit.rule_key {compared} END" if compared else "CAST(NULL AS bigint)"
    # Of all statements few break any rule: those are found first. Of few, that takes longer to plan than it saves.
    is_wide = where == EVERYWHERE
    screened = f"({may_be_broken(rules)}) AND " if is_wide else ""
    return (
        f"(SELECT {NOW}.id AS statement_id, {NOW}.company_id, {beside_id} AS beside_id, hit.rule_key, {sides}"  # noqa: S608  # all of it is declared
        f" FROM {_looked_at(rules, where, having=is_wide)} CROSS JOIN LATERAL unnest(ARRAY[{hits}])"
        f" AS hit (rule_key) WHERE {screened}hit.rule_key IS NOT NULL)"
    )


def _looked_at(rules: Iterable[Rule], where: str, *, having: bool = False) -> str:
    """The current statements beside what these rules need, without those that have no such row if so asked."""
    parts = frozenset(part for rule in rules for part in rule.parts)
    if parts & YEARS:
        # What became of shares counts since the year before.
        needed = parts | {PRIOR}
        return _in_years(where) + "".join(join for part, join in IN_YEARS.items() if part in needed)
    conditions = [HAVE_BESIDE[part] for part in HAVE_BESIDE if having and part in parts]
    # They are found before anything is looked for beside each of them: OFFSET 0 is what PostgreSQL is told so by.
    first = " OFFSET 0" if conditions else ""
    condition = " AND ".join((f"{NOW}.is_current", where, *conditions))
    joins = "".join(join for part, join in JOINS.items() if part in parts)
    return f"(SELECT {NOW}.* FROM {STATEMENTS} {NOW} WHERE {condition}{first}) {NOW}{joins}"  # noqa: S608  # declared here


def _in_years(where: str) -> str:
    """The statements, each with the year before and with the one before it: in order at once, not each by itself.

    Two may be about a year older where the year's end has moved by some days: the later one counts.
    """
    least, most = ONE_YEAR
    before = f"RANGE BETWEEN interval '{most} days' PRECEDING AND interval '{least} days' PRECEDING"
    return (
        f"(SELECT {NOW}.*, last_value({NOW}.id) OVER (years {before}) AS prior_id,"  # noqa: S608  # all of it is declared here
        f" lag({NOW}.id) OVER years AS previous_id, lag({NOW}.fiscal_year_end_on) OVER years AS previous_end_on"
        f" FROM {STATEMENTS} {NOW} WHERE {NOW}.is_current AND {where}"
        f" WINDOW years AS (PARTITION BY {', '.join(f'{NOW}.{name}' for name in IDENTITY)}"
        f" ORDER BY {NOW}.fiscal_year_end_on)) {NOW}"
    )


def _of_hit(rules: Iterable[Rule], side: str) -> str:
    branches = " ".join(f"WHEN '{rule.key}' THEN {getattr(rule, side).sql()}" for rule in rules)
    return f"CASE hit.rule_key {branches} END"
