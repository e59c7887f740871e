"""make kills: edits while workers and PostgreSQL fall: none is lost, doubled, or called failed although it is saved."""

import itertools
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import click
import psycopg

from tests.campaigns import house
from tests.campaigns.house import Edit, Editor, House

STORED = """
    SELECT count(*), count(*) FILTER (WHERE s.status = 'applied' AND i.after ->> 'name_en' = %s)
    FROM change_sets AS s JOIN change_set_items AS i ON i.change_set_id = s.id
    WHERE s.save_token = %s AND i.table_name = 'companies'
"""


@dataclass
class Campaign:
    """The edits so far, and how many of the kills have been done."""

    place: House
    edits: int
    kills: int
    done: list[Edit] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)
    called_failed_but_saved: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self, number: int) -> None:
        """One steward's share."""
        editor = Editor(self.place, number)
        for turn in itertools.count():
            with self.lock:
                if len(self.done) >= self.edits:
                    return
            edit = editor.edit(turn)
            while editor.send(edit) is None or edit.said[-1] != "saved":
                self.look_after(edit)
                time.sleep(0.2)
            with self.lock:
                self.done.append(edit)

    def look_after(self, edit: Edit) -> None:
        """Hold an answer that is not "saved" against what is stored."""
        said, is_stored = edit.said[-1], bool(self.stored(edit)[0])
        if said not in ("failed", "not this time", "unknown", "unanswered"):
            raise click.ClickException(f"{edit} was answered with {said}")
        # "Nothing was saved" is wrong whenever something was; "not this time" where this time it was.
        if is_stored and (said == "failed" or (said == "not this time" and not edit.is_stored)):
            self.called_failed_but_saved += 1
            click.echo(f"called {said}, and saved: {edit.said}")
        edit.is_stored = is_stored

    def stored(self, edit: Edit) -> tuple[int, int]:
        """How many change sets this edit has made, and how many of them hold it."""
        row: list[tuple[int, int]] = []

        def is_asked() -> bool:
            try:
                with psycopg.connect(self.place.database.url, connect_timeout=3) as connection:
                    row[:] = [connection.execute(STORED, (edit.name, edit.token)).fetchone() or (0, 0)]
            except psycopg.OperationalError:
                return False
            return True

        house.wait_until(is_asked)
        return row[0]

    def kill(self, jobs: Sequence[Future[None]]) -> None:
        """A worker, a process of the database, the whole database, in turn, evenly over the edits."""
        falls = itertools.cycle((self.fall_of_a_worker, self.fall_of_a_backend, self.fall_of_the_database))
        for number in range(self.kills):
            while len(self.done) < self.edits * (number + 0.5) / self.kills:
                if any(job.done() for job in jobs):
                    return
                time.sleep(0.02)
            next(falls)()

    def fall_of_a_worker(self) -> None:
        workers = self.place.workers()
        os.kill(workers[len(self.done) % len(workers)], signal.SIGKILL)
        self.killed["workers"] += 1

    def fall_of_a_backend(self) -> None:
        """All others fall with it: the server recovers as after a crash."""
        for process in self.place.server_processes()[1:]:
            with open(f"/proc/{process}/cmdline", encoding="utf-8") as command:
                if "stockcode stockcode" in command.read():
                    os.kill(process, signal.SIGKILL)
                    break
        self.killed["processes of PostgreSQL"] += 1

    def fall_of_the_database(self) -> None:
        os.kill(self.place.postmaster(), signal.SIGKILL)
        self.place.restart()
        self.killed["PostgreSQL"] += 1


@click.command()
@click.option("--edits", default=1000)
@click.option("--kills", default=30)
@click.option("--stewards", default=8)
def main(edits: int, kills: int, stewards: int) -> None:
    """Edit, kill, count."""
    with house.opened(companies=stewards, stewards=stewards) as place:
        campaign = Campaign(place, edits, kills)
        with ThreadPoolExecutor(stewards) as threads:
            jobs = [threads.submit(campaign.work, one) for one in range(stewards)]
            # In this thread: the database ends with the thread that started it.
            campaign.kill(jobs)
            for job in jobs:
                job.result()
        stored = [campaign.stored(edit) for edit in campaign.done]
    lost = sum(held == 0 for _sets, held in stored)
    doubled = sum(sets > 1 for sets, _held in stored)
    said = Counter(word for edit in campaign.done for word in edit.said)
    click.echo(f"{len(campaign.done)} edits under {dict(campaign.killed)}; answers: {dict(said)}")
    click.echo(f"lost {lost}, doubled {doubled}, called failed but saved {campaign.called_failed_but_saved}")
    click.echo(f"slowest answer {max(edit.slowest for edit in campaign.done):.1f} s")
    if lost or doubled or campaign.called_failed_but_saved:
        raise click.ClickException("edits were lost, doubled, or called failed although they were saved")


if __name__ == "__main__":
    main()
