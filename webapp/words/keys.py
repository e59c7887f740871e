"""Keys as they stand in addresses: typed by people, so parsed strictly; whatever is no key of the table is None."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import BigInteger, Column, SmallInteger, String

from webapp import db
from webapp.rules.fields import CONTROL
from webapp.services.changes import row_codec
from webapp.services.changes.row_codec import Key

LONGEST = 200
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
# Up to a comma that no dot escapes.
PART = re.compile(r"((?:[^.,]|\..)*\.?),", re.DOTALL)
ESCAPED = re.compile(r"\.(.?)", re.DOTALL)
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def parse(model: type[db.Base], text: Any) -> Key | None:
    """The key of a row from its text in an address; None for anything that cannot be one."""
    if not isinstance(text, str) or not text or len(text) > LONGEST or CONTROL.search(text):
        return None
    parts = split(text)
    columns = row_codec.key_columns(model)
    # A dot escapes, so that 1.0 would pass for 10: only what is written here is read.
    if len(parts) != len(columns) or join(parts) != text:
        return None
    values = [parse_value(column, part) for column, part in zip(columns, parts, strict=True)]
    return None if any(value is None for value in values) else tuple(values)


def parse_all(model: type[db.Base], texts: Sequence[str]) -> list[Key] | None:
    """Several keys, each once and in order; None if any of the texts is not one."""
    parsed = [parse(model, text) for text in texts]
    known = [key for key in parsed if key is not None]
    return list(dict.fromkeys(known)) if known and len(known) == len(parsed) else None


def write(key: Key) -> str:
    """A key as `parse` reads it."""
    return str(key[0]) if len(key) == 1 and isinstance(key[0], int) else join(key)


def join(parts: Iterable[Any]) -> str:
    """Several texts as one, joined by commas and escaped by dots as Flask-Admin does it."""
    return ",".join(str(part).replace(".", "..").replace(",", ".,") for part in parts)


def split(text: str) -> list[str]:
    """The texts that `join` made one of."""
    # Without a last comma of its own, a text that ends with one would lose its empty last part.
    return [ESCAPED.sub(r"\1", match[1]) for match in PART.finditer(text + ",")] if text else []


def of_row(row: db.Base) -> Key:
    """The key of a record."""
    return _key_getter(row.model)(row)


@cache
def _key_getter(model: type[db.Base]) -> Callable[[Any], Key]:
    """How the key is taken from a record; a list asks for hundreds."""
    names = [column.name for column in row_codec.key_columns(model)]
    if len(names) > 1:
        return attrgetter(*names)
    (name,) = names
    return lambda row: (getattr(row, name),)


def parse_value(column: Column[Any], text: str) -> Any:
    """One value of a key column in its own type, or None."""
    kind = column.type.python_type
    if kind is int:
        return _whole_number(column, text)
    if kind is date:
        return _day(text)
    assert isinstance(column.type, String)
    longest = column.type.length or LONGEST
    return text if text and len(text) <= longest and not CONTROL.search(text) else None


def largest(column: Column[Any]) -> int:
    """The largest whole number that a column's type holds."""
    if isinstance(column.type, BigInteger):
        return 2**63 - 1
    return 2**15 - 1 if isinstance(column.type, SmallInteger) else 2**31 - 1


def _whole_number(column: Column[Any], text: str) -> int | None:
    if not WHOLE_NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if abs(number) <= largest(column) else None


def _day(text: str) -> date | None:
    if not ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
