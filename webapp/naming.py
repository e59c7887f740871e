"""What people call a row: declared once by its model, as text and as SQL, with the columns that it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, func

OWNER = "company"
# So many columns without a value.
NOTHING = [(None,) * count for count in range(10)]


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a name, from the values of these columns; None says nothing. `text` and `sql` say the same."""

    columns: tuple[str, ...]
    text: Callable[..., str | None] = str
    sql: Callable[..., ColumnElement[Any]] = _as_it_is


def first_of(*names: str) -> Part:
    """The first of several columns that has a value."""
    return Part(names, _first, func.coalesce)


def _first(*values: Any) -> str | None:
    return next((str(value) for value in values if value is not None), None)


def column(name: str) -> Part:
    """A column as it is."""
    return Part((name,))


@dataclass(frozen=True)
class Naming:
    """The parts of a name with a space between them, led by the name of the row's company where it has one."""

    parts: tuple[Part, ...]
    is_of_company: bool = False

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the row itself that the name reads."""
        return frozenset(name for part in self.parts for name in part.columns)

    def of_record(self, record: Any) -> str:
        """The name of a loaded record."""
        words = [str(getattr(record, OWNER))] if self.is_of_company else []
        for values_of, text in self._readers:
            values = values_of(record)
            if values != NOTHING[len(values)]:
                words.append(text(*values) or "")
        return " ".join(filter(None, words))

    @cached_property
    def _readers(self) -> list[tuple[Callable[[Any], tuple[Any, ...]], Callable[..., str | None]]]:
        """How each part is taken from a record, worked out once: lists name hundreds."""
        return [(_values_of(part.columns), part.text) for part in self.parts]

    def of_values(self, values: Mapping[str, Any], owner: str = "") -> str:
        """The name of a row given as a mapping, and of its company where it has one."""
        words = [owner]
        for part in self.parts:
            own = [values.get(name) for name in part.columns]
            if any(value is not None for value in own):
                words.append(part.text(*own) or "")
        return " ".join(filter(None, words))


def _values_of(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    value_of = attrgetter(names[0])
    return lambda record: (value_of(record),)
