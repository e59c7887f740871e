"""A way to the database that can freeze: it still takes what is sent, and lets in who knocks, and says nothing."""

import select
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import URL

PORT = 5432


@dataclass
class Way:
    """A socket of this machine in front of a server's."""

    url: URL
    listener: socket.socket
    target: tuple[int, str | tuple[str, int]]
    thawed: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def freeze(self) -> None:
        self.thawed.clear()

    def thaw(self) -> None:
        self.thawed.set()

    def run(self) -> None:
        """Pass bytes on, both ways, until the end."""
        beyond: dict[socket.socket, socket.socket] = {}
        while not self.ended.is_set():
            if not self.thawed.wait(0.05):
                continue
            readable, _writable, _broken = select.select([self.listener, *beyond], [], [], 0.05)
            if not self.thawed.is_set():
                continue
            for end in readable:
                if end is self.listener:
                    here, _address = end.accept()
                    there = socket.socket(self.target[0], socket.SOCK_STREAM)
                    there.connect(self.target[1])
                    beyond |= {here: there, there: here}
                elif end in beyond:
                    self._pass_on(end, beyond)
        for end in beyond:
            end.close()

    @staticmethod
    def _pass_on(end: socket.socket, beyond: dict[socket.socket, socket.socket]) -> None:
        try:
            block = end.recv(65536)
            if block:
                beyond[end].sendall(block)
                return
        except OSError:
            pass
        other = beyond.pop(end)
        beyond.pop(other)
        end.close()
        other.close()


@contextmanager
def way_to(url: URL) -> Iterator[Way]:
    """A way to a server, by whichever kind of socket it listens on."""
    host = str(url.query.get("host") or url.host or "localhost")
    port = url.port or PORT
    in_files = host.startswith("/")
    target = (socket.AF_UNIX, f"{host}/.s.PGSQL.{port}") if in_files else (socket.AF_INET, (host, port))
    with (
        tempfile.TemporaryDirectory(prefix="way-") as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener,
    ):
        listener.bind(str(Path(folder) / f".s.PGSQL.{PORT}"))
        listener.listen(64)
        through = url.set(host=None, port=None, query={**url.query, "host": folder, "port": str(PORT)})
        way = Way(through, listener, target)
        way.thaw()
        thread = threading.Thread(target=way.run)
        thread.start()
        try:
            yield way
        finally:
            way.ended.set()
            thread.join()
