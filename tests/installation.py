"""A whole installation in a process of its own, as `make run` starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from webapp.cli import local_env

STOCKCODE = Path(sys.executable).with_name("stockcode")


@dataclass(frozen=True, slots=True)
class Installation:
    """Where it answers, and the first administrator's password as it was printed, or somebody else's there."""

    address: str
    email: str
    password: str
    # Where its database answers.
    database_url: str = ""
    # Those of the last time that somebody signed in through the form.
    _cookies: list[Any] = field(default_factory=list, repr=False, compare=False)

    def sign_in(self, page: Page) -> None:
        """Let a browser's page be of somebody signed in; through the form only where no session is open."""
        page.context.add_cookies(self._cookies)
        if page.request.get("/", max_redirects=0).headers["location"].endswith("/login"):
            self.sign_in_anew(page)
            self._cookies[:] = page.context.cookies()

    def sign_in_anew(self, page: Page) -> None:
        """Sign in through the form, which leads to the home screen."""
        page.goto("/login")
        page.locator("input[name=email]").fill(self.email)
        page.locator("input[name=password]").fill(self.password)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(f"{self.address}/admin/")


@contextmanager
def first_run(data_dir: Path) -> Iterator[Installation]:
    """A first run of `stockcode up` on an empty directory; stopped with Ctrl-C at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [STOCKCODE, "up", "--port", str(port), "--data-dir", data_dir]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield _introduced(process, data_dir)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


def _introduced(process: subprocess.Popen[str], data_dir: Path) -> Installation:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"is at (http://\S+)/ ", line):
            account = re.search(r"First administrator: (\S+)  password: (\S+)", said)
            assert account is not None, said
            url = local_env.read(data_dir / "local.env")["DATABASE_URL"]
            return Installation(found[1], account[1], account[2], url)
    raise AssertionError(f"it never answered: {said}")
