"""Pages by keyset: where a page begins, as its address says it and as SQL that an index answers at any depth.

A page is told from the row at its edge, not from a number of rows to skip: rows that are inserted meanwhile move
nothing, and the page after row 5,000,000 costs what the first one costs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Column, ColumnElement, Select, and_, bindparam, literal, or_, select, tuple_, union_all

from webapp.words import keys

# Stands for a missing value in an address; a text that begins with it gets another one in front.
NOTHING = "~"
LONGEST = 2000
LARGEST = Decimal(10) ** 20
# Stands in a place for a value that is handed in.
HANDED_IN = object()

Part = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Order:
    """An order that is total: its last columns are the key. Each column goes its own way; rows without a value come
    last, either way."""

    columns: tuple[Column[Any], ...]
    # Of each column, whether its largest values come first.
    descending: tuple[bool, ...]

    @property
    def is_descending(self) -> bool:
        """Whether the largest values of the first column come first."""
        return self.descending[0]

    def clauses(self, of: Any = None, *, is_backward: bool = False) -> tuple[ColumnElement[Any], ...]:
        """ORDER BY, over the table or over a subquery that has its columns."""
        clauses = [
            _directed(column, column if of is None else of.c[column.name], is_down, is_backward=is_backward)
            for column, is_down in zip(self.columns, self.descending, strict=True)
        ]
        return tuple(clauses)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: past the row of these values (all rows where there are none), read one way or the other."""

    values: tuple[Any, ...] | None = None
    is_backward: bool = False
    # Also the rows that have just these values, of which there may then be fewer than columns.
    is_inclusive: bool = False
    # Rows to skip: only for addresses with a page number.
    offset: int = 0

    def handed_in(self) -> tuple["Place", dict[str, Any]]:
        """The place without its values, and these by the names under which they are handed in.

        One statement then serves every page. A value that is missing or looked up stays a part of it.
        """
        if self.values is None:
            return self, {}
        kept = tuple(value if _is_of_statement(value) else HANDED_IN for value in self.values)
        handed = {
            _name(number): value for number, value in enumerate(self.values) if kept[number] is HANDED_IN
        }
        return replace(self, values=kept), handed


@dataclass(frozen=True, slots=True)
class _Step:
    column: ColumnElement[Any]
    value: Any
    is_nullable: bool
    # Whether what lies past the value is larger.
    is_up: bool


# The names in an address that say where a page begins.
AFTER, BEFORE, FINAL, AT = NAMES = ("after", "before", "last", "at")

FIRST = Place()
LAST = Place(is_backward=True)


def write(order: Order, row: Any) -> str:
    """The place of a row in this order, as text for an address."""
    return keys.join(_written(getattr(row, column.name)) for column in order.columns)


def read(order: Order, text: str) -> tuple[Any, ...] | None:
    """The values that `write` wrote; None for whatever else somebody may have typed."""
    if not text or len(text) > LONGEST:
        return None
    parts = keys.split(text)
    if len(parts) != len(order.columns):
        return None
    try:
        return tuple(_read(column, part) for column, part in zip(order.columns, parts, strict=True))
    except (ValueError, OverflowError, InvalidOperation):
        return None


def beyond(order: Order, place: Place, of: Any = None) -> ColumnElement[bool]:
    """The rows that lie past a place which has values, in the direction in which it is read."""
    return _beyond(_steps(order, place, of), place)


def page(choose: Callable[..., Select[Any]], order: Order, place: Place, size: int) -> Select[Any]:
    """The order's columns of the rows of a page, nearest to its place first; `choose` selects columns."""
    chosen = choose(*order.columns)
    if place.offset or len(parts := _parts(order, place)) == 0:
        whole = chosen.order_by(*order.clauses(is_backward=place.is_backward))
        return whole.offset(place.offset).limit(size)
    if len(parts) == 1:
        (part,) = parts
        nearest_first = _clauses_of_part(order, place, is_whole=not part)
        return chosen.where(*part).order_by(*nearest_first).limit(size)
    # Each part has the order of an index, which a list with rows without a value last has not as a whole.
    clauses = _clauses_of_part(order, place, is_whole=False)
    either = union_all(*(chosen.where(*part).order_by(*clauses).limit(size) for part in parts)).subquery()
    return select(either).order_by(*order.clauses(either, is_backward=place.is_backward)).limit(size)


@dataclass(frozen=True, slots=True)
class Pager:
    """What stands at the foot of a list; an address that leads nowhere is None."""

    first: str | None
    previous: str | None
    next: str | None
    last: str | None
    # The numbers of the first and the last row, where they are known.
    numbers: tuple[int, int] | None


def addresses(
    base: str, order: Order, rows: Sequence[Any], passed: int | None, *, sides: tuple[bool, bool]
) -> Pager:
    """The pager of these rows; `passed`: how many come before them, `sides`: whether any come before and after."""
    has_previous, has_next = sides
    join = "&" if "?" in base else "?"

    def to(name: str, value: str) -> str:
        return f"{base}{join}{urlencode({name: value})}"

    return Pager(
        first=base if has_previous else None,
        previous=to(BEFORE, write(order, rows[0])) if has_previous and rows else None,
        next=to(AFTER, write(order, rows[-1])) if has_next and rows else None,
        last=to(FINAL, "1") if has_next else None,
        numbers=None if passed is None or not rows else (passed + 1, passed + len(rows)),
    )


