"""A whole installation in a process of its own, as `make run` starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

STOCKCODE = Path(sys.executable).with_name("stockcode")


@dataclass(frozen=True, slots=True)
class Installation:
    """Where it answers, and the first administrator's password as it was printed."""

    address: str
    email: str
    password: str

    def sign_in(self, page: Page) -> None:
        """Leave a browser's page on the home screen."""
        page.goto("/admin/")
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
            yield _introduced(process)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


def _introduced(process: subprocess.Popen[str]) -> Installation:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"is at (http://\S+)/ ", line):
            account = re.search(r"First administrator: (\S+)  password: (\S+)", said)
            assert account is not None, said
            return Installation(found[1], account[1], account[2])
    raise AssertionError(f"it never answered: {said}")
