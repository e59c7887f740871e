"""A whole installation in a process of its own, as `make run` starts it."""

import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from webapp.cli import local_env

STOCKCODE = Path(sys.executable).with_name("stockcode")
# An address of mail and a password.
Account = tuple[str, str]
ACCOUNT = re.compile(r"First administrator: (\S+)  password: (\S+)")
ADDRESS = re.compile(r"is at (http://\S+)/ ")


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
    with _up(data_dir) as said:
        yield _introduced(said, data_dir, _account(said))


@contextmanager
def run_on_a_copy(beginning: Path, data_dir: Path) -> Iterator[Installation]:
    """A later run, on a copy of what a first run has left in a folder that several processes may share."""
    account = _begun(beginning)
    # With their owners: the database's files, and the folder of its socket, are of PostgreSQL's own account.
    subprocess.run(["cp", "-a", beginning / "var", data_dir], check=True)
    with _up(data_dir) as said:
        yield _introduced(said, data_dir, account)


def _begun(folder: Path) -> Account:
    """The first administrator there; whoever comes first makes the first run, for which all others wait."""
    folder.mkdir(exist_ok=True)
    kept = folder / "account.json"
    with (folder / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            # Stopped as soon as everything is stored, before it starts what answers.
            with _up(folder / "var") as said:
                kept.write_text(json.dumps(_account(said)))
        email, password = json.loads(kept.read_text())
    return email, password


@contextmanager
def _up(data_dir: Path) -> Iterator[Iterable[str]]:
    """The lines that `stockcode up` says, in a process of its own; stopped with Ctrl-C at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command: list[str | Path] = [STOCKCODE, "up", "--port", str(port), "--data-dir", data_dir]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


def _account(said: Iterable[str]) -> Account:
    match = _first_of(said, ACCOUNT)
    return match[1], match[2]


def _introduced(said: Iterable[str], data_dir: Path, account: Account) -> Installation:
    address = _first_of(said, ADDRESS)[1]
    email, password = account
    return Installation(address, email, password, local_env.read(data_dir / "local.env")["DATABASE_URL"])


def _first_of(said: Iterable[str], pattern: re.Pattern[str]) -> re.Match[str]:
    """The pattern in the next line that has it."""
    heard = ""
    for line in said:
        heard += line
        if match := pattern.search(line):
            return match
    raise AssertionError(f"it never said {pattern.pattern}: {heard}")
