"""The rules as SQL over sets: one scan of the statements and their priors gives every outcome."""

from collections.abc import Iterable

from webapp.rules.accounting.catalogue import RULES
from webapp.rules.accounting.rule import Rule
from webapp.rules.expressions import NOW, PRIOR

# The same company, months, scope and standard; what is not current is of another day of knowledge.
IDENTITY = ("company_id", "period_type", "scope", "accounting_standard")


def beside(part: str, least: int, most: int) -> str:
    """The join of the current statement of the same identity that ended so many days before "now", if there is one."""
    same = " AND ".join(f"{part}.{name} = {NOW}.{name}" for name in IDENTITY)
    days = f"{NOW}.fiscal_year_end_on - {most} AND {NOW}.fiscal_year_end_on - {least}"
    return (
        f" LEFT JOIN financial_statements {part} ON {part}.is_current AND {same}"
        f" AND {part}.fiscal_year_end_on BETWEEN {days}"
    )


# Statements called "now", each beside the one of a year before, called "prior", where there is one: the year before
# ends a year before; a year cut short or drawn out is no measure of growth.
PAIRS = f"financial_statements {NOW}{beside(PRIOR, 350, 380)}"


def is_broken(rule: Rule) -> str:
    """True, false, or NULL where the rule does not apply."""
    sides = {
        "observed": rule.observed.sql(),
        "expected": rule.expected.sql(),
        "allowed": rule.allowed.sql(),
    }
    missing = " AND ".join(f"{side} IS NOT NULL" for side in sides.values())
    return f"CASE WHEN {rule.scope.sql()} AND {missing} THEN NOT ({rule.relation.sql.format(**sides)}) END"


def broken(rules: Iterable[Rule] = RULES, where: str = "true") -> str:
    """A row for every broken rule: statement, company, prior, the rule's id, both sides and what was allowed.

    One scan finds which rules are broken; both sides are reckoned for those alone.
    """
    chosen = tuple(rules)
    hits = ", ".join(f"CASE WHEN {is_broken(rule)} THEN '{rule.id}' END" for rule in chosen)
    sides = ", ".join(f"{_of_hit(chosen, name)} AS {name}" for name in ("observed", "expected", "allowed"))
    return (
        f"SELECT {NOW}.id AS statement_id, {NOW}.company_id, {PRIOR}.id AS prior_id, hit.rule, {sides}"  # noqa: S608  # all of it is declared
        f" FROM {PAIRS} CROSS JOIN LATERAL unnest(ARRAY[{hits}]) AS hit (rule)"
        f" WHERE {NOW}.is_current AND hit.rule IS NOT NULL AND {where}"
    )


def _of_hit(rules: Iterable[Rule], side: str) -> str:
    branches = " ".join(f"WHEN '{rule.id}' THEN {getattr(rule, side).sql()}" for rule in rules)
    return f"CASE hit.rule {branches} END"
