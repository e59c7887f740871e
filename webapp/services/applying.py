"""Apply an approved change set: PostgreSQL writes the rows from the stored items, and refuses if rows have moved."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, text
from sqlalchemy.exc import DataError, IntegrityError

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.rules import change
from webapp.services import approving, encoding, receiving, refusing
from webapp.services.wishing import Moved, Proposal, Refused

MANY = 500


class NotApproved(Exception):
    """Only an approved change set may be applied, and only once."""


def carry_out(proposal: Proposal) -> ChangeSet | None:
    """Submit, approve and apply in one go; None where nothing would change."""
    if proposal.is_empty:
        return None
    change_set = approving.submit(proposal)
    approving.approve(change_set, proposal.intent.author)
    apply(change_set)
    return change_set


def apply(change_set: ChangeSet) -> None:
    """Write the rows of an approved change set and mark it applied.

    Raises NotApproved, Moved if a row is not at the version the proposal saw, Refused if the database's own
    constraints forbid a row. After an exception the transaction must be rolled back: nothing is half applied.
    """
    db.session.refresh(change_set, with_for_update=True)
    if change_set.status != "approved":
        raise NotApproved(f"change set {change_set.id} is {change_set.status}")
    db.stamp_change_set(change_set.id)
    model = encoding.model_of(change_set.table_name)
    # Whatever the planner remembers of tables that have just been filled: few items find their rows by key, many are
    # joined at once. With statistics from when the tables were empty it compared every item with every row instead,
    # 30 s for a list of companies.
    setting = "enable_nestloop" if _size(change_set.id) > MANY else "enable_seqscan"
    db.session.execute(text(f"SET LOCAL {setting} = off"))
    try:
        # Rows that let go of a code are written before rows that take it.
        _delete(model, change_set.id)
        _update(model, change_set.id, change.CLOSE)
        _update(model, change_set.id, change.UPDATE)
        _create(model, change_set.id)
    except (IntegrityError, DataError) as error:
        raise Refused([refusing.finding(model, error)]) from error
    db.session.execute(text(f"SET LOCAL {setting} = on"))
    db.stamp_change_set(None)
    change_set.status = "applied"
    change_set.applied_at = datetime.now(UTC)
    receiving.ended(change_set)
    db.session.flush()
    # Rows read before are stale now.
    db.session.expire_all()


def _delete(model: type[db.Base], change_set_id: int) -> None:
    _expect(
        f"DELETE FROM {_name(model)} t USING change_set_items i"
        f" WHERE i.change_set_id = :id AND i.action = 'delete' AND {_same_row(model)}"
        " AND t.version = i.base_version",
        change_set_id,
        change.DELETE,
    )


def _update(model: type[db.Base], change_set_id: int, action: str) -> None:
    names = _fields(change_set_id, action)
    if not names:
        return
    columns = [column for column in encoding.curated_columns(model) if column.name in names]
    assignments = ", ".join(f"{_quote(column)} = n.{_quote(column)}" for column in columns)
    keys = " AND ".join(f"t.{_quote(key)} = o.{_quote(key)}" for key in encoding.key_columns(model))
    # jsonb_populate_record lays the changed fields over the stored row, in the row's own types. If somebody else
    # commits between the reading of o and the locking of t, t's version no longer matches and the count tells.
    _expect(
        f"UPDATE {_name(model)} t SET {assignments}"
        f" FROM change_set_items i JOIN {_name(model)} o ON {_same_row(model, 'o')}"
        " CROSS JOIN LATERAL jsonb_populate_record(o, i.after) n"
        f" WHERE i.change_set_id = :id AND i.action = '{action}' AND {keys} AND t.version = i.base_version",
        change_set_id,
        action,
    )


def _create(model: type[db.Base], change_set_id: int) -> None:
    if not _count(change_set_id, change.CREATE):
        return
    columns = encoding.curated_columns(model)
    names = [_quote(column) for column in columns]
    values = [f"r.{name}" for name in names]
    if encoding.is_counted(model):
        (key,) = encoding.key_columns(model)
        db.session.execute(
            text(
                "UPDATE change_set_items SET row_key ="
                f" nextval(pg_get_serial_sequence('{_name(model)}', '{key.name}'))::text"
                " WHERE change_set_id = :id AND action = 'create' AND row_key IS NULL"
            ),
            {"id": change_set_id},
        )
        names.insert(0, _quote(key))
        values.insert(0, "i.row_key::bigint")
    _expect(
        f"INSERT INTO {_name(model)} ({', '.join(names)}) SELECT {', '.join(values)}"
        f" FROM change_set_items i, jsonb_populate_record(NULL::{_name(model)}, i.after) r"
        " WHERE i.change_set_id = :id AND i.action = 'create' ORDER BY i.position",
        change_set_id,
        change.CREATE,
    )


def _expect(statement: str, change_set_id: int, action: str) -> None:
    """Run a statement that must touch exactly the rows of its items."""
    expected = _count(change_set_id, action)
    if not expected:
        return
    # Names come from our own models, values from the items: nothing of a user's is in the text of the statement.
    result: Any = db.session.execute(text(statement), {"id": change_set_id})
    if result.rowcount != expected:
        raise Moved()


def _size(change_set_id: int) -> int:
    counted = db.session.scalar(
        text("SELECT count(*) FROM change_set_items WHERE change_set_id = :id"), {"id": change_set_id}
    )
    return int(counted or 0)


def _count(change_set_id: int, action: str) -> int:
    counted = db.session.scalar(
        text("SELECT count(*) FROM change_set_items WHERE change_set_id = :id AND action = :action"),
        {"id": change_set_id, "action": action},
    )
    return int(counted or 0)


def _fields(change_set_id: int, action: str) -> set[str]:
    return set(
        db.session.scalars(
            text(
                "SELECT DISTINCT jsonb_object_keys(after) FROM change_set_items"
                " WHERE change_set_id = :id AND action = :action"
            ),
            {"id": change_set_id, "action": action},
        )
    )


def _same_row(model: type[db.Base], row: str = "t") -> str:
    columns = encoding.key_columns(model)
    if len(columns) == 1:
        return f"{row}.{_quote(columns[0])} = i.row_key::{_type(columns[0])}"
    parts = (
        f"{row}.{_quote(column)} = split_part(i.row_key, ',', {place})::{_type(column)}"
        for place, column in enumerate(columns, start=1)
    )
    return " AND ".join(parts)


def _type(column: Column[Any]) -> str:
    return str(column.type)


def _quote(column: Column[Any]) -> str:
    return '"' + column.name + '"'


def _name(model: type[db.Base]) -> str:
    return encoding.table_of(model).name
