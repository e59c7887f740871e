"""The process that reads for others: it has loaded every reader once, and forks a limited child for each file.

It is started by `calling` with an empty environment, and ends when whoever started it does. Forking it costs
milliseconds, and it has no thread, no connection and no secret that a child could inherit.
"""

import gc
import os
import resource
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NoReturn

from webapp.files.apart import wire
from webapp.files.rows import MasterList, WrongFile

MAX_MEMORY_BYTES = 512 * 1024 * 1024
# A year of EDINET's register, 17 MB, takes one second; a list of 11,220 rows a third of one.
CPU_SECONDS, BYTES_A_SECOND = 8, 2 * 1024 * 1024
# Beside others, for whom the processors work too.
WAITING_FACTOR = 6
MOST_OPEN_FILES = 16
ROWS_AT_ONCE = 1000
# What a frame holds: what to read and how, the bytes, rows, the end, a refusal, or where a reader broke down.
ASKED, BYTES, ROWS, END, REFUSED, BROKEN = b"a", b"b", b"r", b"e", b"w", b"x"
# And of a file that is read part by part: what to read and how, with the file itself; a part; that there is no more.
OPENED, PART, DONE = b"o", b"p", b"d"


def main() -> None:
    """Serve on the socket that the command line names."""
    wire.room()
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[-1])))


def serve(control: socket.socket) -> None:
    """Fork a reader for each pair of a socket and a pipe that comes, until nobody is there to send one.

    The pipe has no words: that its other end is closed says that the reader is to end, whatever it is doing.
    """
    readers: dict[int, int] = {}
    events = select.poll()
    events.register(control, select.POLLIN)
    while True:
        for handle, _event in events.poll():
            if handle != control.fileno():
                events.unregister(handle)
                _end(handle, readers.pop(handle))
                continue
            _message, (*handles,), _flags, _address = socket.recv_fds(control, 1, 2)
            if len(handles) != 2:
                for pipe, number in readers.items():
                    _end(pipe, number)
                return
            work, pipe = handles
            number = os.fork()
            if number == 0:
                _read_and_exit(work, (control.fileno(), pipe, *readers))
            os.close(work)
            readers[pipe] = number
            events.register(pipe, 0)


def _end(pipe: int, number: int) -> None:
    os.close(pipe)
    os.kill(number, signal.SIGKILL)
    os.waitpid(number, 0)


def _read_and_exit(work: int, others: Sequence[int]) -> NoReturn:
    """In the child: answer, and leave without whatever its parent would do at its end."""
    with suppress(BaseException):
        for handle in others:
            os.close(handle)
        limit()
        answer(socket.socket(fileno=work))
    os._exit(0)


def seconds_for(size: int) -> int:
    """The seconds of a processor that a file of so many bytes may take."""
    return CPU_SECONDS + size // BYTES_A_SECOND


def limit() -> None:
    """Bound what hostile bytes can take from the machine; a breach ends this process. No file is ever written."""
    limits = {
        resource.RLIMIT_AS: MAX_MEMORY_BYTES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: MOST_OPEN_FILES,
    }
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))
    _limit_seconds(CPU_SECONDS)


def _limit_seconds(seconds: int) -> None:
    """So many of a processor, and some times as many by the clock; both end this process, even within a C call."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_REAL, seconds * WAITING_FACTOR)


def answer(work: socket.socket) -> None:
    """Read what is asked for and send what comes of it: rows and the rest of the list, a refusal, or a breakdown."""
    kind, asked = wire.receive(work)
    module, name, arguments = wire.unpacked(asked)
    reader = getattr(wire.room()[module], name)
    try:
        if kind == OPENED:
            _stream(work, reader, arguments)
        else:
            content = wire.receive(work)[1]
            _limit_seconds(seconds_for(len(content)))
            _send(work, reader(content, *arguments))
    except WrongFile as error:
        wire.send(work, REFUSED, refusal(error))
    except MemoryError:
        # Nothing is left for a sentence; that nothing comes says it.
        return
    except (
        Exception
    ):  # whatever it is, a mistake of ours or bytes that nobody thought of: it is told, not hidden
        wire.send(work, BROKEN, wire.packed(_where_it_broke()))


def _stream(work: socket.socket, reader: Callable[..., Iterator[Any]], arguments: Sequence[Any]) -> None:
    """Send what a reader yields of the file that comes along."""
    _message, (handle,), _flags, _address = socket.recv_fds(work, 1, 1)
    with os.fdopen(handle, "rb") as file:
        _limit_seconds(seconds_for(os.fstat(handle).st_size))
        for part in reader(file, *arguments):
            if isinstance(part, bytes):
                wire.send(work, PART, part)
            else:
                wire.send(work, ROWS, wire.packed(part))
    wire.send(work, DONE, b"")


def _send(work: socket.socket, record: Any) -> None:
    if isinstance(record, MasterList):
        for start in range(0, len(record.rows), ROWS_AT_ONCE):
            wire.send(work, ROWS, wire.packed(record.rows[start : start + ROWS_AT_ONCE]))
        record = replace(record, rows=())
    wire.send(work, END, wire.packed(record))


def refusal(error: WrongFile) -> bytes:
    """Why a file is refused."""
    values = {
        name: value if type(value) in wire.PLAIN else str(value) for name, value in error.values.items()
    }
    return wire.packed((error.expected, error.found, values, tuple(error.bad_rows), error.part))


def _where_it_broke() -> str:
    """The kind of exception and the places in our code, without a word of the file: it may be a person's."""
    kind, _value, trace = sys.exc_info()
    places = (f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(trace))
    return f"{kind.__name__ if kind else ''} at {' > '.join(places)}"
