"""The columns of a list as they are shown: heads, and how each record's cells read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from markupsafe import Markup

from webapp.lists import orders
from webapp.lists.orders import Level
from webapp.lists.plan import ListPlan
from webapp.lists.query import ListQuery
from webapp.models import references
from webapp.screens.record import row_markup
from webapp.screens.record.row_markup import Cell
from webapp.words import formatters, labels, statement_labels, units
from webapp.words.speech import Speech
from webapp.words.statement_labels import NO_BASIS, Basis
from webapp.words.units import Unit

# Where a record is shown; None where this reader may not look.
LinkOf = Callable[[Any], str | None]
OTHER = Markup('{} <span class="unit">{}</span>')
# Choices of columns, languages and units together make some hundreds.
KEPT = 1000


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of a list in one language, with money in one unit."""

    name: str
    label: str
    unit: str
    classes: str
    is_sorted: bool
    # How a record's cell reads; None for a relation, whose links are this reader's.
    cell: Cell | None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: where a click on it leads, and how it takes part in the order."""

    column: ShownColumn
    address: str | None = None
    level: Level | None = None
    # Counted from 1, where there are several levels.
    number: int | None = None
    is_first: bool = False


@lru_cache(maxsize=KEPT)
def of_list(
    plan: ListPlan, names: tuple[str, ...], speech: Speech, unit: Unit, basis: Basis = NO_BASIS
) -> tuple[ShownColumn, ...]:
    """The columns of these names."""
    return tuple(_shown(plan, name, speech, unit, basis) for name in names)


def heads(query: ListQuery, columns: Sequence[ShownColumn], start: str) -> list[Head]:
    """The heads of a list's columns; `start` is the address of the list without a query."""
    base = query.from_start(levels=query.plan.usual_levels).address(start)
    base += f"{'&' if '?' in base else '?'}{orders.NAME}="
    levels = query.levels
    numbers = {level.name: number for number, level in enumerate(levels, start=1)}
    row = []
    for column in columns:
        number = numbers.get(column.name)
        if number is not None:
            level = levels[number - 1]
            counted = number if len(levels) > 1 else None
            # A click turns it round.
            turned = column.name if level.is_descending else orders.DOWN + column.name
            row.append(Head(column, base + turned, level, counted, number == 1))
        else:
            row.append(Head(column, base + column.name if column.is_sorted else None))
    return row


def cells(
    plan: ListPlan, columns: Sequence[ShownColumn], link_of: LinkOf, speech: Speech
) -> list[row_markup.Column]:
    """How the rows of one page are written."""
    return [
        row_markup.Column(
            column.cell or _linked(column.name, link_of, speech),
            row_markup.opening(column.classes),
            column.name == plan.link,
        )
        for column in columns
    ]


def cell_of(plan: ListPlan, name: str, speech: Speech, unit: Unit, link_of: LinkOf) -> Cell:
    """How the cells of one column read."""
    (column,) = of_list(plan, (name,), speech, unit)
    return column.cell or _linked(name, link_of, speech)


def exact_cell(plan: ListPlan, name: str, speech: Speech, link_of: LinkOf) -> Cell:
    """How a single record shows a value: every decimal, days with their era, references as links."""
    if name in plan.special:
        return plan.special[name].in_language(speech)
    column = plan.table_columns.get(name)
    if column is None:
        return _linked(name, link_of, speech)
    relation = references.relation_of(column) if column.foreign_keys else None
    return _linked(relation, link_of, speech) if relation else _plain(column, speech, is_exact=True)


def _shown(plan: ListPlan, name: str, speech: Speech, unit: Unit, basis: Basis) -> ShownColumn:
    column = plan.table_columns.get(name)
    special = plan.special.get(name)
    is_number = special.is_number if special else column is not None and formatters.is_number(column)
    is_money = units.is_money(column)
    unit_label = None if column is None else statement_labels.unit_of(column, basis, unit)
    is_wide = special is not None and special.is_wide
    marks = {"num": is_number, "pin": name == plan.link, "wide": is_wide}
    cell: Cell | None = None
    if special is not None:
        cell = special.in_language(speech)
    elif is_money and unit is not units.YEN:
        cell = _amount(name, unit)
    elif column is not None:
        cell = _plain(column, speech, is_exact=False)
    if cell is not None and statement_labels.is_of_currency(column):
        cell = _in_its_currency(cell, basis.currency or units.JPY)
    return ShownColumn(
        name,
        speech.say(plan.label_of(name, basis)),
        "" if unit_label is None else speech.in_brackets("", speech.say(unit_label)),
        " ".join(mark for mark, is_so in marks.items() if is_so),
        name in plan.offered_sorts,
        cell,
    )


def _amount(name: str, unit: Unit) -> Cell:
    value_of = attrgetter(name)
    return lambda record: formatters.amount(value_of(record), unit)


def _in_its_currency(cell: Cell, currency: str) -> Cell:
    """An amount in another currency than the column's head says has the code of its own beside it."""

    def show(record: Any) -> Any:
        shown = cell(record)
        return shown if shown is None or record.currency == currency else OTHER.format(shown, record.currency)

    return show


def _plain(column: Any, speech: Speech, *, is_exact: bool) -> Cell:
    value_of = attrgetter(column.name)
    if labels.is_code(column):
        return value_of
    if tones := labels.tones_of(column):
        badges = {
            word: formatters.badge(labels.word(column, word, speech), tone) for word, tone in tones.items()
        }
        return lambda record: badges.get(value_of(record), value_of(record))
    show = formatters.for_column(column, speech, is_exact=is_exact)
    return lambda record: show(value_of(record))


def _linked(relation: str, link_of: LinkOf, speech: Speech) -> Cell:
    """A reference as a link, for one page: the same record is often referred to many times."""
    value_of = attrgetter(relation)
    known: dict[Any, Any] = {None: None}

    def show(record: Any) -> Any:
        referred = value_of(record)
        if referred not in known:
            url = link_of(referred)
            name = referred.naming.of_record(referred, speech.language)
            known[referred] = formatters.link(url, name) if url else name
        return known[referred]

    return show
