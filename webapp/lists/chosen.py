"""The rows of a list that something is to be done with, by their keys, in its order."""

from sqlalchemy import select

from webapp import db
from webapp.lists.query import ListQuery
from webapp.services.changes import row_codec
from webapp.services.changes.row_codec import Key


def keys_of(query: ListQuery, most: int) -> list[Key]:
    """The keys of what the list finds, or of the rows chosen in it; one more than `most` at most."""
    plan, order = query.plan, query.order()
    columns = row_codec.key_columns(plan.model)
    rows = plan.visible(select(*columns)).where(*query.conditions())
    return [tuple(row) for row in db.session.execute(rows.order_by(*order.clauses()).limit(most + 1))]
