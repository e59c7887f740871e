"""Whoever sends slowly, or too much, or stays when answered, keeps nobody else waiting."""

import http.client
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
from gunicorn.workers.gthread import TConn

from webapp.api import arriving
from webapp.api.arriving import Arrival, ArrivingWorker

ROOT = Path(__file__).parents[2]
POST = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200\r\n\r\n"
# It reads what it is sent, but no more than a stranger may send.
SITE = """
def app(asked, start_response):
    length = int(asked.get("CONTENT_LENGTH") or 0)
    body = asked["wsgi.input"].read() if length < 65536 else b"not read"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A site of one worker with one thread, which patience would stop at once."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "site_that_reads.py").write_text(SITE)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.api.serving", "--workers", "1"]
    command += ["--threads", "1", "--bind", f"127.0.0.1:{port}", "site_that_reads:app"]
    environment = {"PYTHONPATH": f"{folder}:{ROOT}", "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                with suppress(OSError):
                    send(port, b"")
                    break
                time.sleep(0.05)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def send(port: int, body: bytes, **headers: str) -> tuple[int, bytes, float]:
    """Status, body and seconds of an answer."""
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), time.monotonic() - began


def connected(port: int, opened: ExitStack) -> socket.socket:
    return opened.enter_context(closing(socket.create_connection(("127.0.0.1", port), timeout=20)))


@pytest.mark.parametrize(
    "beginning", [POST, POST[:-20], b"", POST.replace(b"Host", b"Expect: 100-continue\r\nHost")]
)
def test_ten_who_send_two_bytes_at_a_time_do_not_stop_the_site(port: int, beginning: bytes) -> None:
    with ExitStack() as opened:
        slow = [connected(port, opened) for _ in range(10)]
        for visitor in slow:
            visitor.sendall(beginning)
        for _ in range(3):
            for visitor in slow:
                visitor.sendall(b"ab")
            assert send(port, b"quick")[1:2] == (b"quick",)
            time.sleep(0.05)
        assert send(port, b"quick")[2] < 1


def test_ten_who_send_much_and_then_nothing_do_not_stop_the_site(port: int) -> None:
    head = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n"
    with ExitStack() as opened:
        for _ in range(10):
            connected(port, opened).sendall(head + b"a" * (arriving.LARGEST + 1))
        time.sleep(0.3)
        assert send(port, b"quick")[2] < 1


def test_ten_who_stay_when_they_are_answered_do_not_stop_the_site(port: int) -> None:
    with ExitStack() as opened:
        for _ in range(10):
            visitor = connected(port, opened)
            visitor.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert visitor.recv(100).startswith(b"HTTP/1.1 200")
        assert send(port, b"quick")[2] < 1


def test_what_comes_in_pieces_or_together_is_answered_in_order(port: int) -> None:
    with ExitStack() as opened:
        visitor = connected(port, opened)
        asked = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n"
        for piece in (asked[:10], asked[10:], b"on", b"e" + asked + b"two" + asked, b"six"):
            visitor.sendall(piece)
            time.sleep(0.05)
        said = b""
        while said.count(b"HTTP/1.1 200") < 3 or not said.endswith(b"six"):
            said += visitor.recv(4096)
        assert [part.rpartition(b"\r\n")[2] for part in said.split(b"HTTP/1.1 200 OK")[1:]] == [
            b"one",
            b"two",
            b"six",
        ]


def test_a_large_body_and_one_in_chunks_are_read(port: int) -> None:
    body = b"a" * 60_000
    assert send(port, body)[1] == body
    assert send(port, b"", Expect="100-continue")[0] == 200
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("POST", "/", iter([b"one", b"two"]), encode_chunked=True)
        assert connection.getresponse().status == 200


def test_a_head_without_end_is_refused(port: int) -> None:
    with ExitStack() as opened:
        visitor = connected(port, opened)
        visitor.sendall(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * (arriving.LARGEST // 6 + 1))
        assert visitor.recv(100).startswith(b"HTTP/1.1 431 ")


def test_a_request_has_ten_seconds_to_arrive_whatever_trickles() -> None:
    arrival = Arrival()
    began = arrival.deadline
    arrival.take(POST + b"a" * 199)
    assert not arrival.is_enough
    assert arrival.deadline == began
    arrival.take(b"a")
    assert arrival.is_whole


def test_what_has_not_arrived_by_then_is_told_so_and_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "SECONDS_TO_ARRIVE", 0.0)
    monkeypatch.setattr(arriving, "SECONDS_TO_LEAVE", 0.0)
    worker, (ours, theirs) = ArrivingWorker.__new__(ArrivingWorker), socket.socketpair()
    worker.arrivals, worker.leaving, worker.pending_conns, worker.nr_conns = {}, {}, deque(), 1
    worker.poller = selectors.DefaultSelector()
    with closing(worker.poller), closing(theirs):
        theirs.sendall(POST)
        worker.enqueue_req(TConn(None, ours, "", ""))
        worker.murder_pending()
        assert theirs.recv(100).startswith(b"HTTP/1.1 408 ")
        assert theirs.recv(100) == b""
        worker.murder_pending()
        assert worker.nr_conns == 0
