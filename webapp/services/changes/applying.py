"""Apply an approved change set: PostgreSQL writes the rows from the stored items, and refuses if rows have moved."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, text
from sqlalchemy.exc import DataError, IntegrityError

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.rules import change
from webapp.services.changes import (
    approving,
    database_refusals,
    file_bytes,
    policy,
    row_codec,
    table_order,
)
from webapp.services.changes.proposals import Moved, Proposal, Refused

MANY = 500


class NotApproved(Exception):
    """Only an approved change set may be applied, and only once."""


def carry_out(proposal: Proposal) -> ChangeSet | None:
    """Submit, and apply at once what the policy lets through; None where nothing would change."""
    if proposal.is_empty:
        return None
    intent = proposal.intent
    is_let_through = policy.lets_through(intent.author, intent.kind)
    change_set = approving.submit(proposal, is_let_through=is_let_through)
    if is_let_through:
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
    tables = _tables(change_set.id)
    # Whatever the planner remembers of tables that have just been filled: few items find their rows by key, many are
    # joined at once. With statistics from when the tables were empty it compared every item with every row instead,
    # 30 s for a list of companies.
    number = sum(table.number for table in tables)
    planner = "enable_nestloop" if number > MANY else "enable_seqscan"
    db.set_locally({"app.change_set_id": str(change_set.id), planner: "off"})
    for table, write in _steps(change_set, tables):
        try:
            write()
        except (IntegrityError, DataError) as error:
            raise Refused([database_refusals.finding(table.model, error)]) from error
    db.set_locally({"app.change_set_id": "", planner: "on"})
    if change_set.status != "applied":
        change_set.status, change_set.applied_at = "applied", datetime.now(UTC)
    file_bytes.forget_of(change_set)
    db.session.flush()
    _expire_all_but(change_set)


def _steps(
    change_set: ChangeSet, tables: Sequence["_Table"]
) -> Iterator[tuple["_Table", Callable[[], None]]]:
    """The statements in the order in which every row finds what it refers to, and codes are free when they are taken.

    What is undone is written the other way round; undoing that is writing it once more.
    """
    if _is_backward(change_set, tables):
        for table in reversed(tables):
            yield from ((table, table.delete), (table, table.update_in_turn))
        yield from ((table, table.bring_back) for table in tables)
        return
    # Rows that let go of a code are written before rows that take it.
    yield from ((table, table.delete) for table in reversed(tables))
    for table in tables:
        if change_set.undoes_id is None:
            yield table, table.close
            yield table, table.update
            yield table, table.create
        else:
            # What let go of a code first takes it back last.
            yield table, table.update_in_turn
            yield table, table.bring_back


def _is_backward(change_set: ChangeSet, tables: Sequence["_Table"]) -> bool:
    """Whether it undoes, and not undoes an undoing; of one table both are written alike."""
    if change_set.undoes_id is None or len(tables) < 2:
        return False
    steps_back = text(
        "WITH RECURSIVE undone (id) AS (SELECT CAST(:id AS bigint) UNION ALL SELECT c.undoes_id"
        " FROM undone JOIN change_sets c ON c.id = undone.id WHERE c.undoes_id IS NOT NULL)"
        " SELECT count(*) - 1 FROM undone"
    )
    return int(db.session.scalar(steps_back, {"id": change_set.id}) or 0) % 2 == 1


def _expire_all_but(change_set: ChangeSet) -> None:
    """Rows read before are stale now; of the change set itself only its items, which have got their numbers."""
    for row in [row for row in db.session if row is not change_set]:
        db.session.expire(row)
    db.session.expire(change_set, ["items"])


@dataclass(frozen=True, slots=True)
class _Content:
    """How many items there are of one action, which fields those that change rows change, how many lack a number."""

    number: int
    fields: frozenset[str]
    unnumbered: int


@dataclass(frozen=True, slots=True)
class _Table:
    """The statements that write one change set's rows of one table; `contents` by action."""

    model: type[db.Base]
    change_set_id: int
    contents: Mapping[str, _Content]

    @property
    def name(self) -> str:
        return row_codec.table_of(self.model).name

    @property
    def number(self) -> int:
        return sum(content.number for content in self.contents.values())

    def delete(self) -> None:
        self._write(
            f"DELETE FROM {self.name} t USING change_set_items i"
            f" WHERE {_OF_ITEMS} AND i.action = 'delete' AND {_same_row(self.model)}"
            " AND t.version = i.base_version",
            change.DELETE,
        )

    def close(self) -> None:
        if change.CLOSE in self.contents:
            self._write(self._updating(change.CLOSE), change.CLOSE)

    def update(self) -> None:
        if change.UPDATE in self.contents:
            self._write(self._updating(change.UPDATE), change.UPDATE)

    def update_in_turn(self) -> None:
        """Row after row in the order of the items."""
        if change.UPDATE not in self.contents:
            return
        statement = f"{self._updating(change.UPDATE)} AND i.position = :position"
        for position in self._positions(change.UPDATE):
            self._run(statement, 1, position=position)

    def _updating(self, action: str) -> str:
        names = self.contents[action].fields
        columns = [column for column in row_codec.curated_columns(self.model) if column.name in names]
        assignments = ", ".join(f"{_quote(column)} = n.{_quote(column)}" for column in columns)
        keys = " AND ".join(f"t.{_quote(key)} = o.{_quote(key)}" for key in row_codec.key_columns(self.model))
        # jsonb_populate_record lays the changed fields over the stored row, in the row's own types. If somebody else
        # commits between the reading of o and the locking of t, t's version no longer matches and the count tells.
        return (
            f"UPDATE {self.name} t SET {assignments}"
            f" FROM change_set_items i JOIN {self.name} o ON {_same_row(self.model, 'o')}"
            " CROSS JOIN LATERAL jsonb_populate_record(o, i.after) n"
            f" WHERE {_OF_ITEMS} AND i.action = '{action}' AND {keys} AND t.version = i.base_version"
        )

    def bring_back(self) -> None:
        """Create rows that were there before; their versions count on."""
        if change.CREATE not in self.contents:
            return
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
            if self.contents[change.CREATE].unnumbered:
                self._number(key)
            names.insert(0, _quote(key))
            values.insert(0, "i.row_key::bigint")
        self._write(
            f"INSERT INTO {self.name} ({', '.join(names)}) SELECT {', '.join(values)}"
            f" FROM change_set_items i, jsonb_populate_record(NULL::{self.name}, i.after) r"
            f" WHERE {_OF_ITEMS} AND i.action = 'create' ORDER BY i.position",
            change.CREATE,
        )

    def _number(self, key: Column[Any]) -> None:
        """Number the rows to come of a change set that was stored by code which left that to its applying."""
        statement = (
            "UPDATE change_set_items i SET row_key ="
            f" nextval(pg_get_serial_sequence('{self.name}', '{key.name}'))::text"
            f" WHERE {_OF_ITEMS} AND i.action = 'create' AND i.row_key IS NULL"
        )
        db.session.execute(text(statement), self._items)

    def _positions(self, action: str) -> Sequence[int]:
        statement = f"SELECT i.position FROM change_set_items i WHERE {_OF_ITEMS} AND i.action = '{action}'"
        return db.session.scalars(text(f"{statement} ORDER BY i.position"), self._items).all()

    @property
    def _items(self) -> dict[str, Any]:
        return {"id": self.change_set_id, "table": self.name}

    def _write(self, statement: str, action: str) -> None:
        """Run a statement that must touch exactly the rows of its items."""
        if action in self.contents:
            self._run(statement, self.contents[action].number)

    def _run(self, statement: str, number: int, **more: int) -> None:
        # Names come from our own models, values from the items: nothing of a user's is in the statement's text.
        result: Any = db.session.execute(text(statement), {**self._items, **more})
        if result.rowcount != number:
            raise Moved()


_OF_ITEMS = "i.change_set_id = :id AND i.table_name = :table"


def _tables(change_set_id: int) -> list[_Table]:
    """What a change set writes, table by table, those that others refer to first."""
    rows = db.session.execute(
        text(
            "SELECT i.table_name, i.action, count(DISTINCT i.position),"
            " array_agg(DISTINCT f.name) FILTER (WHERE f.name IS NOT NULL),"
            " count(DISTINCT i.position) FILTER (WHERE i.row_key IS NULL)"
            " FROM change_set_items i LEFT JOIN LATERAL jsonb_object_keys(i.after) AS f (name)"
            " ON i.action = ANY(:changing) WHERE i.change_set_id = :id GROUP BY i.table_name, i.action"
        ),
        {"id": change_set_id, "changing": [change.UPDATE, change.CLOSE]},
    )
    contents: dict[str, dict[str, _Content]] = {}
    for table_name, action, number, names, unnumbered in rows:
        content = _Content(int(number), frozenset(names or ()), int(unnumbered))
        contents.setdefault(table_name, {})[action] = content
    tables = [
        _Table(row_codec.model_of(name), change_set_id, of_table) for name, of_table in contents.items()
    ]
    return table_order.sorted_by(tables, lambda table: table.model)


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
