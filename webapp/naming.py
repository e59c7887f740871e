"""What people call a row: declared once by its model, as text and as SQL, with the columns that it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, case, func

OWNER = "company"
JAPANESE, ENGLISH = "ja", "en"
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


def day(name: str) -> Part:
    """A date as it is written in Japanese: 2025/03/31."""
    return Part((name,), lambda value: f"{value:%Y/%m/%d}", lambda value: func.to_char(value, "YYYY/MM/DD"))


def word(name: str, words: Mapping[str, str]) -> Part:
    """A code word as people say it; one that nobody has given a word stays as it is."""
    return Part(
        (name,), lambda value: words.get(value, value), lambda value: case(words, value=value, else_=value)
    )


def word_unless(usual: str, name: str, words: Mapping[str, str]) -> Part:
    """A code word as people say it; the usual one goes without saying."""
    said = word(name, words)
    return Part(
        (name,),
        lambda value: None if value == usual else said.text(value),
        lambda value: said.sql(func.nullif(value, usual)),
    )


def with_commas(*parts: Part) -> Part:
    """Several parts as one, with commas between them."""
    counts = [len(part.columns) for part in parts]

    def taken(values: tuple[Any, ...]) -> list[tuple[Part, tuple[Any, ...]]]:
        starts = [sum(counts[:place]) for place in range(len(parts))]
        return [
            (part, values[at : at + count]) for part, at, count in zip(parts, starts, counts, strict=True)
        ]

    def text(*values: Any) -> str:
        said = (part.text(*own) for part, own in taken(values) if own != NOTHING[len(own)])
        return ", ".join(filter(None, said))

    def sql(*values: Any) -> ColumnElement[Any]:
        return func.concat_ws(", ", *(part.sql(*own) for part, own in taken(values)))

    return Part(tuple(name for part in parts for name in part.columns), text, sql)


def fiscal_year(name: str) -> Part:
    """The fiscal year that ends in the month of a date, as 決算短信 print it: 2025年3月期."""
    return Part((name,), _fiscal_year, lambda value: func.to_char(value, 'YYYY"年"FMMM"月期"'))


def fiscal_year_in_english(name: str) -> Part:
    """The same in English: FY2025/3."""
    return Part(
        (name,),
        lambda value: f"FY{value.year:04}/{value.month}",
        lambda value: func.to_char(value, '"FY"YYYY/FMMM'),
    )


def _fiscal_year(value: date) -> str:
    return f"{value.year:04}年{value.month}月期"


Reader = tuple[Callable[[Any], tuple[Any, ...]], Callable[..., str | None]]


@dataclass(frozen=True)
class Naming:
    """The parts of a name with a space between them, led by the name of the row's company where it has one.

    `english` are the parts of its English name, where that differs.
    """

    parts: tuple[Part, ...]
    english: tuple[Part, ...] = ()
    is_of_company: bool = False

    @property
    def is_led_by_code(self) -> bool:
        """Whether the first part is a code, and the others the name proper."""
        return len(self.parts) > 1 and not self.is_of_company

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the row itself that its name reads, in either language."""
        return frozenset(name for part in (*self.parts, *self.english) for name in part.columns)

    def parts_in(self, language: str) -> tuple[Part, ...]:
        """The parts of the name in a language."""
        return self.parts if language == JAPANESE else self.english or self.parts

    def of_record(self, record: Any, language: str = JAPANESE) -> str:
        """The name of a loaded record."""
        words = []
        if self.is_of_company:
            owner = getattr(record, OWNER)
            words.append(owner.naming.of_record(owner, language))
        for values_of, text in self._readers[language == JAPANESE]:
            values = values_of(record)
            if values != NOTHING[len(values)]:
                words.append(text(*values) or "")
        return " ".join(filter(None, words))

    @cached_property
    def _readers(self) -> tuple[list[Reader], list[Reader]]:
        """How each part is taken from a record, in English and in Japanese, worked out once: lists name hundreds."""
        english, japanese = (
            [(_values_of(part.columns), part.text) for part in parts]
            for parts in (self.english or self.parts, self.parts)
        )
        return english, japanese

    def of_values(self, values: Mapping[str, Any], owner: str = "", language: str = JAPANESE) -> str:
        """The name of a row given as a mapping, and of its company where it has one."""
        words = [owner]
        for part in self.parts_in(language):
            own = [values.get(name) for name in part.columns]
            if any(value is not None for value in own):
                words.append(part.text(*own) or "")
        return " ".join(filter(None, words))


def _values_of(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    value_of = attrgetter(names[0])
    return lambda record: (value_of(record),)
