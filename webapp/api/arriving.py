"""A gunicorn worker that gives a request a thread once all of it is there, as a proxy does that buffers.

A thread that reads from a visitor waits as long as the visitor pleases: eight who send two bytes a second would be all
that the site is busy with. Here the loop of the worker, which waits for nobody, collects what they send, under a
deadline and a size, and sees off whoever is answered.
"""

import re
import selectors
import socket
import time
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# gunicorn has no annotations.
AnyThreadWorker: Any = ThreadWorker

# From the first byte of a request to its last; what is larger than this is read by a thread, for people signed in.
SECONDS_TO_ARRIVE = 10.0
LARGEST = 128 * 1024
# Visitors who take longer make room for those who come after, the slowest first.
MOST_ARRIVING = 256
# How long whoever is answered may take to close their side (RFC 9112, 9.6).
SECONDS_TO_LEAVE = 2.0

END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r]*chunked", re.IGNORECASE)
LAST_CHUNK = b"0\r\n\r\n"
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
TOO_LATE, HEAD_TOO_LARGE = 408, 431


class Arrival:
    """What somebody has sent of a request so far."""

    def __init__(self) -> None:
        self.deadline = time.monotonic() + SECONDS_TO_ARRIVE
        self.said = bytearray()
        # Where its body begins, and how long it is to be; the first 0 before the head has ended, the second -1 where
        # the body says its own end.
        self._body_at, self._length = 0, 0
        self.is_waiting_for_a_word = False

    def take(self, more: bytes) -> None:
        """Something more has come."""
        seen = max(0, len(self.said) - len(END))
        self.said += more
        if not self._body_at and (end := self.said.find(END, seen)) >= 0:
            self._body_at = end + len(END)
            self._read_head(bytes(self.said[: end + 2]))

    def _read_head(self, head: bytes) -> None:
        self.is_waiting_for_a_word = EXPECTS.search(head) is not None
        length = LENGTH.search(head)
        if CHUNKED.search(head):
            self._length = -1
        elif length is not None:
            self._length = int(length[1])

    @property
    def is_whole(self) -> bool:
        """Whether nothing is to come any more."""
        if self._length < 0:
            return self.said.endswith(LAST_CHUNK)
        return self._body_at > 0 and len(self.said) >= self._body_at + self._length

    @property
    def is_enough(self) -> bool:
        """Whether a thread takes it from here: it is whole, or too large to be kept here."""
        return self.is_whole or (self._body_at > 0 and len(self.said) > LARGEST)

    @property
    def is_headless(self) -> bool:
        """Whether more has come than a head may have, and no end of it."""
        return not self._body_at and len(self.said) > LARGEST


class ArrivingWorker(AnyThreadWorker):  # type: ignore[misc]  # gunicorn has no annotations
    """Threads for whole requests, the loop for those on their way."""

    def init_process(self) -> None:
        """Begin with nobody."""
        self.arrivals: dict[Any, Arrival] = {}
        # Socket -> when it is closed at the latest, and how much was read of it and thrown away.
        self.leaving: dict[Any, tuple[float, int]] = {}
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """Take what a visitor has said so far; the rest is waited for here."""
        arrival = self.arrivals[conn] = Arrival()
        if conn.parser is not None:  # something may have been read ahead with the request before
            arrival.take(conn.parser.unreader.take_buffered())
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_more, conn))
        self.on_more(conn, conn.sock)
        if len(self.arrivals) > MOST_ARRIVING:
            self._send_away(next(iter(self.arrivals)), TOO_LATE)

    def on_more(self, conn: Any, client: Any) -> None:
        """Take some more of a request, and give it to a thread once that is enough."""
        arrival = self.arrivals[conn]
        try:
            more = client.recv(LARGEST)
        except BlockingIOError:
            more = None
        except OSError:
            more = b""
        arrival.take(more or b"")
        if arrival.is_enough:
            self.poller.unregister(client)
            conn.arrival = self.arrivals.pop(conn)
            super().enqueue_req(conn)
        elif more == b"" or arrival.is_headless:
            self._send_away(conn, HEAD_TOO_LARGE if arrival.is_headless else None)
        elif arrival.is_waiting_for_a_word:
            arrival.is_waiting_for_a_word = False
            _say(client, GO_ON)

    def handle(self, conn: Any) -> Any:
        """Answer a request, in a thread, from what has arrived."""
        conn.data_ready = True
        conn.init()
        conn.parser.unreader.unread(bytes(conn.arrival.said))
        return super().handle(conn)

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        # Of a body that was refused for its size, nobody waits for the rest.
        return conn.arrival.is_whole and bool(super()._keepalive_after(conn, keepalive))

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Wait for the next request, or see the visitor off: gunicorn's own waits for them, and everybody with it."""
        if fs.cancelled() or fs.exception() is not None or fs.result():
            super().finish_request(conn, fs)
        else:
            self._see_off(conn.sock)

    def murder_pending(self) -> None:
        """End what takes too long; the loop calls this at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        # In the order in which they came, so the first that has time left ends the search.
        while self.arrivals and (first := next(iter(self.arrivals.items())))[1].deadline <= now:
            self._send_away(first[0], TOO_LATE)
        while self.leaving and (gone := next(iter(self.leaving.items())))[1][0] <= now:
            self._close(gone[0])

    def on_leaving(self, client: Any) -> None:
        """Throw away what somebody says who is answered, until they close."""
        deadline, thrown_away = self.leaving[client]
        try:
            more = client.recv(LARGEST)
        except OSError:
            more = b""
        self.leaving[client] = deadline, thrown_away + len(more)
        if not more or thrown_away > LARGEST:
            self._close(client)

    def refusal(self, status: int, _said: bytes) -> bytes:
        """The whole answer to who is sent away, in the loop: what has been said may be no request."""
        return f"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()

    def _send_away(self, conn: Any, status: int | None) -> None:
        arrival = self.arrivals.pop(conn)
        self.poller.unregister(conn.sock)
        if status is not None:
            _say(conn.sock, self.refusal(status, bytes(arrival.said)))
        self._see_off(conn.sock)

    def _see_off(self, client: Any) -> None:
        """Say no more, and close once the visitor does: a socket that is closed with something unread is reset."""
        self.leaving[client] = time.monotonic() + SECONDS_TO_LEAVE, 0
        try:
            client.setblocking(False)
            client.shutdown(socket.SHUT_WR)
            self.poller.register(client, selectors.EVENT_READ, self.on_leaving)
        except OSError:
            self._close(client)

    def _close(self, client: Any) -> None:
        del self.leaving[client]
        self.nr_conns -= 1
        with suppress(KeyError, ValueError):
            self.poller.unregister(client)
        client.close()


def _say(client: Any, word: bytes) -> None:
    with suppress(OSError):  # gone again, or deaf
        client.send(word)
