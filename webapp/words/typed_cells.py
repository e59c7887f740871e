"""How a column's values stand in the cells of a workbook: typed, with the picture that shows them as the list does.

A text is always a text there, so nothing is taken for a formula, and no code loses its zeros or digits.
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Column, Date, DateTime, Integer
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from webapp.rules.calendar import JST
from webapp.words import documents, formatters, labels
from webapp.words.speech import Speech
from webapp.words.units import YEN, Unit, is_money

# A spreadsheet computes with as many (IEEE 754 doubles); a longer number is a text, which keeps them all.
MOST_DIGITS = 15
# As many characters a cell holds; of a longer text the end is missing.
MOST_TEXT, CUT = 32_767, "…"
# Its calendar has a 29 February 1900 that never was, and nothing before that year.
FIRST_DAY = date(1900, 3, 1)

WHOLE = '#,##0;"▲"#,##0'
# What a loss of less than one unit looks like, as on the screen.
SMALL_LOSS = '"▲"0'
PICTURES = {
    "per_share": '#,##0.00##;"▲"#,##0.00##',
    "ratio": '0.00%;"▲"0.00%',
    "multiple": '#,##0.00;"▲"#,##0.00',
}
SIGNIFICANT = '#,##0.########;"▲"#,##0.########'


class Cell(NamedTuple):
    """A value as a spreadsheet knows it, and its picture where it is not a spreadsheet's own."""

    value: str | int | Decimal | bool | date | None
    picture: str | None = None


EMPTY = Cell(None)
Write = Callable[[Any], Cell]


def cut(text: str) -> str:
    """As much of a text as a cell holds."""
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - len(CUT)] + CUT


def stored(column: Column[Any], speech: Speech) -> Write:
    """For programs and formulas: whole yen, stored words, true and false."""
    if isinstance(column.type, Boolean) or labels.words_of(column) is not None:
        return Cell
    return _of(column, speech, YEN)


def shown(column: Column[Any], speech: Speech, unit: Unit) -> Write:
    """As the list shows it; money is in this unit."""
    words = labels.words_of(column)
    if words is not None:
        said = {word: speech.say(label) for word, label in words.items()}
        return lambda value: Cell(None if value is None else said.get(str(value), str(value)))
    if column.name == documents.STATES:
        return lambda value: Cell(documents.summary(value, column, speech))
    if isinstance(column.type, Boolean):
        flags = {word: speech.say(label) for word, label in labels.flags_of(column).items()}
        return lambda value: Cell(None if value is None else flags[str(int(value))])
    return _of(column, speech, unit)


def _of(column: Column[Any], speech: Speech, unit: Unit) -> Write:
    if is_money(column):
        return partial(_money, unit=unit)
    if formatters.is_number(column):
        is_whole = not getattr(column.type, "scale", None)
        picture = PICTURES.get(column.info.get("unit", ""), WHOLE if is_whole else SIGNIFICANT)
        return partial(_number, picture=picture)
    if isinstance(column.type, Integer) and not column.foreign_keys:
        return Cell
    # A moment is a kind of date in Python; of the types of columns it is not.
    spoken = next((write for kind, write in SPOKEN if isinstance(column.type, kind)), None)
    return _text if spoken is None else partial(spoken, speech=speech)


def _text(value: Any) -> Cell:
    return EMPTY if value is None else Cell(str(value))


def _number(value: Any, *, picture: str) -> Cell:
    if value is None:
        return EMPTY
    digits = format(abs(Decimal(value)).normalize(), "f").replace(".", "").lstrip("0")
    if len(digits.rstrip("0")) > MOST_DIGITS:
        return Cell(format(Decimal(value), "f"))
    return Cell(value, picture)


def _money(value: Decimal | None, *, unit: Unit) -> Cell:
    if value is None:
        return EMPTY
    amount = unit.of(value)
    return Cell(0, SMALL_LOSS) if value < 0 == amount else _number(amount, picture=WHOLE)


def _day(value: date | None, speech: Speech) -> Cell:
    if value is None:
        return EMPTY
    picture = "yyyy/mm/dd" if speech.is_japanese else "yyyy-mm-dd"
    return Cell(value, picture) if value >= FIRST_DAY else Cell(formatters.day(value, speech))


def _instant(value: datetime | None, speech: Speech) -> Cell:
    if value is None:
        return EMPTY
    picture = "yyyy/mm/dd hh:mm" if speech.is_japanese else "yyyy-mm-dd hh:mm"
    local = value.astimezone(JST).replace(tzinfo=None)
    return Cell(local, picture) if local.date() >= FIRST_DAY else Cell(formatters.instant(value, speech))


def _list(values: Any, speech: Speech) -> Cell:  # noqa: ARG001  # as its neighbours are called
    return Cell(",".join(map(str, values)) if values else None)


def _document(value: Any, speech: Speech) -> Cell:  # noqa: ARG001  # as its neighbours are called
    return Cell(json.dumps(value, ensure_ascii=False, sort_keys=True) if value else None)


SPOKEN: tuple[tuple[type[Any], Callable[..., Cell]], ...] = (
    (DateTime, _instant),
    (Date, _day),
    (ARRAY, _list),
    (JSONB, _document),
)
