"""Have foreign bytes read in a process of their own: what is asked, what comes back, and what is made of silence."""

import atexit
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from webapp.files.apart import serving, wire
from webapp.files.rows import MasterList, WrongFile

ROOT = Path(__file__).parents[3]
PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from webapp.files.apart import serving; serving.main()"
)
# The child ends itself before; this is for one that cannot.
SLACK_SECONDS = 10
PATIENCE_AT_END = 2

Record = TypeVar("Record")

log = logging.getLogger("webapp.files")


def read(reader: Callable[..., Record], content: bytes, *arguments: str | int | None) -> Record:
    """What a reader of this room makes of the bytes, a record of it, run where they can harm nobody.

    Raises WrongFile where the reader does, and where it needs more memory or time than `serving` allows. `arguments`
    are what the reader takes beside the bytes.
    """
    _named(reader)
    with _child(serving.seconds_for(len(content))) as work:
        return _answer_of(reader, work, content, arguments)


def stream(reader: Callable[..., Iterator[Any]], file: BinaryIO, *arguments: Any) -> Generator[Any]:
    """What a reader of this room yields of an open file, part by part: bytes, or records of the room.

    Its memory, and what may be read meanwhile, are as of `read`, and so is what is raised. The file needs a place on
    a disk. Whoever does not want the rest closes this.
    """
    with _child(serving.seconds_for(os.fstat(file.fileno()).st_size)) as work:
        try:
            wire.send(work, serving.OPENED, wire.packed((*_named(reader), arguments)))
            socket.send_fds(work, [b"!"], [file.fileno()])
            while True:
                kind, body = wire.receive(work)
                if kind not in (serving.PART, serving.ROWS):
                    break
                yield body if kind == serving.PART else wire.unpacked(body)
            # Both have one place in the file, of which what is buffered here knows nothing.
            file.seek(0, os.SEEK_END)
            if kind != serving.DONE:
                _end_of(kind, body, [])
        except (wire.NoAnswer, OSError):
            raise _beyond_limits() from None


@contextmanager
def _child(seconds: int) -> Iterator[socket.socket]:
    """The socket of a process that reads, which ends with it, done or not."""
    work, theirs = socket.socketpair()
    ends, begins = os.pipe()
    try:
        with closing(work), closing(theirs):
            work.settimeout(seconds * serving.WAITING_FACTOR + SLACK_SECONDS)
            _SERVERS.hand(theirs.fileno(), ends)
            theirs.close()
            yield work
    finally:
        os.close(ends)
        # Which ends the child.
        os.close(begins)


def _named(reader: Callable[..., Any]) -> tuple[str, str]:
    if not reader.__module__.startswith(wire.ROOM):
        raise ValueError(f"{reader.__module__}.{reader.__qualname__} is no reader of {wire.ROOM}*")
    return reader.__module__, reader.__qualname__


def _beyond_limits() -> WrongFile:
    return WrongFile(
        expected="a file that can be read within the limits of memory and time", found="one that cannot"
    )


def _answer_of(
    reader: Callable[..., Record], work: socket.socket, content: bytes, arguments: tuple[object, ...]
) -> Record:
    rows: list[Any] = []
    try:
        wire.send(work, serving.ASKED, wire.packed((*_named(reader), arguments)))
        wire.send(work, serving.BYTES, content)
        while True:
            kind, body = wire.receive(work)
            if kind != serving.ROWS:
                record: Record = _end_of(kind, body, rows)
                return record
            rows += wire.unpacked(body)
    except (wire.NoAnswer, OSError):
        raise _beyond_limits() from None


def _end_of(kind: bytes, body: bytes, rows: list[Any]) -> Any:
    answer = wire.unpacked(body)
    if kind == serving.END and is_dataclass(answer):
        return replace(answer, rows=tuple(rows)) if isinstance(answer, MasterList) else answer
    if kind == serving.REFUSED:
        expected, found, values, bad_rows, part = answer
        wrong = WrongFile(expected=expected, found=found, **values)
        wrong.bad_rows, wrong.part = bad_rows, part
        raise wrong
    if kind == serving.BROKEN:
        log.error("a reader broke down: %s", answer)
        raise WrongFile(expected="a file that its reader understands", found="one at which it breaks down")
    raise wire.NoAnswer


class _Servers:
    """The process that reads for this one: begun when first needed, again where it is gone, and after a fork."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def hand(self, work: int, ends: int) -> None:
        """Hand a child's socket and pipe over."""
        with self._turn:
            if self._control is not None and self._owner == os.getpid():
                try:
                    socket.send_fds(self._control, [b"!"], [work, ends])
                    return
                except OSError:
                    self.end()
            control = self._begun()
            socket.send_fds(control, [b"!"], [work, ends])

    def _begun(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with closing(theirs):
            # Only our own interpreter and code are run; a file is what they are handed, never an argument. No
            # environment: bytes have no business with our secrets. A session of its own: Ctrl-C is not for it.
            self._process = subprocess.Popen(  # noqa: S603 - our own program, whose words are ours
                [sys.executable, "-I", "-c", PROGRAM, str(ROOT), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                start_new_session=True,
            )
        self._control, self._owner = ours, os.getpid()
        return ours

    def end(self) -> None:
        """Let it end, and wait for that; nothing to do in a process that was forked meanwhile."""
        if self._control is None or self._process is None:
            return
        self._control.close()
        self._control = None
        if self._owner != os.getpid():
            return
        try:
            self._process.wait(PATIENCE_AT_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


_SERVERS = _Servers()
atexit.register(_SERVERS.end)
