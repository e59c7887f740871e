"""What passes between a reader's process and whoever asked: frames of JSON, in which a value keeps its type.

No pickle: what comes back from hostile bytes may name nothing but the plain types below and the records of this room.
"""

import base64
import json
import socket
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import ModuleType
from typing import Any

from webapp import files
from webapp.discovering import import_all

ROOM = "webapp.files."
# A frame's kind and length; more at once than this is no answer of ours.
HEAD = struct.Struct("!cQ")
MOST_BYTES = 512 * 1024 * 1024
PLAIN = (str, int, bool, float, type(None))
PLAIN_TYPES = frozenset(PLAIN)


class NoAnswer(Exception):
    """The other side is gone, or what it sent is no frame."""


def send(to: socket.socket, kind: bytes, body: bytes) -> None:
    """One frame. Of an empty one all is told by its head: whoever has read that may have answered, and gone."""
    to.sendall(HEAD.pack(kind, len(body)))
    if body:
        to.sendall(body)


def receive(source: socket.socket) -> tuple[bytes, bytes]:
    """The next frame, as kind and body; raises NoAnswer."""
    kind, length = HEAD.unpack(_exactly(source, HEAD.size))
    if length > MOST_BYTES:
        raise NoAnswer
    return kind, _exactly(source, length)


def _exactly(source: socket.socket, length: int) -> bytes:
    """So many bytes, which are in memory only once where they come without a pause."""
    parts = []
    while length:
        part = source.recv(length, socket.MSG_WAITALL)
        if not part:
            raise NoAnswer
        parts.append(part)
        length -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def packed(value: Any) -> bytes:
    """A value as JSON; raises TypeError where it holds anything but plain values and records of this room."""
    return json.dumps(_plain(value)).encode()


def unpacked(body: bytes) -> Any:
    """The value again; raises NoAnswer where it is none that `packed` writes."""
    try:
        return _value(json.loads(body))
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError):
        raise NoAnswer from None


def _plain(value: Any) -> Any:
    """The value, or [what it is, its parts]: JSON's own lists stand for nothing else."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, (Decimal, date, bytes)):
        return _text_of(value)
    return list(_parts(value))


def _text_of(value: Decimal | date | bytes) -> list[str]:
    if isinstance(value, bytes):
        return ["b", base64.b64encode(value).decode()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    return ["t" if isinstance(value, datetime) else "d", value.isoformat()]


def _parts(value: Any) -> Iterator[Any]:
    if is_dataclass(value):
        kind = type(value)
        yield from ("o", kind.__module__.removeprefix(ROOM), kind.__qualname__)
        yield from (_plain(getattr(value, name)) for name in _names(kind))
    elif isinstance(value, Mapping):
        yield "m"
        yield from (_plain(part) for pair in value.items() for part in pair)
    elif isinstance(value, (tuple, list)) and _is_table(value):
        yield from _columns(value)
    elif isinstance(value, (tuple, list, Set)):
        yield "u" if isinstance(value, tuple) else "l" if isinstance(value, list) else "s"
        yield from map(_plain, value)
    else:
        raise TypeError(f"a reader yields no {type(value).__name__}")


def _is_table(value: Sequence[Any]) -> bool:
    """Whether it holds records of one kind alone: a report has thousands."""
    kinds = set(map(type, value)) if len(value) > 1 else set()
    return len(kinds) == 1 and is_dataclass(value[0]) and bool(_names(type(value[0])))


def _columns(records: Sequence[Any]) -> Iterator[Any]:
    """What the records are called once, then each field of all of them; most are plain and are taken as they are."""
    kind = type(records[0])
    yield from ("c", isinstance(records, tuple), kind.__module__.removeprefix(ROOM), kind.__qualname__)
    for name in _names(kind):
        values = [getattr(one, name) for one in records]
        is_plain = PLAIN_TYPES.issuperset(map(type, values))
        yield [is_plain, *(values if is_plain else map(_plain, values))]


def _value(plain: Any) -> Any:
    if type(plain) is not list:
        return plain
    return VALUES[plain[0]](plain)


def _record(plain: list[Any]) -> Any:
    kind = _kind(plain[1], plain[2])
    return kind(**dict(zip(_names(kind), map(_value, plain[3:]), strict=True)))


def _records(plain: list[Any]) -> Sequence[Any]:
    _, is_tuple, module, name, *columns = plain
    kind = _kind(module, name)
    names = _names(kind)
    if len(names) != len(columns):
        raise LookupError(name)
    records = [kind(**dict(zip(names, row, strict=True))) for row in zip(*map(_column, columns), strict=True)]
    return tuple(records) if is_tuple else records


def _column(column: list[Any]) -> Sequence[Any]:
    is_plain, *values = column
    if not is_plain:
        return [_value(one) for one in values]
    if not PLAIN_TYPES.issuperset(map(type, values)):
        raise TypeError("a plain value is no other")
    return values


def _mapping(plain: list[Any]) -> dict[Any, Any]:
    parts = [_value(part) for part in plain[1:]]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@lru_cache
def room() -> Mapping[str, ModuleType]:
    """Every file of the room of readers, by the name of its module."""
    return {file.__name__: file for file in import_all(files.__path__, files.__name__)}


@lru_cache
def _kind(module: str, name: str) -> type[Any]:
    """A record of this room."""
    kind: type[Any] = getattr(room()[ROOM + module], name)
    if not (isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == ROOM + module):
        raise LookupError(name)
    return kind


def _names(kind: type[Any]) -> Sequence[str]:
    """The fields of a record, looked up once a kind and not once a row."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(kind) if field.init)
    return _NAMES[kind]


_NAMES: dict[type[Any], Sequence[str]] = {}
VALUES: Mapping[str, Callable[[list[Any]], Any]] = {
    "n": lambda plain: Decimal(plain[1]),
    "t": lambda plain: datetime.fromisoformat(plain[1]),
    "d": lambda plain: date.fromisoformat(plain[1]),
    "b": lambda plain: base64.b64decode(plain[1], validate=True),
    "o": _record,
    "c": _records,
    "m": _mapping,
    "s": lambda plain: frozenset(map(_value, plain[1:])),
    "u": lambda plain: tuple(map(_value, plain[1:])),
    "l": lambda plain: list(map(_value, plain[1:])),
}
