"""A gunicorn worker that says that it lives whatever its threads do, and gives none of them to a silent visitor.

Threads wait for the database, for slow bodies, for each other. The loop that hands them their work waits for nobody,
so it answers /healthz itself: at the site's own address, and at one that no visitor can fill (HEALTH_PORT).
"""

import selectors
import socket
import time
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn

from webapp import environment
from webapp.api.refusing import RefusingWorker

# gunicorn has no annotations.
AnyConnection: Any = TConn

QUESTIONS = (b"GET /healthz HTTP/", b"HEAD /healthz HTTP/")
LONGEST_QUESTION = 8192
END = b"\r\n\r\n"
BODY = b'{"status":"ok"}\n'
HEAD = (
    b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    b"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
)
LIVES = HEAD % (b"200 OK", len(BODY))
NOTHING_ELSE = HEAD % (b"404 Not Found", 0)
# Whoever connects to the address of checks and says nothing makes room for those who come after.
MOST_CHECKS = 64


class Worker(RefusingWorker):
    """Threads for what may wait, one loop for what may not: checks here, and requests on their way."""

    sockets: list[Any]

    def init_process(self) -> None:
        """Keep the address of checks apart: it is open even where no more visitors are let in."""
        port = environment.variables().get("HEALTH_PORT", "")
        listeners: list[Any] = self.sockets
        self.for_checks = [listener for listener in listeners if _port_of(listener) == port]
        self.sockets = [listener for listener in listeners if _port_of(listener) != port]
        # Who asks there -> what they have said so far.
        self.checks: dict[Any, bytes] = {}
        super().init_process()

    def run(self) -> None:
        """Serve until somebody wishes an end."""
        for listener in self.for_checks:
            listener.setblocking(False)
            self.poller.register(listener, selectors.EVENT_READ, self.accept_check)
        super().run()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Let visitors in, or no more for now; a worker that ends leaves checks to those that stay."""
        super().set_accept_enabled(enabled)
        if not self.alive:
            while self.for_checks:
                self.poller.unregister(self.for_checks.pop())

    def accept(self, listener: Any) -> None:
        """Let a visitor in; they get a thread once they say something."""
        if (client := _accepted(listener)) is None:
            return
        conn: Any = AnyConnection(self.cfg, *client, listener.getsockname())
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.nr_conns += 1
        self.pending_conns.append(conn)
        ready = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, ready)

    def accept_check(self, listener: Any) -> None:
        """Let somebody in who asks for nothing else."""
        if (client := _accepted(listener)) is None:
            return
        client[0].setblocking(False)
        self.checks[client[0]] = b""
        self.poller.register(client[0], selectors.EVENT_READ, self.on_check)
        if len(self.checks) > MOST_CHECKS:
            self._end_check(next(iter(self.checks)))

    def on_check(self, client: Any) -> None:
        """Answer a check, or that there is nothing else here, once all of the question is there."""
        with suppress(OSError):
            more = client.recv(LONGEST_QUESTION)
            said = self.checks[client] = self.checks[client] + more
            if more and END not in said and len(said) < LONGEST_QUESTION:
                return
            _answer(client, said, otherwise=NOTHING_ELSE)
        self._end_check(client)

    def on_pending_socket_readable(self, conn: Any, client: Any) -> None:
        """The first that a visitor says."""
        if not self._is_answered(conn, client, self.pending_conns):
            super().on_pending_socket_readable(conn, client)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """What a visitor says on a connection that was kept."""
        if not self._is_answered(conn, client, self.keepalived_conns):
            super().on_client_socket_readable(conn, client)

    def _is_answered(self, conn: Any, client: Any, waiting: Any) -> bool:
        """Whether it was a check, which is answered and gone."""
        said = _said(client)
        if not said.startswith(QUESTIONS) or END not in said:
            return False
        client.recv(len(said))  # a socket that is closed with something unread is reset
        self.poller.unregister(client)
        waiting.remove(conn)
        self.nr_conns -= 1
        _answer(client, said)
        conn.close()
        return True

    def _end_check(self, client: Any) -> None:
        self.poller.unregister(client)
        del self.checks[client]
        client.close()


def _port_of(listener: Any) -> str:
    """The port of a listener, as a variable would say it; blank for a socket in the file system."""
    address = listener.getsockname()
    return str(address[1]) if isinstance(address, tuple) else ""


def _accepted(listener: Any) -> Any:
    """The socket and address of whoever knocked; None where another worker was faster."""
    try:
        return listener.accept()
    except (BlockingIOError, ConnectionAbortedError):
        return None


def _said(client: Any) -> bytes:
    """What there is to read, left where it is for whoever reads on."""
    try:
        return bytes(client.recv(LONGEST_QUESTION, socket.MSG_PEEK))
    except OSError:
        return b""


def _answer(client: Any, said: bytes, otherwise: bytes = b"") -> None:
    """Say that this process lives, to whoever asked that."""
    answer = LIVES if said.startswith(QUESTIONS) else otherwise
    if said.startswith(QUESTIONS[0]):
        answer += BODY
    with suppress(OSError):  # gone again
        client.send(answer)
