"""The rules as SQL over sets: what is broken, and how many keep and break each."""

from collections.abc import Iterable, Sequence

from webapp.rules.accounting import everywhere_sql
from webapp.rules.accounting.beside_sql import IN_YEARS, JOINS, STATEMENTS, YEARS, in_years
from webapp.rules.accounting.catalogue import RULES
from webapp.rules.accounting.outcome_sql import is_broken
from webapp.rules.accounting.rule import Rule
from webapp.rules.expressions import NOW, PRIOR

EVERYWHERE = "true"


def broken(rules: Iterable[Rule] = RULES, where: str = EVERYWHERE) -> str:
    """A row for every broken rule: statement, company, the one beside, the rule's key, both sides and what was allowed.

    `where` is a condition on the companies of "now", which are the current statements. Of all statements few break
    any rule: those are found first. Of few, that takes longer to plan than it saves.
    """
    if where == EVERYWHERE:
        parts = [_broken(*source) for source in everywhere_sql.sources(tuple(rules))]
    else:
        parts = [_broken(alike, _looked_at(alike, where)) for alike in by_parts(rules)]
    return " UNION ALL ".join(parts)


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


def _broken(rules: Sequence[Rule], rows: str, screen: str = "true", counts: str = "true") -> str:
    hits = ", ".join(f"CASE WHEN {is_broken(rule)} THEN '{rule.key}' END" for rule in rules)
    sides = ", ".join(f"{_of_hit(rules, name)} AS {name}" for name in ("observed", "expected", "allowed"))
    compared = " ".join(
        f"WHEN '{rule.key}' THEN {rule.beside}.id" for rule in rules if rule.beside is not None
    )
    beside_id = f"CASE hit.rule_key {compared} END" if compared else "CAST(NULL AS bigint)"
    return (
        f"(SELECT {NOW}.id AS statement_id, {NOW}.company_id, {beside_id} AS beside_id, hit.rule_key, {sides}"  # noqa: S608  # all of it is declared
        f" FROM {rows} CROSS JOIN LATERAL unnest(ARRAY[{hits}])"
        f" AS hit (rule_key) WHERE {screen} AND CASE WHEN hit.rule_key IS NOT NULL THEN {counts} END)"
    )


def _looked_at(rules: Iterable[Rule], where: str) -> str:
    """The current statements beside what these rules need."""
    parts = frozenset(part for rule in rules for part in rule.parts)
    if parts & YEARS:
        # What became of shares counts since the year before.
        needed = parts | {PRIOR}
        return in_years(where) + "".join(join for part, join in IN_YEARS.items() if part in needed)
    joins = "".join(join for part, join in JOINS.items() if part in parts)
    return f"(SELECT {NOW}.* FROM {STATEMENTS} {NOW} WHERE {NOW}.is_current AND {where}) {NOW}{joins}"  # noqa: S608  # declared here


def _of_hit(rules: Iterable[Rule], side: str) -> str:
    branches = " ".join(f"WHEN '{rule.key}' THEN {getattr(rule, side).sql()}" for rule in rules)
    return f"CASE hit.rule_key {branches} END"
