"""The sample admin on a port of its own, and Debian's chromium to look at it."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.chromium import Chromium
from tests.face import sample

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def sample_app() -> Flask:
    return sample.create(str(ROOT / "templates"), str(ROOT / "webapp" / "static"))


@pytest.fixture(scope="session")
def address(sample_app: Flask) -> Iterator[str]:
    """Where the sample answers."""
    server = make_server("127.0.0.1", 0, sample_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium: Chromium, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A Japanese reader's page; whatever the browser complains of, such as a breach of the policy, fails the test."""
    options: dict[str, Any] = {
        "locale": "ja",
        "viewport": {"width": 1280, "height": 800},
        "base_url": address,
    }
    options |= getattr(request, "param", {})
    page = chromium.open(**options)
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    chromium.close(page.context)
    assert complaints == []
