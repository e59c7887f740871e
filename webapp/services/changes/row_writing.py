"""The statements by which PostgreSQL writes a change set's rows from its stored items, table by table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Column, text
from sqlalchemy.exc import IntegrityError

from webapp import db, sqlstates
from webapp.rules import change
from webapp.services.changes import references, row_codec, row_sql
from webapp.services.changes.proposals import ALWAYS_COUNTED, COUNTED_AS, Item, Moved
from webapp.services.changes.row_sql import BY_KEY, OF_ITEMS

# What is counted: rows, or the hundredths of what rows of a long file are compared by, all of them at once.
ROWS, COMPARING = "rows", "comparing"
# Of more rows than this each part is told of.
PART = 2500
PARTS = (
    "SELECT min(position), max(position), count(*) FROM (SELECT i.position,"
    " (row_number() OVER (ORDER BY i.position) - 1) / :size AS part FROM change_set_items i"
    f" WHERE {OF_ITEMS} AND i.action = :action) numbered GROUP BY part ORDER BY part"
)
# The actions of whose items it is told which fields they change.
CHANGING = (change.UPDATE, change.CLOSE)
OF_PART = " AND i.position BETWEEN :first AND :last"


class OnRows(Protocol):
    """Told how many are done so far, and how many there are; where something else is counted, it begins at 0 again."""

    def __call__(self, done: int, total: int, counted: str = ROWS, /) -> None: ...


def in_silence(_done: int, _total: int, _counted: str = ROWS, /) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Content:
    """How many items there are of one action, which fields those that change rows change, how many lack a number."""

    number: int
    fields: frozenset[str]
    unnumbered: int


@dataclass(frozen=True, slots=True)
class TableOfItems:
    """The rows of one table that a change set is about, and how they are written; `contents` by action."""

    model: type[db.Base]
    change_set_id: int
    contents: Mapping[str, Content]

    @property
    def name(self) -> str:
        """The table's name."""
        return row_codec.table_of(self.model).name

    @property
    def number(self) -> int:
        """How many items there are."""
        return sum(content.number for content in self.contents.values())

    @property
    def items(self) -> dict[str, Any]:
        """The parameters of a statement on these items."""
        return {"id": self.change_set_id, "table": self.name}

    def lock(self) -> None:
        """Keep the rows from others until the transaction ends, in the order in which everybody does."""
        db.session.execute(
            text(
                f"SELECT count(*) FROM (SELECT 1 FROM {self.name} t JOIN change_set_items i"
                f" ON {row_sql.same_row(self.model)} WHERE {OF_ITEMS}"
                f" ORDER BY {row_sql.in_order(self.model)} FOR NO KEY UPDATE OF t) locked"
            ),
            self.items,
        )

    def begin(self) -> int:
        """Let rows of the table that refer to one another be written in any order."""
        return self._check_references("DEFERRED")

    def end(self) -> int:
        """Check what was let be until all rows are written."""
        return self._check_references("IMMEDIATE")

    def _check_references(self, when: str) -> int:
        for name, column in row_codec.references_to_itself(self.model).items():
            if self._may_break(column):
                db.session.execute(text(f"SET CONSTRAINTS {name} {when}"))
        return 0

    def _may_break(self, column: str) -> bool:
        """Whether rows come or go, or are laid over others now."""
        return any(
            action not in (change.UPDATE, change.CLOSE) or column in content.fields
            for action, content in self.contents.items()
        )

    def delete(self) -> int:
        """Delete what is to go; how many rows, as each of these says."""
        return self._write(
            f"DELETE FROM {self.name} t USING change_set_items i"
            f" WHERE {OF_ITEMS} AND i.action = 'delete' AND {row_sql.same_row(self.model)}"
            " AND t.version = i.base_version",
            change.DELETE,
        )

    def close(self) -> int:
        """Write the rows that end, and let go of their codes."""
        return self._update_all(change.CLOSE)

    def update(self) -> int:
        """Write the rows that change: all at once, or in turn where what is one row's own passes to another row."""
        if change.UPDATE not in self.contents:
            return 0
        identifying = self.contents[change.UPDATE].fields & row_codec.identifying_names(self.model)
        if not identifying:
            return self._update_all(change.UPDATE)
        try:
            with db.session.begin_nested():
                return self._update_all(change.UPDATE)
        except IntegrityError as error:
            if sqlstates.of(error) != sqlstates.UNIQUE_VIOLATION:
                raise
            return self._update_in_turn(identifying)

    def _update_in_turn(self, identifying: frozenset[str]) -> int:
        """Row after row in the order of the items, as far as it matters."""
        touching = f"jsonb_exists_any(i.after, {row_sql.array_of(identifying)})"
        updating = self._updating(change.UPDATE)
        of_items = f"FROM change_set_items i WHERE {OF_ITEMS} AND i.action = 'update'"
        in_turn = f"SELECT i.position {of_items} AND {touching} ORDER BY i.position"
        positions: Sequence[int] = db.session.scalars(text(in_turn), self.items).all()
        self._run(f"{updating} AND NOT {touching}", self.contents[change.UPDATE].number - len(positions))
        for position in positions:
            self._run(f"{updating} AND i.position = :position", 1, position=position)
        return self.contents[change.UPDATE].number

    def _update_all(self, action: str) -> int:
        return self._write(self._updating(action), action) if action in self.contents else 0

    def _updating(self, action: str) -> str:
        names = self.contents[action].fields
        columns = [column for column in row_codec.curated_columns(self.model) if column.name in names]
        quoted = row_sql.quoted
        assignments = ", ".join(f"{quoted(column)} = n.{quoted(column)}" for column in columns)
        keys = " AND ".join(f"t.{quoted(key)} = o.{quoted(key)}" for key in row_codec.key_columns(self.model))
        # jsonb_populate_record lays the changed fields over the stored row, in the row's own types. If somebody else
        # commits between the reading of o and the locking of t, t's version no longer matches and the count tells.
        return (
            f"UPDATE {self.name} t SET {assignments}"
            f" FROM change_set_items i JOIN {self.name} o ON {row_sql.same_row(self.model, 'o')}"
            " CROSS JOIN LATERAL jsonb_populate_record(o, i.after) n"
            f" WHERE {OF_ITEMS} AND i.action = '{action}' AND {keys} AND t.version = i.base_version"
        )

    def bring_back(self) -> int:
        """Create rows that were there before; their versions count on."""
        if change.CREATE not in self.contents:
            return 0
        db.set_locally({"app.keeps_version": "on"})
        created = self.create()
        db.set_locally({"app.keeps_version": "off"})
        return created

    def updates(self) -> Iterator[Callable[[], int]]:
        """The steps that change rows: part by part, unless it matters which is written before which."""
        content = self.contents.get(change.UPDATE)
        if content is None:
            return
        if content.number <= PART or content.fields & row_codec.identifying_names(self.model):
            yield self.update
            return
        updating = f"{self._updating(change.UPDATE)}{OF_PART}"
        yield from (partial(self._update_part, updating, *part) for part in self._parts(change.UPDATE))

    def _update_part(self, statement: str, first: int, last: int, number: int) -> int:
        """By their keys: otherwise each part would read the whole table. All around it is planned for many at once."""
        db.set_locally(BY_KEY | {"enable_nestloop": "on"})
        written = self._write_part(statement, first, last, number)
        db.set_locally(dict.fromkeys(BY_KEY, "on") | {"enable_nestloop": "off"})
        return written

    def creations(self) -> Iterator[Callable[[], int]]:
        """The steps that create rows: many of them part by part, so that it can be told how far that has come."""
        if change.CREATE not in self.contents:
            return
        if self.contents[change.CREATE].number <= PART:
            yield self.create
            return
        creating = self._creating(OF_PART)
        yield from (partial(self._write_part, creating, *part) for part in self._parts(change.CREATE))

    def _parts(self, action: str) -> Sequence[Any]:
        """Of each part the first place, the last one, and how many rows lie between."""
        facts = {**self.items, "size": PART, "action": action}
        return db.session.execute(text(PARTS), facts).all()

    def create(self) -> int:
        """Create rows; those whose numbers are counted up have them in their items."""
        return self._write(self._creating(), change.CREATE) if change.CREATE in self.contents else 0

    def _write_part(self, statement: str, first: int, last: int, number: int) -> int:
        self._run(statement, number, first=first, last=last)
        return number

    def _creating(self, of_part: str = "") -> str:
        names = [row_sql.quoted(column) for column in row_codec.curated_columns(self.model)]
        values = [f"r.{name}" for name in names]
        if row_codec.is_counted(self.model):
            (key,) = row_codec.key_columns(self.model)
            if self.contents[change.CREATE].unnumbered:
                self._number(key)
            names.insert(0, row_sql.quoted(key))
            values.insert(0, "i.row_key::bigint")
        return (
            f"INSERT INTO {self.name} ({', '.join(names)}) SELECT {', '.join(values)}"
            f" FROM change_set_items i, jsonb_populate_record(NULL::{self.name}, i.after) r"
            f" WHERE {OF_ITEMS} AND i.action = 'create'{of_part} ORDER BY i.position"
        )

    def _number(self, key: Column[Any]) -> None:
        """Number the rows to come of a change set that was stored by code which left that to its applying."""
        statement = (
            "UPDATE change_set_items i SET row_key ="
            f" nextval(pg_get_serial_sequence('{self.name}', '{key.name}'))::text"
            f" WHERE {OF_ITEMS} AND i.action = 'create' AND i.row_key IS NULL"
        )
        db.session.execute(text(statement), self.items)

    def _write(self, statement: str, action: str) -> int:
        """Run a statement that must touch exactly the rows of its items; how many those are."""
        if action not in self.contents:
            return 0
        self._run(statement, self.contents[action].number)
        return self.contents[action].number

    def _run(self, statement: str, number: int, **more: int) -> None:
        result: Any = db.session.execute(text(statement), {**self.items, **more})
        if result.rowcount != number:
            raise Moved()


