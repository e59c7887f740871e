"""Single records of a list: by their key, by their name, and what they are called; and the keys of all it finds."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from webapp import db
from webapp.lists import best_first
from webapp.lists import plan as plans
from webapp.lists.plan import ListPlan
from webapp.lists.query import ListQuery
from webapp.services.changes import row_codec
from webapp.services.changes.row_codec import Key
from webapp.words import record_names
from webapp.words.speech import Speech

MOST = 20
CHUNK = 2000
# Kinds of records.
KEPT = 100


def visible(model: type[db.Base]) -> Select[Any]:
    """The records of this kind that there are to see."""
    plan = plans.of_model(model)
    return select(model) if plan is None else plan.visible(select(model))


def one(model: type[db.Base], key: Key) -> Any:
    """The record of a key, with the records that it refers to; None where there is none to see."""
    of_key = {column.name: part for column, part in zip(row_codec.key_columns(model), key, strict=True)}
    return db.session.scalars(_by_key(model, plans.of_model(model)), of_key).one_or_none()


@lru_cache(maxsize=KEPT)
def _by_key(model: type[db.Base], plan: ListPlan | None) -> Select[Any]:
    """Made once: every page of a record asks it, and to put it together takes longer than to ask."""
    rows = select(model) if plan is None else plan.visible(select(model))
    of_key = (column == bindparam(column.name, type_=column.type) for column in row_codec.key_columns(model))
    return rows.where(*of_key).options(*record_names.joined(model))


def names_of(model: type[db.Base], keys: Iterable[Any], speech: Speech) -> dict[Any, str]:
    """What records are called, by their keys of one column; one that is gone or not to be seen is left out."""
    (column,) = row_codec.key_columns(model)
    todo = sorted({key for key in keys if key is not None}, key=str)
    names: dict[Any, str] = {}
    for start in range(0, len(todo), CHUNK):
        rows = visible(model).where(column.in_(todo[start : start + CHUNK]))
        records = db.session.scalars(rows.options(*record_names.loading(model)))
        names |= {getattr(record, column.name): record_names.of(record, speech) for record in records}
    return names


def search(
    model: type[db.Base], text: str, speech: Speech, *, offset: int = 0, limit: int = MOST
) -> list[tuple[Any, str]]:
    """Records whose search finds this text, best ones first, at most 20: (key, name).

    The model has a list and a key of one column.
    """
    plan = plans.of_model(model)
    assert plan is not None, model
    (column,) = row_codec.key_columns(model)
    rows = plan.visible(select(model)).where(*plan.search_conditions(text))
    usual = plan.order(plan.usual_levels).clauses()
    rows = rows.order_by(*best_first.ranks(plan, text), *usual).options(*record_names.loading(model))
    rows = rows.limit(min(max(limit, 1), MOST)).offset(min(max(offset, 0), 10_000))
    return [
        (getattr(record, column.name), record_names.of(record, speech)) for record in db.session.scalars(rows)
    ]


def keys_of(query: ListQuery, most: int) -> list[Key]:
    """The keys of what a list finds, or of the rows chosen in it, in its order; one more than `most` at most."""
    plan, order = query.plan, query.order()
    columns = row_codec.key_columns(plan.model)
    rows = plan.visible(select(*columns)).where(*query.conditions())
    return [tuple(row) for row in db.session.execute(rows.order_by(*order.clauses()).limit(most + 1))]
