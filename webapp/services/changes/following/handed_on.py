"""Indicators of statements that are about to be deleted: handed on to what stays, so that what moves is told as moved.

They would go with their statement, and those of the year after with the statement before theirs; what takes their
places would then seem to be there for the first time, and nobody would be told what it was before.
"""

from collections.abc import Iterable

from sqlalchemy import text

from webapp import db
from webapp.models.financial_statement import IDENTITY, FinancialStatement
from webapp.rules import change
from webapp.services.changes.following import small_changes
from webapp.services.changes.row_sql import OF_ITEMS
from webapp.services.changes.row_writing import TableOfItems

GOING = f"(SELECT i.row_key::bigint AS id FROM change_set_items i WHERE {OF_ITEMS} AND i.action = 'delete' OFFSET 0)"
# Of the year before nothing is known then, until it is reckoned anew.
WITHOUT_PRIOR = text(
    f"UPDATE financial_indicators n SET prior_statement_id = NULL FROM {GOING} g WHERE n.prior_statement_id = g.id"
)
TO_ANOTHER = text(
    f"UPDATE financial_indicators n SET statement_id = o.id FROM {GOING} g"
    " JOIN financial_statements s ON s.id = g.id JOIN financial_statements o ON o.id <> s.id"
    f" AND {' AND '.join(f'o.{name} = s.{name}' for name in IDENTITY)}"
    f" WHERE n.statement_id = s.id AND NOT EXISTS (SELECT FROM {GOING} a WHERE a.id = o.id)"
)
LEFT = text(f"SELECT count(*) FROM {GOING} g JOIN financial_indicators n ON n.statement_id = g.id")


def hand_on(tables: Iterable[TableOfItems]) -> int:
    """Let indicators be of another revision of their statement, where one stays; how many go with theirs.

    Of a large change a job computes what it moves, and nothing is told.
    """
    for table in tables:
        is_small = table.number <= small_changes.MOST_ROWS
        if table.model is FinancialStatement and change.DELETE in table.contents and is_small:
            for statement in (WITHOUT_PRIOR, TO_ANOTHER):
                db.session.execute(statement, table.items)
            return db.session.scalar(LEFT, table.items) or 0
    return 0
