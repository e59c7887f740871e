"""make kills, its second half: import a feed while whoever reads it, writes it or keeps it is killed, and count.

After each kill the file is there whole or not at all; brought again, the rows are as if it had come once.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import psycopg
from sqlalchemy.engine import make_url

from tests.bench.feeds import MADE_COMPANIES, ROWS
from tests.campaigns import house
from tests.databases import migrate
from webapp.cli import embedded
from webapp.settings import DRIVER

STOCKCODE = Path(sys.executable).with_name("stockcode")
WHO_FALLS = ("the command", "its process of PostgreSQL", "PostgreSQL")
# Rows of this version, of another one, rows that wait, and change sets of imports in each state.
COUNTED = """
SELECT (SELECT count(*) FROM stock_prices WHERE volume % 100 = %s), (SELECT count(*) FROM stock_prices),
    (SELECT count(*) FROM feed_rows), (SELECT count(*) FROM change_sets WHERE kind = 'import' AND status = 'applied')
"""


@dataclass
class Place:
    """A database server, which may be another after a fall, and the files to bring."""

    home: Path
    server: embedded.Server
    rows: int

    @property
    def url(self) -> str:
        return self.server.url

    def file(self, version: int) -> Path:
        """The prices, with a volume that tells the version."""
        path = self.home / "prices.csv"
        query = f"COPY ({ROWS.format(rows=self.rows, more=version)}) TO STDOUT (FORMAT csv, HEADER)"
        with (
            psycopg.connect(self.url) as connection,
            path.open("wb") as file,
            connection.cursor().copy(query.encode()) as copy,
        ):
            for block in copy:
                file.write(block)
        return path

    def importing(self, path: Path) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "SECRET_KEY": "campaign" * 5,
            "APP_ENV": "local",
        }
        command = [str(STOCKCODE), "import", "prices", str(path), "--yes", "--json"]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def counted(self, version: int) -> tuple[int, ...]:
        with psycopg.connect(self.url) as connection:
            row = connection.execute(COUNTED.replace("% 100", "%% 100").encode(), (version,)).fetchone()
        assert row is not None
        return tuple(row)

    def let_fall(self, who: str, command: subprocess.Popen[bytes]) -> None:
        """Kill one of those who take part; PostgreSQL is started again."""
        postmaster = int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        if who == "the command":
            command.kill()
        elif who == "PostgreSQL":
            os.kill(postmaster, signal.SIGKILL)
            self.server = house.started_again(self.server, self.home / "postgres")
        else:
            for process in house.children_of(postmaster):
                if b"stockcode stockcode" in Path(f"/proc/{process}/cmdline").read_bytes():
                    os.kill(process, signal.SIGKILL)
        command.wait(60)
        house.wait_until(self.is_there)

    def is_there(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def opened(rows: int) -> Iterator[Place]:
    """A migrated database with companies, gone at the end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    home = Path(tempfile.mkdtemp(prefix="stockcode-campaign-"))
    place = Place(home, embedded.start(home / "postgres"), rows)
    try:
        migrate(make_url(place.url).set(drivername=DRIVER))
        with psycopg.connect(place.url, autocommit=True) as connection:
            connection.execute(MADE_COMPANIES.encode())
        yield place
    finally:
        place.server.stop()
        shutil.rmtree(home, ignore_errors=True)


@click.command()
@click.option("--points", default=50)
@click.option("--rows", default=20_000)
@click.option("--seed", default=8697)
def main(points: int, rows: int, seed: int) -> None:
    """Import, kill, count, import again, count."""
    chance, whole = random.Random(seed), 0
    with opened(rows) as place:
        began = time.monotonic()
        assert place.importing(place.file(0)).wait() == 0
        lasts, applied = time.monotonic() - began, 1
        for point in range(1, points + 1):
            who, version = WHO_FALLS[point % len(WHO_FALLS)], point % 99 + 1
            path = place.file(version)
            command = place.importing(path)
            time.sleep(lasts * (0.2 + 0.8 * chance.random()))
            place.let_fall(who, command)
            new, all_rows, waiting, sets = place.counted(version)
            is_whole = new == rows
            whole += is_whole
            if (new, all_rows, waiting, sets) != (rows if is_whole else 0, rows, 0, applied + is_whole):
                raise click.ClickException(
                    f"half an import at point {point}, when {who} fell: {new:,} of {rows:,}"
                )
            if place.importing(path).wait() != 0:
                raise click.ClickException(f"the file could not be brought again at point {point}")
            applied += 1
            if place.counted(version) != (rows, rows, 0, applied):
                raise click.ClickException(f"again is not as once at point {point}: {place.counted(version)}")
            click.echo(f"  {point}: {who} fell, the file was {'whole' if is_whole else 'not there'}")
    click.echo(f"{points} kills of a feed of {rows:,} rows: {whole} times whole, otherwise nothing of it")


if __name__ == "__main__":
    main()
