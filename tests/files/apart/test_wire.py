"""What passes between a reader's process and whoever asked keeps its type, and names nothing else."""

import json
import socket
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from webapp.files.apart import wire
from webapp.files.rows import BadRow, MasterList

ROW = BadRow(3, "コード", "\ud800", "The value is missing.", {"rows": 3})
VALUES = (
    None,
    True,
    0,
    -(10**30),
    "千\ud800\0",
    Decimal("-0.0100"),
    b"PK\x00\xff",
    date(2025, 5, 30),
    datetime(2025, 6, 25, 0, 0, 1, tzinfo=UTC),
    ("a", 1),
    ["a", ["n", "1"]],
    frozenset({"7203", "130A"}),
    {("7203", date(2025, 5, 30)): Decimal(1)},
    ROW,
    (ROW, BadRow(4, None, "", "The value is missing.", {"at": date(2025, 5, 30)})),
    [ROW, ROW],
    (ROW, date(2025, 5, 30)),
    MasterList(date(2025, 5, 30), (ROW,), (), {"fund": 2}, 3, named=frozenset({"1301"})),
)


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    again = wire.unpacked(wire.packed(value))
    assert (again, type(again)) == (value, type(value))


def test_counters_and_views_come_back_as_the_mappings_that_they_are() -> None:
    assert wire.unpacked(wire.packed(Counter(fund=2))) == {"fund": 2}
    assert wire.unpacked(wire.packed(MappingProxyType({"a": (1,)}))) == {"a": (1,)}


@pytest.mark.parametrize(
    "value",
    [object(), bytearray(b"a"), 1j, {"a": [open]}],
    ids=["object", "bytearray", "complex", "function"],
)
def test_anything_else_is_a_mistake_of_whoever_wrote_the_reader(value: Any) -> None:
    with pytest.raises(TypeError, match="a reader yields no"):
        wire.packed(value)


@pytest.mark.parametrize(
    "plain",
    [
        ["o", "rows", "WrongFile"],
        ["o", "rows", "replace"],
        ["o", "rows", "BadRow", 1],
        ["o", "apart.serving", "socket"],
        ["o", "os", "system", "true"],
        ["o", "../models", "User"],
        ["c", True, "rows", "WrongFile", [True, "a"]],
        ["c", True, "os", "system", [True, "true"]],
        ["c", True, "rows", "BadRow", [True, 1, 2]],
        ["c", True, "edinet.summaries", "Summarised", *([[True, ["o", "os", "system"]]] * 5)],
        ["c", True, "edinet.summaries", "Summarised", *([[True, "a"]] * 4), [True]],
        ["c", True, "edinet.summaries", "Summarised", *(["a"] * 4), 1],
        ["n", "many"],
        ["b", "P"],
        ["d", "2025-02-30"],
        ["m", "a"],
        ["s", ["l"]],
        ["z"],
        [],
        [["n"]],
    ],
    ids=str,
)
def test_what_comes_back_from_hostile_bytes_names_no_more_than_records_of_this_room(plain: Any) -> None:
    with pytest.raises(wire.NoAnswer):
        wire.unpacked(json.dumps(plain).encode())


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'["l",' * 100_000], ids=len)
def test_what_is_no_json_or_has_no_end_is_no_answer(body: bytes) -> None:
    with pytest.raises(wire.NoAnswer):
        wire.unpacked(body)


def test_a_frame_that_is_cut_off_or_says_it_is_vast_is_no_answer() -> None:
    for sent in (b"", b"e", wire.HEAD.pack(b"e", 5) + b"123", wire.HEAD.pack(b"e", wire.MOST_BYTES + 1)):
        here, there = socket.socketpair()
        with here, there:
            there.sendall(sent)
            there.close()
            with pytest.raises(wire.NoAnswer):
                wire.receive(here)


def test_an_empty_frame_is_told_by_its_head_to_whom_may_be_gone_after_it() -> None:
    ours, theirs = socket.socketpair()

    class Answered:
        def sendall(self, data: bytes) -> None:
            ours.sendall(data)
            theirs.close()

    with ours:
        wire.send(Answered(), b"b", b"")  # type: ignore[arg-type]  # as much of a socket as is asked for
