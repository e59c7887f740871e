"""What stands in the way of undoing: rows that somebody touched since, and new rows that others refer to by now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, tuple_

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.rules import change
from webapp.services.changes import proposing, references, row_codec, row_sql
from webapp.services.changes.following import former_names
from webapp.services.changes.row_sql import OF_ITEMS
from webapp.services.changes.row_writing import TableOfItems

# So many rows are told by their names; the others are counted.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Overtaking:
    """A row that is no longer as the change set left it: in which fields, by whom and with which change set.

    No fields: the row is gone, or is there again. No name: somebody outside this admin, or nobody knows.
    `is_referred_to`: the row is as it was left, but others refer to it by now, so that it cannot go.
    """

    table_name: str
    label: str
    fields: tuple[str, ...] = ()
    changed_by: str | None = None
    change_set_id: int | None = None
    is_referred_to: bool = False
    # Its key as items write it: a reader is told what the row is called in their language.
    row_key: str | None = None


class Overtaken(Exception):
    """Some rows cannot be undone: the first of them by name, how many they are, and how many others could be."""

    def __init__(self, rows: Iterable[Overtaking], number: int, others: int) -> None:
        self.rows = list(rows)
        self.number = number
        self.others = others
        super().__init__(f"{number} rows have changed since, {others} have not")


@dataclass(frozen=True, slots=True)
class InTheWay:
    """The places of items that cannot be undone, by why; `held`: rows that stay refer to them.

    `following`: what follows from rows that stay, and is not counted beside them.
    """

    touched: Sequence[int]
    referred_to: Sequence[int]
    held: Sequence[int] = ()
    following: Sequence[int] = ()

    @property
    def counted(self) -> list[int]:
        """Those that people are told of."""
        return [*self.touched, *self.referred_to, *self.held]

    @property
    def positions(self) -> list[int]:
        """All of them."""
        return [*self.counted, *self.following]


def look(tables: Sequence[TableOfItems]) -> InTheWay:
    """What stands in the way of undoing a change set that wrote these tables."""
    touched: list[int] = []
    with row_sql.planned_for(sum(table.number for table in tables)):
        for table in counted(tables):
            touched += _positions(_touched(table), table)
    referred_to = _referred_to(tables, touched, staying=())
    staying = [*touched, *referred_to]
    held = _referred_to(tables, staying, staying) if staying else ()
    following: list[int] = []
    for table in tables:
        if table not in counted(tables):
            following += _positions(_touched(table), table)
            following += former_names.of_items(table.change_set_id, [*staying, *held])
    return InTheWay(touched, referred_to, held, following)


def counted(tables: Sequence[TableOfItems]) -> Sequence[TableOfItems]:
    """The tables that people are told of: without those whose rows follow from others, unless there are only such."""
    return [table for table in tables if not table.model.follows_others] or tables


def _referred_to(tables: Sequence[TableOfItems], known: Sequence[int], staying: Sequence[int]) -> list[int]:
    """More new rows to which others refer that do not go with them; first what refers, then what is referred to."""
    positions: list[int] = []
    for table in reversed(tables):
        if change.CREATE in table.contents:
            # Whoever refers is asked by index, row by row, also where PostgreSQL takes the table for empty.
            with row_sql.planned_for(1):
                for statement in _references(table):
                    left = {"known": [*known, *positions], "left": [*staying, *positions] if staying else []}
                    positions += _positions(statement, table, **left)
    return positions


def _touched(table: TableOfItems) -> str:
    model = table.model
    # What the change set itself wrote last is as it left it: nothing needs to be compared.
    as_left = f"(t.change_set_id IS NOT DISTINCT FROM :id OR {row_sql.holds(model, 'i.after')})"
    return (
        f"SELECT i.position FROM change_set_items i LEFT JOIN {table.name} t ON {row_sql.same_row(model)}"
        f" WHERE {OF_ITEMS} AND CASE i.action WHEN 'delete' THEN {row_sql.is_there(model)}"
        f" ELSE NOT ({row_sql.is_there(model)} AND {as_left}) END ORDER BY i.position"
    )


def _references(table: TableOfItems) -> Iterator[str]:
    """For each table that refers to this one: the new rows to which a row refers that would not go with them."""
    for child, pairs in references.columns_to(table.model):
        name = row_codec.table_of(child).name
        refers = " OR ".join(
            f"c.{row_sql.quoted(remote)} = t.{row_sql.quoted(local)}" for local, remote in pairs
        )
        # OFFSET 0 asks the index of the referring table row by row: it may hold ten million prices. And it takes the
        # rows by their items: with statistics of before an import, items were looked through for each row instead.
        yield (
            "SELECT i.position FROM change_set_items i CROSS JOIN LATERAL"
            f" (SELECT t.* FROM {table.name} t WHERE {row_sql.same_row(table.model)} OFFSET 0) t"
            f" WHERE {OF_ITEMS} AND i.action = 'create' AND NOT i.position = ANY(:known)"
            f" AND EXISTS (SELECT 1 FROM {name} c WHERE ({refers}) AND NOT EXISTS ("
            f"SELECT 1 FROM change_set_items o WHERE o.change_set_id = :id AND o.table_name = '{name}'"
            f" AND o.row_key = {row_sql.key_of(child, 'c')} AND NOT o.position = ANY(:left)) OFFSET 0)"
            " ORDER BY i.position"
        )


def _positions(statement: str, table: TableOfItems, **more: Any) -> Sequence[int]:
    return db.session.scalars(text(statement), {**table.items, **more}).all()


def told(change_set: ChangeSet, in_the_way: InTheWay, number_of_items: int) -> Overtaken:
    """The refusal to undo, with the names of the first rows and of who changed them."""
    positions = [*in_the_way.touched, *in_the_way.referred_to]
    others = number_of_items - len(in_the_way.counted)
    named = db.session.scalars(
        select(ChangeSetItem)
        .where(
            ChangeSetItem.change_set_id == change_set.id,
            ChangeSetItem.position.in_(sorted(positions)[:MOST_NAMED]),
        )
        .order_by(ChangeSetItem.position)
    ).all()
    stored = _stored(named)
    rows = [
        _Row(item, stored.get((item.table_name, item.row_key)), item.position in in_the_way.referred_to)
        for item in named
    ]
    return Overtaken(_overtakings(change_set, rows), len(positions), others)


@dataclass(frozen=True, slots=True)
class _Row:
    """An item beside the row as it is stored now."""

    item: ChangeSetItem
    stored: Mapping[str, Any] | None
    is_referred_to: bool

    @property
    def differing(self) -> tuple[str, ...]:
        """The fields that no longer hold what the change set wrote."""
        if self.stored is None or self.item.action == change.DELETE:
            return ()
        model = row_codec.model_of(self.item.table_name)
        left = row_codec.decode(model, self.item.after)
        silent = row_codec.unheeded_names(model)
        return tuple(
            name for name, value in left.items() if name not in silent and self.stored[name] != value
        )

    @property
    def name(self) -> tuple[str, str | None]:
        return self.item.table_name, self.item.row_key


def _stored(items: Sequence[ChangeSetItem]) -> Mapping[tuple[str, str | None], Mapping[str, Any]]:
    """The rows of items as they are stored now, by table and key as items write them: each table is asked once."""
    by_table: dict[str, dict[Any, str | None]] = {}
    for item in items:
        key = row_codec.key_from(row_codec.model_of(item.table_name), str(item.row_key))
        by_table.setdefault(item.table_name, {})[key] = item.row_key
    return {
        (name, keys[key]): row
        for name, keys in by_table.items()
        for key, row in proposing.fetch(row_codec.model_of(name), list(keys)).items()
    }


def _overtakings(change_set: ChangeSet, rows: Sequence[_Row]) -> Iterator[Overtaking]:
    later = _later(change_set, [row for row in rows if not row.is_referred_to])
    for row in rows:
        named = row.item.table_name, row.item.label_text
        if row.is_referred_to:
            yield Overtaking(*named, is_referred_to=True, row_key=row.item.row_key)
            continue
        touching = (
            (author, number)
            for of_row, fields, author, number in later
            if of_row == row.name and (not row.differing or not fields or fields & {*row.differing})
        )
        author, number = next(touching, (None, None))
        yield Overtaking(*named, row.differing, author, number, row_key=row.item.row_key)


def _later(
    change_set: ChangeSet, rows: Sequence[_Row]
) -> list[tuple[tuple[str, str | None], frozenset[str], str, int]]:
    """What has been applied to these rows since, newest first: table and key, fields, author, change set's number."""
    of_rows = (
        select(
            ChangeSetItem.table_name,
            ChangeSetItem.row_key,
            ChangeSetItem.after,
            ChangeSet.author_name,
            ChangeSet.id,
        )
        .join(ChangeSetItem.change_set)
        .where(
            tuple_(ChangeSetItem.table_name, ChangeSetItem.row_key).in_([row.name for row in rows]),
            ChangeSet.id != change_set.id,
            ChangeSet.applied_at >= change_set.applied_at,
        )
        .order_by(ChangeSet.applied_at.desc(), ChangeSet.id.desc())
    )
    return [
        ((table_name, key), frozenset(after), author, number)
        for table_name, key, after, author, number in db.session.execute(of_rows)
    ]
