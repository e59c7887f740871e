"""A worker says that it lives whatever its threads do."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

# A slow answer says that it has begun, and takes as long as it is not let go.
SITE = """
import pathlib, time
HERE = pathlib.Path(__file__).parent
def app(asked, start_response):
    if asked["PATH_INFO"] == "/slow":
        (HERE / "begun").touch()
        until = time.monotonic() + 20
        while not (HERE / "let go").exists() and time.monotonic() < until:
            time.sleep(0.02)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [asked["PATH_INFO"].encode()]
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, path: str, method: str = "GET") -> tuple[int, bytes, float]:
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read(), time.monotonic() - began


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site lies, and what it and its tests say to each other."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def ports(folder: Path) -> Iterator[tuple[int, int]]:
    """One worker with one thread, as the production configuration has it otherwise: the site's port, and its own."""
    (folder / "site_of_one_page.py").write_text(SITE)
    site, checks = free_port(), free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.api.serving", "--threads", "1"]
    environment = {
        "PORT": str(site),
        "HEALTH_PORT": str(checks),
        "APP_ENV": "local",
        "PYTHONPATH": f"{folder}:{Path(__file__).parents[2]}",
        "PYTHONWARNINGS": "ignore",
    }
    with subprocess.Popen([*command, "site_of_one_page:app"], env=environment) as process:
        try:
            deadline = time.monotonic() + 30
            while True:
                try:
                    ask(site, "/")
                    break
                except OSError:
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
            yield site, checks
        finally:
            process.terminate()
            process.wait(30)


def test_it_lives_at_both_addresses_while_its_only_thread_is_busy(
    ports: tuple[int, int], folder: Path
) -> None:
    site, checks = ports
    with closing(http.client.HTTPConnection("127.0.0.1", site, timeout=20)) as slow:
        slow.request("GET", "/slow")
        deadline = time.monotonic() + 10
        while not (folder / "begun").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        for port in (site, checks):
            status, body, seconds = ask(port, "/healthz")
            assert (status, body) == (200, b'{"status":"ok"}\n')
            assert seconds < 0.5
            assert ask(port, "/healthz", "HEAD")[:2] == (200, b"")
        (folder / "let go").touch()
        assert slow.getresponse().read() == b"/slow"


def test_its_own_address_answers_nothing_else(ports: tuple[int, int]) -> None:
    for path in ("/", "/admin/", "/readyz", "/healthz2"):
        assert ask(ports[1], path)[0] == 404


def test_a_check_that_is_asked_on_a_kept_connection_or_in_pieces_is_answered(ports: tuple[int, int]) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", ports[0], timeout=20)) as kept:
        for path in ("/one", "/two", "/healthz"):
            kept.request("GET", path)
            answer = kept.getresponse()
            assert answer.status == 200
            answer.read()
    with closing(socket.create_connection(("127.0.0.1", ports[1]), timeout=20)) as piece:
        piece.sendall(b"GET /heal")
        time.sleep(0.1)
        piece.sendall(b"thz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert piece.recv(100).startswith(b"HTTP/1.1 200 ")


def test_visitors_who_say_nothing_take_no_thread_and_no_check(ports: tuple[int, int]) -> None:
    with ExitStack() as silent:
        for port in (*[ports[0]] * 5, *[ports[1]] * 70):
            silent.enter_context(closing(socket.create_connection(("127.0.0.1", port), timeout=20)))
        time.sleep(0.2)
        assert ask(ports[0], "/page")[2] < 1
        assert ask(ports[1], "/healthz")[0] == 200
