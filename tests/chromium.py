"""The browser of the tests: one for each worker, and another one, once, where it no longer answers."""

import faulthandler
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright

# The engine without a window takes two thirds of the time that the whole browser takes.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# What takes a moment takes many on a machine that does much else; a browser that stands still takes for ever.
SECONDS_TO_ANSWER = 60.0
# Playwright waits that long for what a page should show or do.
SECONDS_TO_SHOW = 20.0


def program() -> str | None:
    """Where Chromium is, if it is anywhere."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Chromium:
    """Opens pages. A browser that has died or stands still is started anew once, and `notes` says so."""

    def __init__(self, playwright: Playwright, path: str) -> None:
        self.notes: list[str] = []
        self.seconds_to_answer = SECONDS_TO_ANSWER
        self._playwright, self._path = playwright, path
        self._browser = self._start()

    def open(self, **options: Any) -> Page:
        """A page in a context of its own; `options` are the context's."""
        try:
            return self._new_page(options)
        except Error as error:
            if self._browser.is_connected() or self.notes:
                raise
            self.notes.append(f"The browser was started anew: {error.message.splitlines()[0]}")
            self._browser = self._start()
            return self._new_page(options)

    def close(self, context: BrowserContext) -> None:
        """Close a context; with a browser that is gone there is nothing to close."""
        with suppress(Error), self._answering():
            context.close()

    def stop(self) -> None:
        """Close the browser."""
        with suppress(Error), self._answering():
            self._browser.close()

    def kill(self) -> None:
        """End the browser as if it had crashed; whatever waits for it is told."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def _start(self) -> Browser:
        browser = self._playwright.chromium.launch(executable_path=self._path, args=["--no-sandbox"])
        session = browser.new_browser_cdp_session()
        processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
        session.detach()
        self.pid = next(one["id"] for one in processes if one["type"] == "browser")
        return browser

    def _new_page(self, options: dict[str, Any]) -> Page:
        with self._answering():
            context = self._browser.new_context(**options)
            context.set_default_timeout(SECONDS_TO_SHOW * 1000)
            return context.new_page()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """What Playwright waits for without an end is over when the browser has not answered in time."""
        watch = threading.Timer(self.seconds_to_answer, self._give_up)
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _give_up(self) -> None:
        faulthandler.dump_traceback(file=sys.__stderr__ or sys.stderr, all_threads=True)
        self.kill()
