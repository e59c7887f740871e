"""An installation to be hard on: PostgreSQL with production's durability, two workers, stewards who have signed in."""

import http.client
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL, make_url

from tests.databases import migrate
from tests.migrations import visitors
from tests.migrations.visitors import Answer, Person, Server
from tests.screens.browsing import fields
from webapp import db
from webapp.cli import embedded
from webapp.cli.cluster import EmbeddedError
from webapp.settings import DRIVER

ROOT = Path(__file__).parents[2]


@dataclass
class House:
    """The database server, which may be another after a fall, and the web server in front of it."""

    home: Path
    database: embedded.Server
    site: Server
    url: URL

    def workers(self) -> list[int]:
        return children_of(self.site.process.pid)

    def server_processes(self) -> list[int]:
        """The server, and each process that it has started."""
        return [self.postmaster(), *children_of(self.postmaster())]

    def postmaster(self) -> int:
        return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

    def restart(self) -> None:
        """Start the database anew, as whoever runs it would."""
        self.database = started_again(self.database, self.home / "postgres")


def started_again(fallen: embedded.Server, home: Path) -> embedded.Server:
    """The server anew after its fall: its processes may outlive the first by a moment, and keep its memory so long."""
    fallen.process.wait(30)
    fallen.lock.close()
    servers: list[embedded.Server] = []

    def has_started() -> bool:
        try:
            servers.append(embedded.start(home))
        except EmbeddedError:
            return False
        return True

    wait_until(has_started)
    return servers[0]


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def opened(*, companies: int, stewards: int) -> Iterator[House]:
    """A house with so many companies and stewards, gone at the end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    home = Path(tempfile.mkdtemp(prefix="stockcode-campaign-"))
    with ExitStack() as leaving:
        leaving.callback(shutil.rmtree, home, ignore_errors=True)
        server = embedded.start(home / "postgres")
        leaving.callback(server.stop)
        url = make_url(server.url).set(drivername=DRIVER)
        migrate(url)
        engine = db.make_engine(url, application_name="campaign")
        visitors.settle(engine, companies=companies, stewards=stewards)
        engine.dispose()
        site = leaving.enter_context(visitors.serving(ROOT, url, home / "web.log", workers=2))
        wait_until(lambda: site.ready().status == 200)
        house = House(home, server, site, url)
        try:
            yield house
        finally:
            house.database.stop()


def wait_until(holds: Any, seconds: float = 60) -> None:
    """Return once it holds; whoever does not answer does not hold."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if holds():
                return
        except (OSError, http.client.HTTPException):
            pass
        if time.monotonic() > deadline:
            raise TimeoutError("it never came to be")
        time.sleep(0.1)


@dataclass
class Edit:
    """One thing that a steward wants stored, and what became of it."""

    company: int
    token: str
    name: str
    form: dict[str, str] = field(repr=False)
    # What was said of it, in turn: saved, unknown, not this time, failed, unanswered.
    said: list[str] = field(default_factory=list)
    slowest: float = 0.0
    # Whether it was stored without anybody having been told so.
    is_stored: bool = False


class Editor(Person):
    """A steward who edits one company over and over, and does not give in before each edit is saved."""

    def __init__(self, house: House, number: int) -> None:
        super().__init__(house.site)  # type: ignore[arg-type]  # it answers as a balancer does
        self.house, self.number, self.company = house, number, number + 1
        self.address = f"/admin/companies/edit/?id={self.company}"
        self.sign_in(visitors.email_of(number))

    def open(self) -> dict[str, str]:
        """The form, as soon as there is one."""
        page: list[Answer] = []

        def is_there() -> bool:
            page[:] = [self.get(self.address)]
            return page[0].status == 200

        wait_until(is_there)
        return fields(page[0].text)

    def edit(self, turn: int) -> Edit:
        """What is to be saved next, typed and not sent."""
        form = self.open()
        name = f"Company {self.number} as of {turn}"
        return Edit(self.company, form["save_token"], name, {**form, "name_en": name})

    def send(self, edit: Edit) -> Answer | None:
        """Press Save, and note what is said."""
        began = time.monotonic()
        try:
            answer = self.post(self.address, edit.form)
        except (OSError, http.client.HTTPException):
            answer = None
        edit.slowest = max(edit.slowest, time.monotonic() - began)
        edit.said.append(_said(answer))
        return answer


def _said(answer: Answer | None) -> str:
    if answer is None:
        return "unanswered"
    if answer.status in (302, 303):
        return "saved" if "/login" not in answer.headers["Location"] else "signed out"
    if "not known yet whether" in answer.text:
        return "unknown"
    if "could not be saved this time" in answer.text:
        return "not this time"
    return "failed" if answer.status in (200, 503) else str(answer.status)
