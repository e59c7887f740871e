"""The container's check is true to what the web server answers under a trusted name."""

import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Flask, request
from werkzeug.serving import make_server

from webapp.cli import healthcheck


@pytest.fixture
def port() -> Iterator[int]:
    """A server that trusts one name."""
    app = Flask("bare")
    app.add_url_rule(
        "/healthz",
        endpoint="healthz",
        view_func=lambda: ("", 200 if request.host == "admin.example" else 400),
    )
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answering_server_is_healthy(port: int) -> None:
    assert healthcheck.is_healthy(port, "admin.example")


def test_a_refusing_server_is_not(port: int) -> None:
    assert not healthcheck.is_healthy(port, "other.example")


def test_a_server_that_is_not_there_is_not() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    assert not healthcheck.is_healthy(free, "admin.example")
