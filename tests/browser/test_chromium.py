"""The browser of the tests: one that stands still or has died is started anew, once, and it is said."""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Playwright

from tests.chromium import Chromium, program

pytestmark = pytest.mark.browser


@pytest.fixture
def another(playwright: Playwright) -> Iterator[Chromium]:
    """One that nobody else uses, and little patience with it."""
    path = program()
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    another = Chromium(playwright, path, seconds_to_answer=10)
    yield another
    another.stop()


def test_a_browser_that_stands_still_is_started_anew_and_it_is_said(another: Chromium) -> None:
    stopped = another.pid
    os.kill(stopped, signal.SIGSTOP)
    page = another.open()
    page.set_content("<h1>Here</h1>")
    assert page.locator("h1").inner_text() == "Here"
    assert another.pid != stopped
    assert len(another.notes) == 1
    assert another.notes[0].startswith("The browser was started anew")


def test_a_browser_that_stands_still_while_a_page_is_closed_holds_nobody_up(another: Chromium) -> None:
    page = another.open()
    os.kill(another.pid, signal.SIGSTOP)
    another.close(page.context)
    assert another.open().title() == ""
    assert len(another.notes) == 1


def test_a_browser_that_dies_twice_is_not_started_a_third_time(another: Chromium) -> None:
    another.open()
    another.kill()
    another.open()
    another.kill()
    with pytest.raises(Error):
        another.open()
    assert len(another.notes) == 1
