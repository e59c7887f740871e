"""Let the rules of the list of companies watch what is stored, as those of accounting do.

Of a small change the companies are looked at that it is about, and those that share a name or number with them, before
or after; of a large one, and of what was written from outside, all of them, by a job.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.models import figures
from webapp.rules import change, masters
from webapp.services.changes import row_sql
from webapp.services.changes.following import accounting_findings, filed_findings, indicators
from webapp.services.changes.following.filed_findings import Scope
from webapp.services.changes.row_sql import OF_ITEMS
from webapp.services.changes.row_writing import TableOfItems


def _sharing(name: str) -> str:
    """Those that have what a company of the change had in a column, has now, or holds without a change."""
    return (
        f" UNION SELECT x.id FROM change_set_items i JOIN companies x ON x.{name} = i.before ->> '{name}'"
        f" WHERE {OF_ITEMS} UNION SELECT x.id FROM change_set_items i JOIN companies t ON t.id = i.row_key::bigint"
        f" JOIN companies x ON x.{name} = t.{name} WHERE {OF_ITEMS}"
    )


# The companies whose rules a change of these tables may break, or mend.
OF_TABLES = {
    "companies": (
        f"SELECT i.row_key::bigint FROM change_set_items i WHERE {OF_ITEMS}"
        f"{_sharing('corporate_number')}{_sharing('name_ja_folded')}"
    ),
    accounting_findings.STATEMENTS: accounting_findings.OF_TABLES[accounting_findings.STATEMENTS],
}


def follow(tables: Sequence[TableOfItems]) -> None:
    """Look at the companies that a small change touches."""
    for table in tables:
        if table.name in OF_TABLES and table.number <= indicators.MOST_ROWS and not _is_of_figures(table):
            # By their numbers: PostgreSQL cannot know how few they are, and would compare all with all first.
            with row_sql.planned_for(table.number):
                numbers = set(db.session.scalars(text(OF_TABLES[table.name]), table.items)) - {None}
            _look("{} = ANY(:companies)", {"companies": sorted(numbers)})


def _is_of_figures(table: TableOfItems) -> bool:
    """Whether only figures change, of which no rule of companies speaks."""
    changed = table.contents.get(change.UPDATE)
    return changed is not None and len(table.contents) == 1 and changed.fields <= figures.NAMES


def look_at_all() -> None:
    """Look at every company: what is found opens or stays, and what is found no more closes."""
    _look("true", {})


def _look(which: str, facts: Mapping[str, Any]) -> None:
    scope = Scope(f"f.table_name = 'companies' AND f.rule = ANY(:rules) AND {which.format('f.company_id')}")
    found = masters.broken(where=which.format("c.id"))
    filed_findings.refresh(scope, found, {**facts, "rules": list(masters.BY_ID)})
