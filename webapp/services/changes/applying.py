"""Apply an approved change set: PostgreSQL writes the rows from the stored items, and refuses if rows have moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, text
from sqlalchemy.exc import DataError, IntegrityError

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.rules import change
from webapp.services.changes import approving, database_refusals, file_bytes, row_codec
from webapp.services.changes.proposals import Moved, Proposal, Refused

MANY = 500


class NotApproved(Exception):
    """Only an approved change set may be applied, and only once."""


def carry_out(proposal: Proposal) -> ChangeSet | None:
    """Submit, approve and apply in one go; None where nothing would change."""
    if proposal.is_empty:
        return None
    change_set = approving.submit(proposal, approved_by=proposal.intent.author)
    _write_rows(change_set)
    return change_set


def apply(change_set: ChangeSet) -> None:
    """Write the rows of an approved change set that was stored before, and mark it applied.

    Raises NotApproved, Moved if a row is not at the version the proposal saw, Refused if the database's own
    constraints forbid a row. After an exception the transaction must be rolled back: nothing is half applied.
    """
    db.session.refresh(change_set, with_for_update=True)
    if change_set.status != "approved":
        raise NotApproved(f"change set {change_set.id} is {change_set.status}")
    _write_rows(change_set)


def _write_rows(change_set: ChangeSet) -> None:
    """Write the rows of a change set that nobody else can touch now, and mark it applied."""
    model = row_codec.model_of(change_set.table_name)
    writing = _Writing(model, change_set.id, _contents(change_set.id))
    # Whatever the planner remembers of tables that have just been filled: few items find their rows by key, many are
    # joined at once. With statistics from when the tables were empty it compared every item with every row instead,
    # 30 s for a list of companies.
    number = sum(content.number for content in writing.contents.values())
    planner = "enable_nestloop" if number > MANY else "enable_seqscan"
    db.set_locally({"app.change_set_id": str(change_set.id), planner: "off"})
    try:
        # Rows that let go of a code are written before rows that take it.
        writing.delete()
        writing.update(change.CLOSE)
        if change_set.undoes_id is None:
            writing.update(change.UPDATE)
            writing.create()
        else:
            # What let go of a code first takes it back last.
            writing.update_in_turn()
            writing.bring_back()
    except (IntegrityError, DataError) as error:
        raise Refused([database_refusals.finding(model, error)]) from error
    db.set_locally({"app.change_set_id": "", planner: "on"})
    change_set.status = "applied"
    change_set.applied_at = datetime.now(UTC)
    file_bytes.forget_of(change_set)
    db.session.flush()
    _expire_all_but(change_set)


def _expire_all_but(change_set: ChangeSet) -> None:
    """Rows read before are stale now; of the change set itself only its items, which have got their numbers."""
    for row in [row for row in db.session if row is not change_set]:
        db.session.expire(row)
    db.session.expire(change_set, ["items"])


@dataclass(frozen=True, slots=True)
class _Content:
    """How many items there are of one action, and which fields those that change rows change."""

    number: int
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Writing:
    """The statements that write one change set; `contents` by action."""

    model: type[db.Base]
    change_set_id: int
    contents: Mapping[str, _Content]

    @property
    def table(self) -> str:
        return row_codec.table_of(self.model).name

    def delete(self) -> None:
        self._write(
            f"DELETE FROM {self.table} t USING change_set_items i"
            f" WHERE i.change_set_id = :id AND i.action = 'delete' AND {_same_row(self.model)}"
            " AND t.version = i.base_version",
            change.DELETE,
        )

    def update(self, action: str) -> None:
        if action in self.contents:
            self._write(self._updating(action), action)

    def update_in_turn(self) -> None:
        """Row after row in the order of the items."""
        if change.UPDATE not in self.contents:
            return
        statement = f"{self._updating(change.UPDATE)} AND i.position = :position"
        for position in _positions(self.change_set_id, change.UPDATE):
            self._run(statement, 1, position=position)

    def _updating(self, action: str) -> str:
        names = self.contents[action].fields
        columns = [column for column in row_codec.curated_columns(self.model) if column.name in names]
        assignments = ", ".join(f"{_quote(column)} = n.{_quote(column)}" for column in columns)
        keys = " AND ".join(f"t.{_quote(key)} = o.{_quote(key)}" for key in row_codec.key_columns(self.model))
        # jsonb_populate_record lays the changed fields over the stored row, in the row's own types. If somebody else
        # commits between the reading of o and the locking of t, t's version no longer matches and the count tells.
        return (
            f"UPDATE {self.table} t SET {assignments}"
            f" FROM change_set_items i JOIN {self.table} o ON {_same_row(self.model, 'o')}"
            " CROSS JOIN LATERAL jsonb_populate_record(o, i.after) n"
            f" WHERE i.change_set_id = :id AND i.action = '{action}' AND {keys} AND t.version = i.base_version"
        )

    def bring_back(self) -> None:
        """Create rows that were there before; their versions count on."""
        db.set_locally({"app.keeps_version": "on"})
        self.create()
        db.set_locally({"app.keeps_version": "off"})

    def create(self) -> None:
        if change.CREATE not in self.contents:
            return
        names = [_quote(column) for column in row_codec.curated_columns(self.model)]
        values = [f"r.{name}" for name in names]
        if row_codec.is_counted(self.model):
            (key,) = row_codec.key_columns(self.model)
            self._number(key)
            names.insert(0, _quote(key))
            values.insert(0, "i.row_key::bigint")
        self._write(
            f"INSERT INTO {self.table} ({', '.join(names)}) SELECT {', '.join(values)}"
            f" FROM change_set_items i, jsonb_populate_record(NULL::{self.table}, i.after) r"
            " WHERE i.change_set_id = :id AND i.action = 'create' ORDER BY i.position",
            change.CREATE,
        )

    def _number(self, key: Column[Any]) -> None:
        """Give the rows to come their numbers, so that the items know them."""
        statement = (
            "UPDATE change_set_items SET row_key ="
            f" nextval(pg_get_serial_sequence('{self.table}', '{key.name}'))::text"
            " WHERE change_set_id = :id AND action = 'create' AND row_key IS NULL"
        )
        db.session.execute(text(statement), {"id": self.change_set_id})

    def _write(self, statement: str, action: str) -> None:
        """Run a statement that must touch exactly the rows of its items."""
        if action in self.contents:
            self._run(statement, self.contents[action].number)

    def _run(self, statement: str, number: int, **more: int) -> None:
        # Names come from our own models, values from the items: nothing of a user's is in the statement's text.
        result: Any = db.session.execute(text(statement), {"id": self.change_set_id, **more})
        if result.rowcount != number:
            raise Moved()


def _contents(change_set_id: int) -> dict[str, _Content]:
    rows = db.session.execute(
        text(
            "SELECT i.action, count(DISTINCT i.position), array_agg(DISTINCT f.name) FILTER (WHERE f.name IS NOT NULL)"
            " FROM change_set_items i LEFT JOIN LATERAL jsonb_object_keys(i.after) AS f (name)"
            " ON i.action = ANY(:changing) WHERE i.change_set_id = :id GROUP BY i.action"
        ),
        {"id": change_set_id, "changing": [change.UPDATE, change.CLOSE]},
    )
    return {action: _Content(int(number), frozenset(names or ())) for action, number, names in rows}


def _positions(change_set_id: int, action: str) -> Sequence[int]:
    return db.session.scalars(
        text(
            "SELECT position FROM change_set_items WHERE change_set_id = :id AND action = :action"
            " ORDER BY position"
        ),
        {"id": change_set_id, "action": action},
    ).all()


def _same_row(model: type[db.Base], row: str = "t") -> str:
    columns = row_codec.key_columns(model)
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
