"""The companies that a small change is about, by their numbers: what follows from it is asked for these alone.

By number, as PostgreSQL cannot know how few a query names: in tables that have just been filled it compared all rows
with all. And each look-up is a part of its own (OFFSET 0), so that rows are found by their keys whatever the planner
believes of the tables.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import TextClause, text

from webapp import db
from webapp.services.changes import row_sql
from webapp.services.changes.row_sql import OF_ITEMS
from webapp.services.changes.row_writing import TableOfItems

# What follows from so many rows is worked out in the change's own transaction; beyond, by a job.
MOST_ROWS = 500
ITEMS = f"(SELECT i.* FROM change_set_items i WHERE {OF_ITEMS} OFFSET 0) i"
# A row may have passed from one company to another: both, and the one of a row that only other fields are known of.
BY_ROW = (
    "SELECT unnest(ARRAY[CAST(i.before ->> 'company_id' AS bigint), CAST(i.after ->> 'company_id' AS bigint),"
    f" (SELECT t.company_id FROM {{table}} t WHERE t.{{key}} = i.row_key{{type}})]) FROM {ITEMS}"
)
BY_DAY = f"SELECT CAST(split_part(i.row_key, ',', 1) AS bigint) FROM {ITEMS}"
# By what tells of the company: a key, or a row of before or of now.
OF_TABLES = {
    "companies": f"SELECT CAST(i.row_key AS bigint) FROM {ITEMS}",
    "corporate_actions": BY_ROW.format(table="corporate_actions", key="id", type="::bigint"),
    "filings": BY_ROW.format(table="filings", key="doc_id", type=""),
    "financial_statements": BY_ROW.format(table="financial_statements", key="id", type="::bigint"),
    "shares_outstanding": BY_DAY,
    "stock_prices": BY_DAY,
}
# What a company of the change had in a column, has now, or holds without a change.
VALUES = (
    f"SELECT v.value, i.row_key FROM {ITEMS} CROSS JOIN LATERAL (SELECT unnest(ARRAY[i.before ->> '{{name}}',"
    " (SELECT t.{name} FROM companies t WHERE t.id = i.row_key::bigint)]) AS value OFFSET 0) v"
)
# Those that have it; but for one that somebody else deletes or gives another key to in this very moment, who then looks
# at those that share with it: waiting for each other, neither would end.
SHARING = (
    f"SELECT x.id FROM ({VALUES}) v CROSS JOIN LATERAL (SELECT c.id FROM companies c WHERE c.{{name}} = v.value"
    " AND c.id <> v.row_key::bigint OFFSET 0 FOR KEY SHARE SKIP LOCKED) x"
)
# Everybody takes turns in one order: of companies, then of what they share.
TURNS = (
    "SELECT s.*, pg_advisory_xact_lock(hashtextextended(s.shared::text, {kind})) FROM"
    " (SELECT DISTINCT * FROM ({all}) a (shared, about) WHERE shared IS NOT NULL ORDER BY shared, about OFFSET 0) s"
)
OF_A_COMPANY, OF_A_VALUE = 1517, 1518


@dataclass(frozen=True, slots=True)
class SmallChange:
    """The rows of one table that a small change wrote, and the companies that they are about, in order."""

    table: TableOfItems
    companies: Sequence[int]


def of(tables: Sequence[TableOfItems]) -> list[SmallChange]:
    """Of each table whose rows are about companies and few, the companies; it is this transaction's turn with them."""
    few = [table for table in tables if table.name in OF_TABLES and table.number <= MOST_ROWS]
    if not few:
        return []
    numbers: dict[str, list[int]] = {table.name: [] for table in few}
    for number, name, _ in db.session.execute(_turns_with_companies(tuple(numbers)), few[0].items):
        numbers[name].append(number)
    return [SmallChange(table, numbers[table.name]) for table in few]


@cache
def _turns_with_companies(names: Sequence[str]) -> TextClause:
    every = " UNION ".join(f"SELECT o.*, '{name}' FROM ({_in_words(name)}) o" for name in names)
    return text(TURNS.format(kind=OF_A_COMPANY, all=every))


def _in_words(name: str) -> str:
    """The companies of a table's items, the table said in the statement: several tables stand in one."""
    return OF_TABLES[name].replace(":table", f"'{name}'")


def among(changes: Sequence[SmallChange], tables: Collection[str]) -> Iterator[SmallChange]:
    """Those of these tables."""
    return (one for one in changes if one.table.name in tables)


def sharing(one: SmallChange, names: Sequence[str]) -> list[int]:
    """The companies of a change of companies, and all that share with them, before or after, one of these columns."""
    numbers = set(one.companies)
    with row_sql.planned_for(1):
        db.session.execute(_turns_with_values(tuple(names)), one.table.items)
        for name in names:
            numbers.update(db.session.scalars(text(SHARING.format(name=name)), one.table.items))
    return sorted(numbers)


@cache
def _turns_with_values(names: Sequence[str]) -> TextClause:
    every = " UNION ".join(f"SELECT v.value, '' FROM ({VALUES.format(name=name)}) v" for name in names)
    return text(TURNS.format(kind=OF_A_VALUE, all=every))
