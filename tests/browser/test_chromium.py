"""The browser of the tests: one that stands still or has died is started anew, once, and it is said."""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Playwright

from tests.chromium import SECONDS_TO_ANSWER, Chromium, program

pytestmark = pytest.mark.browser


class Stopping(Chromium):
    """One that can be made to stand still; there is little patience with it only while it does."""

    def stand_still(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)
        self.seconds_to_answer = 1.0

    def _give_up(self) -> None:
        self.seconds_to_answer = SECONDS_TO_ANSWER
        super()._give_up()


@pytest.fixture
def another(playwright: Playwright) -> Iterator[Stopping]:
    """A browser that nobody else uses."""
    path = program()
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    another = Stopping(playwright, path)
    yield another
    another.stop()


def test_a_browser_that_stands_still_is_started_anew_and_it_is_said(another: Stopping) -> None:
    stopped = another.pid
    another.stand_still()
    page = another.open()
    page.set_content("<h1>Here</h1>")
    assert page.locator("h1").inner_text() == "Here"
    assert another.pid != stopped
    assert len(another.notes) == 1
    assert another.notes[0].startswith("The browser was started anew")


def test_a_browser_that_stands_still_while_a_page_is_closed_holds_nobody_up(another: Stopping) -> None:
    page = another.open()
    another.stand_still()
    another.close(page.context)
    assert another.open().title() == ""
    assert len(another.notes) == 1


def test_a_browser_that_dies_twice_is_not_started_a_third_time(another: Stopping) -> None:
    another.open()
    another.kill()
    another.open()
    another.kill()
    with pytest.raises(Error):
        another.open()
    assert len(another.notes) == 1
