"""Store change sets: the head and the items of few rows by one statement, as every save waits for each of them.

What is stored goes over as JSON, and PostgreSQL reads it in the types of its own tables.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import make_transient_to_detached

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.services.changes import row_codec, row_sql

CHUNK = 2000
# What a head may say when it is stored: all but what PostgreSQL itself sets.
SAID = tuple(
    column.name
    for column in row_codec.table_of(ChangeSet).columns
    if column.identity is None and column.server_default is None
)
HEAD = (
    f"INSERT INTO change_sets ({', '.join(SAID)}) SELECT {', '.join(SAID)}"
    " FROM jsonb_populate_record(NULL::change_sets, CAST(:head AS jsonb)) RETURNING id"
)
OF_ITEM = "position, table_name, row_key, action, base_version, label_text, before, after, findings"
# In the order in which they are given, so that they are numbered in it.
ITEMS = (
    f"INSERT INTO change_set_items (change_set_id, {OF_ITEM}) SELECT {{number}}, {OF_ITEM}"
    " FROM {head}jsonb_populate_recordset(NULL::change_set_items, CAST(:items AS jsonb)) i"
)
MORE_ITEMS = text(ITEMS.format(number="CAST(:number AS bigint)", head=""))
WHOLE = f"WITH head AS ({HEAD}), items AS ({ITEMS.format(number='head.id', head='head, ')}) SELECT {{told}} FROM head"
ALONE, WITH_ITEMS = text(HEAD), text(WHOLE.format(told="id"))
# Triggers read there who writes the rows.
WRITING = "app.change_set_id"
WRITTEN_NOW = text(WHOLE.format(told=f"CAST(set_config('{WRITING}', id::text, true) AS bigint)"))


def store(change_set: ChangeSet, rows: Sequence[Mapping[str, Any]], *, is_written_now: bool) -> None:
    """Store a new change set and its first items; where they are few, triggers know at once whose rows are written.

    Raises IntegrityError where its save token has been used.
    """
    head = {"head": json.dumps({name: vars(change_set).get(name) for name in SAID}, default=_plain)}
    is_few = 0 < len(rows) <= row_sql.FEW
    if not is_few:
        number = db.session.scalar(ALONE, head)
    else:
        knows = is_written_now and row_sql.is_for_few()
        number = db.session.scalar(WRITTEN_NOW if knows else WITH_ITEMS, {**head, "items": json.dumps(rows)})
        if knows:
            row_sql.know({WRITING: str(number)})
    _be_stored(change_set, number)
    if not is_few:
        add(change_set.id, rows)


def _be_stored(change_set: ChangeSet, number: Any) -> None:
    """Let the session know the change set as a row that it has read."""
    change_set.id = number
    make_transient_to_detached(change_set)
    db.session.add(change_set)


def add(number: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store further items of a stored change set."""
    with row_sql.planned_for(len(rows)) if len(rows) > row_sql.FEW else nullcontext():
        for start in range(0, len(rows), CHUNK):
            db.session.execute(
                MORE_ITEMS, {"number": number, "items": json.dumps(rows[start : start + CHUNK])}
            )


def _plain(value: datetime) -> str:
    return value.isoformat()