def counts(tables: Sequence[TableOfItems]) -> dict[str, int]:
    """created, updated, closed, deleted and unchanged rows; verified and released ones where there are any."""
    numbers = dict.fromkeys((*ALWAYS_COUNTED, "unchanged"), 0)
    of_others = [table for table in tables if not table.model.follows_others]
    for table in of_others or tables:
        for action, content in table.contents.items():
            name = COUNTED_AS[action]
            numbers[name] = numbers.get(name, 0) + content.number
    return numbers


def tables_of(change_set_id: int, items: Iterable[Item]) -> list[TableOfItems]:
    """As `tables`, of a change set whose items have just been stored, with numbers for all new rows."""
    of_each: dict[type[db.Base], dict[str, list[Item]]] = {}
    for item in items:
        of_each.setdefault(item.model, {}).setdefault(item.action, []).append(item)
    of_tables = [
        TableOfItems(
            model, change_set_id, {action: _content(action, of_action) for action, of_action in by.items()}
        )
        for model, by in of_each.items()
    ]
    return references.sorted_by(of_tables, lambda table: table.model)


def _content(action: str, items: Sequence[Item]) -> Content:
    fields = (name for item in items for name in item.after) if action in CHANGING else ()
    return Content(len(items), frozenset(fields), unnumbered=0)


def tables(change_set_id: int) -> list[TableOfItems]:
    """What a change set writes, table by table, those that others refer to first."""
    rows = db.session.execute(
        text(
            "SELECT i.table_name, i.action, count(DISTINCT i.position),"
            " array_agg(DISTINCT f.name) FILTER (WHERE f.name IS NOT NULL),"
            " count(DISTINCT i.position) FILTER (WHERE i.row_key IS NULL)"
            " FROM change_set_items i LEFT JOIN LATERAL jsonb_object_keys(i.after) AS f (name)"
            " ON i.action = ANY(:changing) WHERE i.change_set_id = :id GROUP BY i.table_name, i.action"
        ),
        {"id": change_set_id, "changing": list(CHANGING)},
    )
    contents: dict[str, dict[str, Content]] = {}
    for table_name, action, number, names, unnumbered in rows:
        content = Content(int(number), frozenset(names or ()), int(unnumbered))
        contents.setdefault(table_name, {})[action] = content
    of_tables = [
        TableOfItems(row_codec.model_of(name), change_set_id, of_table) for name, of_table in contents.items()
    ]
    return references.sorted_by(of_tables, lambda table: table.model)
