"""make kills: imports that a worker writes, while worker, child and PostgreSQL fall: nothing or all, and once."""

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import click
import psycopg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from tests.campaigns import house
from tests.campaigns.house import children_of
from tests.databases import migrate
from tests.installation import STOCKCODE
from webapp import db, silence
from webapp.cli import embedded
from webapp.models.company import Company
from webapp.services.changes import door, proposing
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Author, Intent, Wish
from webapp.services.changes.undoing import UndoneAlready
from webapp.services.intake import importing
from webapp.services.queueing import sweeping, watching
from webapp.settings import DRIVER

ROWS = 3000
AUTHOR = Author("a campaign")
FALLS = ("the worker", "its child", "a process of PostgreSQL", "PostgreSQL")
STORED = text(
    "SELECT count(*), coalesce(max(version), 0), md5(string_agg(edinet_code || name_ja, ',' ORDER BY edinet_code))"
    " FROM companies"
)


Found = TypeVar("Found")


class NotWhole(click.ClickException):
    """What is stored is neither nothing nor all, or not what the file says."""


@dataclass
class Campaign:
    """A server, a worker that is started again whenever it has fallen, and what has fallen so far."""

    home: Path
    server: embedded.Server
    random: random.Random
    worker: "subprocess.Popen[bytes] | None" = None
    fallen: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)

    def see_to_it(self) -> None:
        """Start again what has fallen, as whoever runs it would."""
        if self.server.process.poll() is not None:
            self.server = house.started_again(self.server, self.home / "postgres")
        if self.worker is None or self.worker.poll() is not None:
            environment = {"PATH": os.environ["PATH"], "DATABASE_URL": self.server.url, "APP_ENV": "local"}
            self.worker = subprocess.Popen(
                [STOCKCODE, "worker"], env={**environment, "SECRET_KEY": "0" * 32}, stderr=subprocess.DEVNULL
            )

    def stop(self) -> None:
        if self.worker is not None:
            self.worker.kill()
            self.worker.wait()
        self.server.stop()

    def deferred(self) -> tuple[int, int]:
        """An import of so many companies that the worker is to write: its change set and its job."""
        wishes = [
            Wish(Company, "create", {"name_ja": f"試験{number}株式会社", "edinet_code": f"E{number:05d}"})
            for number in range(ROWS)
        ]
        with db.transaction():
            change_set = door.store(proposing.propose(wishes, Intent("import", AUTHOR, "a campaign"))).id
            return change_set, importing.confirm_later(change_set, AUTHOR)

    def fall(self, what: str) -> None:
        """Let it fall by kill -9."""
        assert self.worker is not None
        victims = self._victims(what, self.worker.pid)
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        # A job that is done already has no session any more.
        self.fallen[what] += bool(victims)
        if what == "the worker":
            self.worker.wait()
        if what == "PostgreSQL":
            self.server.process.wait(30)

    def _victims(self, what: str, worker: int) -> list[int]:
        match what:
            case "the worker":
                return [worker]
            case "its child":
                return children_of(worker)
            case "PostgreSQL":
                return [self._postmaster()]
        return self._backends()

    def _postmaster(self) -> int:
        return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

    def _backends(self) -> list[int]:
        """The session in which the job is done."""
        asked = "SELECT pid FROM pg_stat_activity WHERE application_name = 'stockcode-job' AND xact_start IS NOT NULL"
        with psycopg.connect(self.server.url) as connection:
            return [pid for (pid,) in connection.execute(asked)]

    def undisturbed(self) -> tuple[float, str]:
        """How many seconds an import takes, and the digest of what it stores."""
        change_set, job = self.deferred()
        house.wait_until(lambda: _status(job) != "todo")
        began = time.monotonic()
        house.wait_until(lambda: _status(job) == "succeeded")
        seconds = time.monotonic() - began
        digest = tried(_stored)[2]
        door.undo(change_set, AUTHOR, "a campaign")
        return seconds, digest

    def round(self, what: str, seconds: float, known: str) -> None:
        """One import with one fall, after which, in the end, what is known of it must be stored."""
        change_set, job = self.deferred()
        self.see_to_it()
        house.wait_until(lambda: _status(job) != "todo")
        time.sleep(self.random.uniform(0, seconds))
        self.fall(what)
        self.see_to_it()
        count, _, _ = tried(_stored)
        self.met["all" if count else "nothing"] += 1
        if count not in (0, ROWS):
            raise NotWhole(f"{count} of {ROWS} rows are stored after the fall of {what}")
        tried(_sweep)
        house.wait_until(lambda: _status(job) == "succeeded")
        count, version, digest = tried(_stored)
        if (count, version) != (ROWS, 1) or digest != known:
            raise NotWhole(
                f"{count} rows of version {version} are stored in the end, after the fall of {what}"
            )
        # Of an undoing that was cut off nobody knows whether it was kept.
        house.wait_until(
            lambda: isinstance(door.undo(change_set, AUTHOR, "a campaign"), Applied | UndoneAlready)
        )


def tried(work: Callable[[], Found]) -> Found:
    """What the database says once it is there again: after the fall of one process all others end, a little later."""
    until = time.monotonic() + 60
    while True:
        try:
            return work()
        except OperationalError:
            silence.give_back(db.session)
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _stored() -> tuple[int, int, str]:
    count, version, digest = db.session.execute(STORED).one()
    db.session.rollback()
    return count, version, digest


def _sweep() -> None:
    """At once, and not after the seconds for which a worker may be unheard."""
    with db.transaction():
        db.session.connection().exec_driver_sql(sweeping.SWEEP, {**sweeping.facts(), "unheard": "0 seconds"})


def _status(job: int) -> str | None:
    return tried(lambda: _status_now(job))


def _status_now(job: int) -> str | None:
    found = watching.one(job)
    db.session.rollback()
    return None if found is None else found.status


@contextmanager
def opened(seed: int) -> Iterator[Campaign]:
    """A server with production's durability, and a worker; gone at the end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    home = Path(tempfile.mkdtemp(prefix="stockcode-campaign-"))
    campaign = Campaign(home, embedded.start(home / "postgres"), random.Random(seed))
    try:
        url = make_url(campaign.server.url).set(drivername=DRIVER)
        migrate(url)
        db.bind(db.make_engine(url, application_name="campaign"))
        yield campaign
    finally:
        campaign.stop()
        shutil.rmtree(home, ignore_errors=True)


@click.command()
@click.option("--kills", default=50)
@click.option("--seed", default=lambda: int(time.time()), type=int)
def main(kills: int, seed: int) -> None:
    """Defer, kill, look, finish, undo; and again."""
    with opened(seed) as campaign:
        campaign.see_to_it()
        # The second time the child is there already.
        (_, digest), (seconds, _) = (campaign.undisturbed() for _each in range(2))
        for what in itertools.islice(itertools.cycle(FALLS), kills):
            campaign.round(what, seconds, digest)
        click.echo(
            f"seed {seed}: imports of {ROWS} rows under {dict(campaign.fallen)};"
            f" after the fall stood {dict(campaign.met)}, in the end all, once"
        )


if __name__ == "__main__":
    main()
