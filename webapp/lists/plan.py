"""What the list of one kind of record offers: declared once by its screen, asked by whatever lists records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Select,
    String,
    Text,
    inspect,
    or_,
)

from webapp import db
from webapp.label import Label
from webapp.lists import filters, orders, search
from webapp.lists.conditions import ColumnFilter
from webapp.lists.knowledge import Known
from webapp.lists.orders import Level, Levels
from webapp.lists.paging import Order
from webapp.models import folding
from webapp.naming import OWNER
from webapp.services.changes import row_codec
from webapp.words import statement_labels, units
from webapp.words.speech import Speech
from webapp.words.statement_labels import NO_BASIS, Basis

# What a small table may be sorted by without saying so; long texts would not fit into the address of a place.
PLAIN = (Boolean, Date, DateTime, Integer, Numeric, String)


def _everything(statement: Select[Any]) -> Select[Any]:
    return statement


@dataclass(frozen=True, slots=True)
class SpecialCell:
    """A cell that is no column: its label, how a record shows it, and the columns that it reads."""

    label: Label
    show: Callable[[Any, Speech], Any]
    reads: tuple[str, ...]
    # Loader options for what it reads of other tables, in the same statement.
    loads: Callable[[], tuple[Any, ...]] = tuple
    # A whole sentence, which lists are read for.
    is_wide: bool = False
    is_number: bool = False

    def in_language(self, speech: Speech) -> Callable[[Any], Any]:
        """How a record shows it in one language."""
        return lambda record: self.show(record, speech)


@dataclass(frozen=True, eq=False)
class ListPlan:
    """Columns by their names in the list: a column of the table, a relation over one, or a special cell."""

    model: type[db.Base]
    columns: tuple[str, ...]
    # The column that links to the record.
    link: str
    usual_order: tuple[str, bool]
    # The column of a derived table that holds every day on which rows stand, called as the table's own: see `days`.
    days: Any = None
    searched: tuple[str, ...] = ()
    # What a searched word demands of a row; None where it is to be found in one of the searched columns.
    search: Callable[[str], ColumnElement[bool]] | None = None
    # Rows that had exactly such a code or name before: a search puts them behind those that have it.
    had_before: Callable[[str], ColumnElement[bool]] | None = None
    filtered: tuple[str, ...] = ()
    # What the list can be sorted by: name in the list -> columns of an index, in its order.
    sorts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Whether the table may pass 100,000 rows: then it is sorted only as an index has it.
    is_large: bool = True
    special: Mapping[str, SpecialCell] = field(default_factory=dict)
    # Columns that neither a list nor a file holds.
    hidden: frozenset[str] = frozenset()
    # The row rule: which rows there are to see. List, count, export, look-up and every page ask it.
    visible: Callable[[Select[Any]], Select[Any]] = _everything
    # Which rows are entries of the list, where others are shown as part of one; a search looks through all of them.
    entries: Callable[[], ColumnElement[bool]] | None = None
    # Which rows were known on a day, of a list that can be looked at so.
    knows: Callable[[Known], ColumnElement[bool]] | None = None
    sizes: tuple[int, ...] = (20, 50, 100, 200)
    size: int = 50

    @property
    def shows_all(self) -> bool:
        """Whether every row of the table is there to see for everybody."""
        return self.visible is _everything

    @cached_property
    def table_columns(self) -> Any:
        """The table's columns by name."""
        return row_codec.table_of(self.model).columns

    @cached_property
    def filters(self) -> dict[str, ColumnFilter]:
        """The filters by their names in an address: of the panel's columns in their order, then of all others."""
        others = (column.name for column in self.table_columns if column.name not in self.hidden)
        names = dict.fromkeys((*self.filtered, *others)) if self.filtered else ()
        asked = [one for name in names for one in filters.for_column(self.table_columns[name])]
        return {one.arg: one for one in asked}

    @cached_property
    def facets(self) -> dict[str, ColumnFilter]:
        """The filters of the panel whose values can be ticked."""
        return {
            arg: one
            for arg, one in self.filters.items()
            if one.column.name in self.filtered and filters.is_facet(one)
        }

    @cached_property
    def money(self) -> frozenset[str]:
        """The columns that hold amounts of money."""
        return frozenset(column.name for column in self.table_columns if units.is_money(column))

    @cached_property
    def has_facets(self) -> bool:
        """Whether there are values to tick."""
        return bool(self.facets)

    @cached_property
    def offered_sorts(self) -> Mapping[str, tuple[str, ...]]:
        """Every name of the list that it can be sorted by, with the columns that this means."""
        plain = (
            {} if self.is_large else {c.name: (_sorted(c),) for c in self.table_columns if self._is_plain(c)}
        )
        return {**self.sorts, **plain}

    @cached_property
    def offered(self) -> dict[str, Label]:
        """What the list may show, and how it is called: its own columns, then the others of the table."""
        references = {column.name for name in self.columns if (column := self.column_of(name)) is not None}
        others = [c.name for c in self.table_columns if c.name not in references | self.hidden]
        return {name: self.label_of(name) for name in dict.fromkeys((*self.columns, *others))}

    @cached_property
    def relations(self) -> Any:
        """The model's relations by name."""
        return inspect(self.model).relationships

    def column_of(self, name: str) -> Column[Any] | None:
        """The column behind a name of the list, if it is one or a relation over one."""
        column: Column[Any] | None = self.table_columns.get(name)
        if column is not None:
            return column
        relation: Any = self.relations.get(name)
        return None if relation is None else next(iter(relation.local_columns))

    def label_of(self, name: str, basis: Basis = NO_BASIS) -> Label:
        """What a name of the list is called."""
        if name in self.special:
            return self.special[name].label
        column = self.column_of(name)
        if column is None:
            return Label(name, name)
        return statement_labels.called(column, basis)

    def chosen(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of the names that may be shown, with the one that leads to the record; the usual ones for no name."""
        chosen = [name for name in dict.fromkeys(names) if name in self.offered] if names else []
        if not chosen:
            return self.columns
        return tuple(chosen if self.link in chosen else [self.link, *chosen])

    # ---- What is searched -----------------------------------------------------------------------------------

    def search_conditions(self, text: str) -> list[ColumnElement[bool]]:
        """What a search demands of a row: every word must be found somewhere."""
        find = self.search or self._somewhere
        return [find(term) for term in search.terms(text)] if self.searched else []

    def _somewhere(self, term: str) -> ColumnElement[bool]:
        columns = self.table_columns
        return or_(
            *(
                (
                    search.of_companies(columns["company_id"], term)
                    if name == OWNER
                    else search.contains(columns[name], search.plain(term))
                )
                for name in self.searched
            )
        )

    # ---- Orders ---------------------------------------------------------------------------------------------

    @cached_property
    def usual_levels(self) -> Levels:
        """The levels of the usual order."""
        return (Level(*self.usual_order),)

    def levels(self, asked: Sequence[Level]) -> Levels:
        """Those of the levels that the list offers; the usual order where it offers none of them."""
        offered = tuple(level for level in asked if level.name in self.offered_sorts)[: orders.MOST]
        if not offered:
            return self.usual_levels
        return self._of_an_index(offered) if self.is_large else offered

    def order(self, levels: Levels) -> Order:
        """The order of these levels, which is total. The last one brings all columns of its index, and the key its
        direction."""
        columns, sorts = self.table_columns, self.offered_sorts
        ways: dict[Column[Any], bool] = {}
        for level in levels[:-1]:
            ways.setdefault(columns[sorts[level.name][0]], level.is_descending)
        last = levels[-1]
        for name in sorts[last.name]:
            ways.setdefault(columns[name], last.is_descending)
        for key in row_codec.key_columns(self.model):
            ways.setdefault(key, last.is_descending)
        return Order(tuple(ways), tuple(ways.values()))

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

    def _is_plain(self, column: Column[Any]) -> bool:
        if column.foreign_keys or column.name in self.hidden or column.name in self.sorts:
            return False
        return isinstance(column.type, PLAIN) and not isinstance(column.type, Text)


def _sorted(column: Column[Any]) -> str:
    """The column that a column is sorted by: a name by its key, so that カブシキガイシャ does not lead."""
    key = folding.beside(column)
    return column.name if key is None else str(key.name)


_plans: dict[type[db.Base], ListPlan] = {}


def declare(plan: ListPlan) -> None:
    """Let everybody find the list of a kind of record."""
    _plans[plan.model] = plan


def of_model(model: type[db.Base]) -> ListPlan | None:
    """The list of a kind of record; None where nobody declared one."""
    return _plans.get(model)
