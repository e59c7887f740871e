"""How a column's values stand in a file, as SQL: PostgreSQL writes the file, and Python never sees a row."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    String,
    Text,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from webapp.rules.calendar import JST
from webapp.words import documents, formatters, labels, stored_sentences
from webapp.words.speech import Speech
from webapp.words.units import YEN, Unit, is_money

# Programs for tables take a text that begins so for a formula (OWASP ASVS 5.0, 1.2.10).
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Value = ColumnElement[Any]
Write = Callable[[Value], Value]


def harmless(text: str) -> str:
    """A text that no program takes for a formula."""
    return "'" + text if text.startswith(FORMULA) else text


def unharmed(text: str) -> str:
    """The text that `harmless` made one of."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def guarded(text: Value) -> Value:
    """The same in SQL."""
    is_formula = func.ascii(text).in_([ord(sign) for sign in FORMULA])
    return case((is_formula, literal("'").concat(text)), else_=text)


def stored(column: Column[Any], value: Value) -> Value:
    """As programs read it: every digit, flags as spreadsheets write them, moments with their offset, stored words."""
    return next((write(value) for kind, write in STORED if isinstance(column.type, kind)), value)


def shown(column: Column[Any], value: Value, speech: Speech, unit: Unit) -> Value:
    """As the list shows it, but numbers as spreadsheets count with them: -1234 for ▲1,234. Money is in this unit."""
    words = labels.words_of(column)
    if words is not None:
        word = cast(value, Text)
        said = {stored: speech.say(label) for stored, label in words.items()}
        return case(said, value=word, else_=guarded(word))
    if is_money(column):
        return _money(value, unit)
    if formatters.is_number(column):
        return _number(column, value)
    return _in_words(column, value, speech)


def _in_words(column: Column[Any], value: Value, speech: Speech) -> Value:
    """What is no number and no word of a list."""
    if column.name in stored_sentences.SENTENCES:
        return guarded(stored_sentences.as_sql(column.name, value, speech))
    if column.name == documents.STATES:
        return _states(column, value, speech)
    if isinstance(column.type, Boolean):
        flags = labels.flags_of(column)
        return case((value, speech.say(flags["1"])), (~value, speech.say(flags["0"])))
    return next((write(value, speech) for kind, write in SHOWN if isinstance(column.type, kind)), value)


def _states(column: Column[Any], value: Value, speech: Speech) -> Value:
    """States of indicators with their names, as `documents.summary` says them."""
    part = func.jsonb_each_text(value).table_valued("key", "value", with_ordinality="place", name="part")
    part = part.render_derived()
    columns = column.table.columns
    names = {
        name: speech.say(labels.of_column(one))
        for name, one in columns.items()
        if f"{name}_status" in columns
    }
    words = {state: speech.say(word) for state, word in labels.INDICATOR_STATES.items()}
    named = case(names, value=part.c.key, else_=part.c.key)
    said = named.concat(literal(speech.pair("", ""))).concat(
        case(words, value=part.c.value, else_=part.c.value)
    )
    listed = func.string_agg(said, literal(speech.listed(("", "")))).aggregate_order_by(part.c.place)
    return select(listed).select_from(part).scalar_subquery()


def _money(value: Value, unit: Unit) -> Value:
    if unit is YEN:
        return value
    # A loss of less than one unit is still seen to be a loss.
    is_small_loss = (value < 0) & (value > -unit.yen)
    return case((is_small_loss, "-0"), else_=cast(func.div(value, unit.yen), Text))


def _number(column: Column[Any], value: Value) -> Value:
    unit = column.info.get("unit", "")
    least, most = formatters.DECIMALS.get(unit, (0, None))
    scale = getattr(column.type, "scale", None) or 0
    if isinstance(column.type, Integer) or (least == scale and unit != "ratio"):
        return value
    if most is None or most >= scale:
        # Every digit is shown, so nothing is rounded.
        return func.round(value, func.greatest(func.min_scale(value), least))
    amount = func.abs(value) * 100 if unit == "ratio" else func.abs(value)
    places = most if least == most else func.greatest(func.least(func.min_scale(amount), most), least)
    written = cast(func.round(amount, places), Text)
    # What is rounded to zero keeps its sign, as on the screen.
    return case((value < 0, literal("-").concat(written)), else_=written)


def _flag(value: Value) -> Value:
    return case((value, "TRUE"), (~value, "FALSE"))


def _in_japan(value: Value, picture: str) -> Value:
    # As an offset: the zone of that name had summer time for some years.
    return func.to_char(func.timezone(literal(JST.utcoffset(None)), value), picture)


def _day_picture(speech: Speech) -> str:
    return "YYYY/MM/DD" if speech.is_japanese else "YYYY-MM-DD"


# The first that fits. A date, whole number or exact number is written as PostgreSQL does.
STORED: tuple[tuple[type[Any], Write], ...] = (
    (String, guarded),
    (Boolean, _flag),
    (DateTime, lambda value: _in_japan(value, 'YYYY-MM-DD HH24:MI:SS"+09:00"')),
    (ARRAY, lambda value: func.array_to_string(value, ",")),
    # Begins with a brace, bracket or quotation mark, or is a number.
    (JSONB, lambda value: cast(value, Text)),
)
SHOWN: tuple[tuple[type[Any], Callable[[Value, Speech], Value]], ...] = (
    (String, lambda value, _speech: guarded(value)),
    (DateTime, lambda value, speech: _in_japan(value, f"{_day_picture(speech)} HH24:MI")),
    (Date, lambda value, speech: func.to_char(value, _day_picture(speech))),
    # An empty object or list is nothing, as on the screen.
    (JSONB, lambda value, _speech: func.nullif(func.nullif(cast(value, Text), "{}"), "[]")),
)
