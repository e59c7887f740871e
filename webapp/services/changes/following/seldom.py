"""What most small changes do not bear on, asked in one statement before each of these things is looked at.

With it comes what is asked in any case: what the indicators were that have been reckoned anew.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import TextClause, text

from webapp import db
from webapp.services.changes import row_sql
from webapp.services.changes.following import filed_findings, indicators_of_few, summary_findings
from webapp.services.changes.following.small_changes import SmallChange
from webapp.services.changes.row_writing import TableOfItems


class Concerned(NamedTuple):
    """What a change does bear on."""

    # Of these companies a report says something twice, or once did.
    saying_twice: Collection[int] = ()
    # In a row of these tables a steward's value has once differed from its source.
    differed: Collection[str] = ()
    # The indicators that are replaced, as PostgreSQL writes them.
    indicators: str | None = None


def asked(
    number: int, tables: Sequence[TableOfItems], small: Sequence[SmallChange], replaced: Sequence[int]
) -> Concerned:
    """Ask of the change set of this number, whose rows are written; `replaced`: numbers of indicators."""
    companies = summary_findings.companies_of(small)
    few = [table.name for table in tables if table.number <= row_sql.MANY]
    if not companies and not few and not replaced:
        return Concerned()
    facts = {"id": number, "tables": few, "numbers": list(replaced), "companies": sorted(companies)}
    says_twice, differed, stored = db.session.execute(_question(bool(companies), bool(replaced)), facts).one()
    return Concerned(companies if says_twice else (), differed, stored)


@cache
def _question(is_of_statements: bool, is_of_indicators: bool) -> TextClause:
    says_twice = summary_findings.CONCERNED if is_of_statements else "false"
    stored = indicators_of_few.STORED if is_of_indicators else "NULL"
    differed = (
        f"SELECT t.name FROM unnest(CAST(:tables AS text[])) t (name) WHERE {filed_findings.HAVE_DIFFERED}"
    )
    return text(f"SELECT {says_twice}, ARRAY({differed}), {stored}")
