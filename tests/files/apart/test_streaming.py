"""Long files are read part by part by a process of their own, as `test_calling` has it of files that are read whole."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from tests.files.apart.test_calling import LIMITS, children_of
from webapp.files import scanning
from webapp.files.apart import calling
from webapp.files.market import price_stream
from webapp.files.market.price_stream import Head, Tail
from webapp.files.rows import WrongFile

HEADINGS = "Date,Code,Open,High,Low,Close,Volume\n"
DAYS = "".join(
    f"2025-06-{day:02},{code},5,9,4,6,1\n" for code in ("7203", "9984", "1301") for day in range(2, 28)
)
COMPANIES = {"7203": 1, "9984": None}


@pytest.fixture
def file(tmp_path: Path) -> Iterator[BinaryIO]:
    path = tmp_path / "prices.csv"
    path.write_text(HEADINGS + DAYS + "2025-06-30,7203,x,9,4,6,1\n")
    with path.open("rb") as file:
        yield file


def reader_of(file: BinaryIO) -> Any:
    return calling.stream(price_stream.parts, file, scanning.scan(file), None, COMPANIES)


def test_a_file_read_apart_in_parts_is_the_file_read_here(file: BinaryIO) -> None:
    assert list(calling.stream(scanning.parts, file)) == [scanning.scan(file)]
    head, *lines, tail = reader_of(file)
    assert [head, *lines, tail] == list(price_stream.parts(file, scanning.scan(file), None, COMPANIES))
    assert (head, type(tail)) == (Head("CSV", "utf-8"), Tail)
    assert b"".join(lines).count(b"\n") == 26
    assert (tail.refused, tail.left_alone, tail.codes) == (
        1,
        {"code_of_several_companies": 26, "unknown_code": 26},
        ["9984", "1301"],
    )


def test_a_file_that_was_read_apart_can_be_read_again_here(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(HEADINGS + DAYS * 2000)
    with path.open("rb") as file:
        file.read(16)
        list(calling.stream(scanning.parts, file))
        file.seek(0)
        assert file.read() == path.read_bytes()


def test_why_a_file_is_not_read_comes_back_from_the_midst_of_it(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with path.open("rb") as file, pytest.raises(WrongFile, match="no heading line"):
        list(reader_of(file))


def test_whoever_wants_no_more_ends_the_process_that_reads(file: BinaryIO) -> None:
    parts = reader_of(file)
    next(parts)
    server = calling._SERVERS._process
    assert server is not None
    assert len(children_of(server.pid)) == 1
    parts.close()
    until = time.monotonic() + 5
    while children_of(server.pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert children_of(server.pid) == []


def test_a_reader_that_is_killed_in_the_midst_is_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(HEADINGS + DAYS * 2000)
    with path.open("rb") as file:
        parts = reader_of(file)
        next(parts)
        server = calling._SERVERS._process
        assert server is not None
        (child,) = children_of(server.pid)
        os.kill(child, signal.SIGKILL)
        with pytest.raises(WrongFile, match=LIMITS):
            list(parts)
