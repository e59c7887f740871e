"""Foreign bytes are read by a process that is limited, knows no secret, and cannot hurt whoever asked."""

import os
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import processes
from tests.files import builders, workbook_builders
from webapp.files import edinet_codes, jpx_list
from webapp.files.apart import calling, serving, wire
from webapp.files.rows import WrongFile

FAR_APART = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
LIMITS = "within the limits of memory and time; found one that cannot"


def server() -> subprocess.Popen[bytes]:
    """The process that reads, once it has been asked for something."""
    calling.read(edinet_codes.read, builders.edinet_csv(builders.COMPANY))
    assert calling._SERVERS._process is not None
    return calling._SERVERS._process


def children_of(number: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]


def open_by(number: int) -> Counter[str]:
    """What a process has open, by kind."""
    return Counter(link.partition(":")[0] for link in processes.open_by(number))


def test_a_list_read_apart_is_the_list_read_here() -> None:
    content = builders.edinet_csv(builders.COMPANY, builders.PERSON, builders.company({"資本金": "x"}))
    assert calling.read(edinet_codes.read, content) == edinet_codes.read(content)
    workbook = workbook_builders.xls([list(jpx_list.HEADINGS), list(builders.ISSUE.values())])
    assert calling.read(jpx_list.read, workbook, "data_j.xls") == jpx_list.read(workbook, "data_j.xls")


def test_rows_come_in_parts_and_in_their_order() -> None:
    rows = [
        builders.company({"提出者名": f"第{number}会社"}, code=f"E{number:05d}")
        for number in range(serving.ROWS_AT_ONCE + 2)
    ]
    content = builders.edinet_csv(*rows)
    assert calling.read(edinet_codes.read, content).rows == edinet_codes.read(content).rows


def test_a_refusal_comes_back_with_its_values_and_rows() -> None:
    with pytest.raises(WrongFile) as refused:
        calling.read(edinet_codes.read, builders.edinet_csv(builders.COMPANY, count=2))
    assert (refused.value.values, refused.value.part) == ({"declared": "2", "number": "1"}, None)
    assert str(refused.value) == "Expected as many rows as the first line says, 2; found 1."


@pytest.mark.timeout(30)
def test_a_small_workbook_of_a_vast_sheet_harms_nobody() -> None:
    content = workbook_builders.xlsx_with(
        FAR_APART.replace("XFD1048576", "Z49999").replace("1048576", "49999")
    )
    assert len(content) < 5_000
    with pytest.raises(WrongFile):
        calling.read(jpx_list.read, content, "data_j.xlsx")
    vast = workbook_builders.xlsx_with(FAR_APART)
    with pytest.raises(WrongFile, match=LIMITS):
        calling.read(jpx_list.read, vast, "data_j.xlsx")


def test_what_is_no_reader_of_this_room_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="is no reader"):
        calling.read(len, b"")  # type: ignore[arg-type]  # which is the mistake


def test_where_a_reader_breaks_down_is_logged_without_a_word_of_the_file(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # A name that is no text is a mistake of whoever calls, and stands for any other.
    with pytest.raises(WrongFile, match="one at which it breaks down"):
        calling.read(jpx_list.read, b"secret,of,a,person\n", 7)
    assert "AttributeError at serving.py:" in caplog.text
    assert "jpx_list.py:" in caplog.text
    assert "secret" not in caplog.text


def test_the_process_knows_no_secret_and_has_nothing_open_but_its_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "s" * 32)
    calling._SERVERS.end()
    number = server().pid
    # A locale is what Python itself sets where there is none.
    assert b"SECRET_KEY" not in Path(f"/proc/{number}/environ").read_bytes()
    # The pipe of the reader that has just ended is closed in its own time.
    until(lambda: "pipe" not in open_by(number))
    assert open_by(number) == {"socket": 1, "/dev/null": 3}


def test_a_process_that_was_killed_is_begun_again() -> None:
    first = server()
    first.kill()
    first.wait()
    assert server().pid != first.pid


def test_several_files_are_read_at_a_time() -> None:
    content = builders.edinet_csv(builders.COMPANY)
    with ThreadPoolExecutor(4) as threads:
        lists = list(threads.map(lambda _: calling.read(edinet_codes.read, content), range(20)))
    assert lists == [edinet_codes.read(content)] * 20


@contextmanager
def a_reader_that_waits() -> Iterator[tuple[int, socket.socket, int]]:
    """The process that reads, a socket to a child of it that has nothing to read yet, and the pipe that ends it."""
    process = server()
    until(lambda: not children_of(process.pid))
    work, theirs = socket.socketpair()
    ends, begins = os.pipe()
    with work:
        with theirs:
            calling._SERVERS.hand(theirs.fileno(), ends)
        os.close(ends)
        until(lambda: len(children_of(process.pid)) == 1)
        yield process.pid, work, begins


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_whoever_stops_waiting_ends_the_reader() -> None:
    with a_reader_that_waits() as (number, _work, pipe):
        os.close(pipe)
        until(lambda: not children_of(number))


def test_a_reader_that_is_killed_leaves_a_refusal() -> None:
    with a_reader_that_waits() as (number, work, pipe):
        os.kill(children_of(number)[0], signal.SIGKILL)
        with pytest.raises(WrongFile, match=LIMITS):
            calling._answer_of(edinet_codes.read, work, builders.edinet_csv(), ())
        os.close(pipe)


def test_what_the_process_says_is_believed_only_where_it_is_an_answer() -> None:
    for kind, body in ((b"?", b"null"), (serving.END, b"7"), (serving.END, b"{")):
        with pytest.raises(wire.NoAnswer):
            calling._end_of(kind, body, [])
