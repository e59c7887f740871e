"""What most small changes do not bear on, asked in one statement before each of these things is looked at."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import TextClause, text

from webapp import db
from webapp.services.changes import row_sql
from webapp.services.changes.following import filed_findings, summary_findings
from webapp.services.changes.following.small_changes import SmallChange
from webapp.services.changes.row_writing import TableOfItems


class Concerned(NamedTuple):
    """What a change does bear on."""

    # Of these companies a report says something twice, or once did.
    saying_twice: Collection[int] = ()
    # In a row of these tables a steward's value has once differed from its source.
    differed: Collection[str] = ()


def asked(number: int, tables: Sequence[TableOfItems], small: Sequence[SmallChange]) -> Concerned:
    """Ask of the change set of this number, whose rows are written."""
    companies = summary_findings.companies_of(small)
    few = [table.name for table in tables if table.number <= row_sql.MANY]
    if not companies and not few:
        return Concerned()
    facts = {"id": number, "tables": few, **({"companies": sorted(companies)} if companies else {})}
    says_twice, differed = db.session.execute(_question(bool(companies)), facts).one()
    return Concerned(companies if says_twice else (), differed)


@cache
def _question(is_of_statements: bool) -> TextClause:
    says_twice = summary_findings.CONCERNED if is_of_statements else "false"
    differed = (
        f"SELECT t.name FROM unnest(CAST(:tables AS text[])) t (name) WHERE {filed_findings.HAVE_DIFFERED}"
    )
    return text(f"SELECT {says_twice}, ARRAY({differed})")