def _directed(
    column: Column[Any], shown: ColumnElement[Any], is_descending: bool, *, is_backward: bool
) -> ColumnElement[Any]:
    clause = shown.asc() if is_descending == is_backward else shown.desc()
    # An index has the missing values after all others, and an ascending list reads it as it is, either way.
    if not column.nullable or not is_descending:
        return clause
    return clause.nulls_first() if is_backward else clause.nulls_last()


def _clauses_of_part(order: Order, place: Place, *, is_whole: bool) -> tuple[ColumnElement[Any], ...]:
    clauses = order.clauses(is_backward=place.is_backward)
    if is_whole:
        return clauses
    first = order.columns[0]
    return (first.asc() if order.is_descending == place.is_backward else first.desc(), *clauses[1:])


def _parts(order: Order, place: Place) -> list[Part]:
    """The parts of the table in which a page is to be looked for: one, or the rows with and those without a value."""
    first = order.columns[0]
    steps = _steps(order, place)
    if not first.nullable or (not steps and not order.is_descending):
        return [(_beyond(steps, place),) if steps else ()]
    filled: list[Part] = []
    blank: list[Part] = []
    if not steps or (steps[0].value is None and place.is_backward):
        filled = [(first.is_not(None),)]
    elif steps[0].value is not None:
        known = [replace(steps[0], is_nullable=False), *steps[1:]]
        filled = [(first.is_not(None), _beyond(known, place))]
    if not steps or (steps[0].value is not None and not place.is_backward):
        blank = [(first.is_(None),)]
    elif steps[0].value is None:
        blank = [(first.is_(None), _beyond(steps[1:], place))]
    return [*filled, *blank]


def _steps(order: Order, place: Place, of: Any = None) -> list[_Step]:
    levels = zip(order.columns, order.descending, place.values or (), strict=False)
    return [
        _Step(
            column if of is None else of.c[column.name],
            _bound(column, value, number),
            is_nullable=bool(column.nullable),
            is_up=is_descending == place.is_backward,
        )
        for number, (column, is_descending, value) in enumerate(levels)
    ]


def _bound(column: Column[Any], value: Any, number: int) -> Any:
    if value is HANDED_IN:
        return bindparam(_name(number), type_=column.type)
    return value if _is_of_statement(value) else literal(value, column.type)


def _is_of_statement(value: Any) -> bool:
    return value is None or isinstance(value, ColumnElement)


def _name(number: int) -> str:
    """What the value of a column is handed in as, by its number in the order."""
    return f"edge_{number}"


def _beyond(steps: Sequence[_Step], place: Place) -> ColumnElement[bool]:
    first, rest = steps[0], steps[1:]
    if not any(step.is_nullable or step.is_up != first.is_up for step in steps):
        past = _row_beyond(steps, is_inclusive=place.is_inclusive)
        return and_(_beginning(first), past) if rest else past
    if first.value is None:
        among_equals = and_(first.column.is_(None), _beyond(rest, place))
        return or_(first.column.is_not(None), among_equals) if place.is_backward else among_equals
    past = _row_beyond([first], is_inclusive=place.is_inclusive and not rest)
    ways = [past, and_(first.column == first.value, _beyond(rest, place))] if rest else [past]
    if first.is_nullable and not place.is_backward:
        ways.append(first.column.is_(None))
    if first.is_nullable:
        return or_(*ways)
    return and_(_beginning(first), or_(*ways))


def _beginning(first: _Step) -> ColumnElement[bool]:
    """Says again where the rows begin, in the form that an index takes.

    Beside another bound of the column PostgreSQL would begin at that one, and not at that of a row.
    """
    return _row_beyond([first], is_inclusive=True)


def _row_beyond(steps: Sequence[_Step], *, is_inclusive: bool) -> ColumnElement[bool]:
    """Past the values of steps that all go one way and have no missing values."""
    row: Any = tuple_(*(step.column for step in steps)) if len(steps) > 1 else steps[0].column
    edge: Any = tuple_(*(step.value for step in steps)) if len(steps) > 1 else steps[0].value
    if steps[0].is_up:
        after: ColumnElement[bool] = row >= edge if is_inclusive else row > edge
        return after
    before: ColumnElement[bool] = row <= edge if is_inclusive else row < edge
    return before


def _written(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    text = value.isoformat() if isinstance(value, date) else str(value)
    return NOTHING + text if text.startswith(NOTHING) else text


def _read(column: Column[Any], text: str) -> Any:
    if text == NOTHING and column.nullable:
        return None
    kind = column.type.python_type
    if text.startswith(NOTHING) and not text.startswith(NOTHING * 2):
        raise ValueError(text)
    if kind is str:
        return text.removeprefix(NOTHING)
    if kind is datetime:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else _refuse(text)
    if kind is Decimal:
        number = Decimal(text)
        return number if number.is_finite() and abs(number) < LARGEST else _refuse(text)
    if kind is bool:
        return {"True": True, "False": False}[text] if text in ("True", "False") else _refuse(text)
    value = keys.parse_value(column, text)
    return _refuse(text) if value is None else value


def _refuse(text: str) -> Any:
    raise ValueError(text)
