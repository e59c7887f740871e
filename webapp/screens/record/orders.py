"""In which order a list is: its levels as an address says them, and the columns that PostgreSQL sorts by."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from markupsafe import Markup, escape
from sqlalchemy import Boolean, Column, ColumnElement, Date, DateTime, Integer, Numeric, String, Text

from webapp.lists import paging
from webapp.lists.paging import Order
from webapp.screens.record.columns import ColumnsView
from webapp.services.changes import row_codec

# The name in an address; how many levels it may have.
NAME, MOST = "order", 4
DOWN = "-"
# The name by which the menu says, without script, which of its levels are descending: by their numbers from 1.
TURNED = "down"
# What a small table may be sorted by without saying so; long texts would not fit into the address of a place.
PLAIN = (Boolean, Date, DateTime, Integer, Numeric, String)


@dataclass(frozen=True, slots=True)
class Level:
    """One column of an order, by its name in the list."""

    name: str
    is_descending: bool = False

    @property
    def word(self) -> str:
        """As an address says it."""
        return DOWN + self.name if self.is_descending else self.name

    @property
    def turned(self) -> "Level":
        """The same the other way round."""
        return Level(self.name, not self.is_descending)


Levels = tuple[Level, ...]


def read(texts: Iterable[str], turned: Container[str] = ()) -> Levels:
    """The levels in an address, each column once; the names may be any. `turned` numbers texts that are descending."""
    found: dict[str, Level] = {}
    for number, text in enumerate(texts, start=1):
        for word in text[: paging.LONGEST].split(","):
            name = word.strip().removeprefix(DOWN)
            found.setdefault(name, Level(name, word.strip().startswith(DOWN) or str(number) in turned))
    return tuple(found.values())


def write(levels: Sequence[Level]) -> str:
    """Levels for an address."""
    return ",".join(level.word for level in levels)


class Head(NamedTuple):
    """The head of a column: where a click on it leads, and how it takes part in the order."""

    name: str
    label: Any
    address: str | None = None
    level: Level | None = None
    # Counted from 1, where there are several levels.
    number: int | None = None
    is_first: bool = False


class OrderedView(ColumnsView):
    """A list that can be sorted by one or several of its columns."""

    column_default_sort: tuple[str, bool]
    # What the list can be sorted by: column of the list -> columns of an index, in its order.
    sorts: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # Whether the table may pass 100,000 rows: then it is sorted only as an index has it.
    is_large: ClassVar[bool] = True

    def offered_sorts(self) -> Mapping[str, tuple[str, ...]]:
        """Every column of the list that it can be sorted by, with the columns that this means."""
        known: dict[str, tuple[str, ...]] | None = self.__dict__.get("_offered_sorts")
        if known is None:
            known = dict(self.sorts)
            if not self.is_large:
                known |= {c.name: (c.name,) for c in self.columns if self._is_sortable_plainly(c)}
            self.__dict__["_offered_sorts"] = known
        return known

    def get_sortable_columns(self) -> Any:
        return dict(self.offered_sorts())

    def levels(self, asked: Sequence[Level]) -> Levels:
        """Those of the levels that the list offers; the usual order where it offers none of them."""
        offered = self.offered_sorts()
        found = tuple(level for level in asked if level.name in offered)[:MOST]
        if not found:
            return (Level(*self.column_default_sort),)
        return self._of_an_index(found) if self.is_large else found

    def asked_levels(self, given: Any) -> Levels:
        """The levels of the order in an address that was read."""
        return self.levels(read([given.extra_args.get(NAME, "")]))

    def asked_order(self, given: Any) -> Order:
        """The order in an address that was read, ended by the key so that it is total."""
        return self.ordering(self.asked_levels(given))

    def ordering(self, levels: Sequence[Level]) -> Order:
        """The order of these levels. The last one brings all columns of its index, and the key its direction."""
        offered = self.offered_sorts()
        ways: dict[Column[Any], bool] = {}
        for level in levels[:-1]:
            ways.setdefault(self.columns[offered[level.name][0]], level.is_descending)
        last = levels[-1]
        for name in offered[last.name]:
            ways.setdefault(self.columns[name], last.is_descending)
        for key in row_codec.key_columns(self.model):
            ways.setdefault(key, last.is_descending)
        return Order(tuple(ways), tuple(ways.values()))

    def order(self, name: str | None, *, is_descending: bool) -> tuple[ColumnElement[Any], ...]:
        """ORDER BY of one level; the usual order for no name."""
        asked = [] if name is None else [Level(name, is_descending)]
        return self.ordering(self.levels(asked)).clauses()

    def order_in_address(self, given: Any, asked: Sequence[str], turned: Container[str]) -> str | None:
        """The order that an address asks for, as it is written; None for the usual one.

        Flask-Admin's own `sort=N&desc=1` is still understood: a column by its place in the usual list.
        """
        wanted = read(asked, turned)
        if not asked and given.sort is not None and 0 <= given.sort < len(self.column_list):
            wanted = (Level(self.column_list[given.sort], bool(given.sort_desc)),)
        levels = self.levels(wanted)
        return None if levels == self.levels(()) else write(levels)

    def heads(self, columns: Iterable[tuple[str, Any]], levels: Levels, base: str) -> list[Head]:
        """The heads of the list's columns; `base` is the address of the list in its usual order."""
        offered = self.offered_sorts()
        known = {level.name: number for number, level in enumerate(levels, start=1)}
        start = f"{base}{'&' if '?' in base else '?'}{NAME}="
        found = []
        for name, label in columns:
            if name not in offered:
                found.append(Head(name, label))
            elif (number := known.get(name)) is None:
                found.append(Head(name, label, start + name))
            else:
                level = levels[number - 1]
                shown = number if len(levels) > 1 else None
                found.append(Head(name, label, start + level.turned.word, level, shown, number == 1))
        return found

    def sort_choices(self, levels: Levels) -> list[tuple[Markup, bool]]:
        """Of each of the menu's levels the options and whether it is descending; one more where one may follow."""
        options = self.said_once("sorts", self._options)
        shown = [*levels, Level("")] if len(levels) < MOST and not self.is_large else levels
        chosen = [options.replace(f'value="{one.name}"', f'value="{one.name}" selected', 1) for one in shown]
        marked = [Markup(one) for one in chosen]  # noqa: S704  # escaped when it was said
        return [(one, level.is_descending) for one, level in zip(marked, shown, strict=True)]

    def _options(self) -> str:
        said = {"": "", **{name: self.get_column_name(name) for name in self.offered_sorts()}}
        return "".join(
            f'<option value="{escape(name)}">{escape(label)}</option>' for name, label in said.items()
        )

    def _of_an_index(self, levels: Levels) -> Levels:
        """As many of the levels as the index of the first one has in this order, all one way."""
        columns = self.sorts[levels[0].name]
        fitting = 1
        for place, level in enumerate(levels[1:], start=1):
            is_next = place < len(columns) and self.sorts[level.name][0] == columns[place]
            if not is_next or level.is_descending != levels[0].is_descending:
                break
            fitting += 1
        return levels[:fitting]

    def _is_sortable_plainly(self, column: Column[Any]) -> bool:
        if column.foreign_keys or column.name in self.never_exported or column.name in self.sorts:
            return False
        return isinstance(column.type, PLAIN) and not isinstance(column.type, Text)
