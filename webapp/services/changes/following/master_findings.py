"""Let the rules of the list of companies watch what is stored, as those of accounting do.

Of a small change the companies are looked at that it is about, and those that share a name or number with them, before
or after; of a large one, and of what was written from outside, all of them, by a job.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from webapp.models import figures
from webapp.rules import change, masters
from webapp.services.changes.following import accounting_findings, filed_findings, small_changes
from webapp.services.changes.following.filed_findings import Scope
from webapp.services.changes.following.small_changes import SmallChange
from webapp.services.changes.row_writing import TableOfItems

# The tables of which a change may break a rule of companies, or mend it.
TABLES = ("companies", accounting_findings.STATEMENTS)
# Two companies that are one share one of these.
OF_ONE = ("corporate_number", "name_ja_folded")


def follow(changes: Sequence[SmallChange]) -> None:
    """Look at the companies that a small change touches."""
    for one in small_changes.among(changes, TABLES):
        if not _is_of_figures(one.table):
            companies = small_changes.sharing(one, OF_ONE) if one.table.name == "companies" else one.companies
            look_at(companies)


def _is_of_figures(table: TableOfItems) -> bool:
    """Whether only figures change, of which no rule of companies speaks."""
    changed = table.contents.get(change.UPDATE)
    return changed is not None and len(table.contents) == 1 and changed.fields <= figures.NAMES


def look_at(companies: Sequence[int]) -> None:
    """Look at these companies."""
    _look("{} = ANY(:companies)", {"companies": companies})


def look_at_all() -> None:
    """Look at every company: what is found opens or stays, and what is found no more closes."""
    _look("true", {}, is_wide=True)


def _look(which: str, facts: Mapping[str, Any], *, is_wide: bool = False) -> None:
    scope = Scope(f"f.table_name = 'companies' AND f.rule = ANY(:rules) AND {which.format('f.company_id')}")
    broken = masters.broken(where=which.format("c.id"))
    rules = {"rules": list(masters.BY_ID)}
    filed_findings.refresh(scope, broken, {**facts, **rules}, is_wide=is_wide)
