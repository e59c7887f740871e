"""The process that reads for others: what it sends, and the limits that it sets before it looks at a byte."""

import resource
import signal
import socket
from collections.abc import Iterator
from datetime import date

import pytest

from tests.files import builders
from webapp.files import edinet_codes, jpx_list
from webapp.files.apart import serving, wire
from webapp.files.rows import MasterList, WrongFile


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[object, object]:
    """What would be set of this process."""
    limits: dict[object, object] = {}
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    monkeypatch.setattr(signal, "setitimer", limits.__setitem__)
    return limits


def answered(reader: str, content: bytes, *arguments: str) -> Iterator[tuple[bytes, bytes]]:
    here, there = socket.socketpair()
    with here:
        wire.send(here, serving.ASKED, wire.packed((*f"{wire.ROOM}{reader}".split(":"), arguments)))
        wire.send(here, serving.BYTES, content)
        with there:
            serving.answer(there)
        while True:
            try:
                yield wire.receive(here)
            except wire.NoAnswer:
                return


def test_memory_time_and_files_are_limited(limits: dict[object, object]) -> None:
    serving.limit()
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    assert limits == {
        resource.RLIMIT_AS: (512 * 1024 * 1024,) * 2,
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_NOFILE: (16, 16),
        resource.RLIMIT_CPU: (8, most),
        signal.ITIMER_REAL: 48,
    }


def test_rows_come_before_the_rest_of_the_list() -> None:
    frames = list(answered("edinet_codes:read", builders.edinet_csv(builders.COMPANY, builders.PERSON)))
    assert [kind for kind, _ in frames] == [serving.ROWS, serving.END]
    (row,) = wire.unpacked(frames[0][1])
    rest = wire.unpacked(frames[1][1])
    assert isinstance(row, edinet_codes.EdinetFiler)
    assert isinstance(rest, MasterList)
    assert (rest.rows, rest.total_rows, rest.as_of_on) == ((), 2, date(2023, 10, 31))


def test_a_refusal_is_one_frame() -> None:
    ((kind, body),) = answered("jpx_list:read", b"no list", "data_j.csv")
    assert kind == serving.REFUSED
    assert wire.unpacked(body)[1] == "no heading line"


def test_a_breakdown_tells_its_kind_and_places_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("a person's name")

    monkeypatch.setattr(jpx_list, "read", break_down)
    ((kind, body),) = answered("jpx_list:read", b"", "data_j.csv")
    assert kind == serving.BROKEN
    assert wire.unpacked(body).startswith("ZeroDivisionError at serving.py:")
    assert "person" not in wire.unpacked(body)


def test_where_memory_ends_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask_for_more(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(jpx_list, "read", ask_for_more)
    assert list(answered("jpx_list:read", b"", "data_j.csv")) == []


def test_values_of_a_refusal_that_are_no_plain_ones_are_told_as_text() -> None:
    error = WrongFile(expected="a day", found="%(day)s", day=date(2025, 5, 30))
    assert wire.unpacked(serving.refusal(error))[2] == {"day": "2025-05-30"}
