"""make freeze: PostgreSQL stopped for a minute under stewards at work; all are answered, and keep what they typed."""

import html
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import click

from tests.campaigns import house
from tests.campaigns.house import Edit, Editor, House
from tests.campaigns.kills import Campaign
from tests.migrations.visitors import Answer

LONGEST_ANSWER, LONGEST_CHECK = 10.0, 1.0
KEPT = re.compile(
    r'<(?:input type="hidden"|textarea)[^>]* name="([^"]+)"(?: value="([^"]*)">|[^>]*>\n?([^<]*)</textarea>)'
)


@dataclass
class Minute:
    """What was seen while the database stood still."""

    place: House
    over: threading.Event = field(default_factory=threading.Event)
    answers: Counter[int] = field(default_factory=Counter)
    checks: int = 0
    slowest_answer: float = 0.0
    slowest_check: float = 0.0
    texts_kept: int = 0
    texts_lost: int = 0

    def check(self) -> None:
        """Ask again and again whether the process lives."""
        while not self.over.wait(0.05):
            began = time.monotonic()
            answer = self.place.site.ask("GET", "/healthz", None, {"Host": "localhost"})
            self.slowest_check = max(self.slowest_check, time.monotonic() - began)
            self.checks += answer.status == 200

    def read(self, editor: Editor) -> None:
        """Turn pages."""
        while not self.over.wait(0.3):
            self._timed(lambda: editor.get("/admin/companies/"))

    def write(self, editor: Editor, edit: Edit, campaign: Campaign) -> None:
        """Save what was opened before the minute, and press "Send it again" until it is stored."""
        time.sleep(1)  # by then it is frozen
        while not edit.said or edit.said[-1] != "saved":
            if self.over.is_set():
                return
            answer = self._timed(lambda: editor.send(edit))
            if answer is not None and answer.status == 503:
                kept = {name: html.unescape(value or text) for name, value, text in KEPT.findall(answer.text)}
                typed = {
                    name: value.replace("\r\n", "\n")
                    for name, value in edit.form.items()
                    if name != "csrf_token"
                }
                is_kept = {name: kept.get(name, "").replace("\r\n", "\n") for name in typed} == typed
                self.texts_kept, self.texts_lost = self.texts_kept + is_kept, self.texts_lost + (not is_kept)
            time.sleep(0.3)
        campaign.done.append(edit)

    def _timed(self, ask: Callable[[], Answer | None]) -> Answer | None:
        began = time.monotonic()
        answer = ask()
        self.slowest_answer = max(self.slowest_answer, time.monotonic() - began)
        self.answers[0 if answer is None else answer.status] += 1
        return answer


@click.command()
@click.option("--seconds", default=60)
@click.option("--stewards", default=12)
def main(seconds: int, stewards: int) -> None:
    """Freeze, ask, thaw, count."""
    with (
        house.opened(companies=stewards, stewards=stewards) as place,
        ThreadPoolExecutor(stewards * 2 + 1) as threads,
    ):
        minute, campaign = Minute(place), Campaign(place, stewards, 0)
        writers = [Editor(place, number) for number in range(stewards)]
        readers = [Editor(place, number) for number in range(stewards)]
        # Nobody opens a form in the minute: they all have theirs, however long that takes.
        edits = [one.edit(0) for one in writers]
        jobs = [
            threads.submit(minute.write, one, edit, campaign)
            for one, edit in zip(writers, edits, strict=True)
        ]
        jobs += [threads.submit(minute.read, one) for one in readers]
        jobs.append(threads.submit(minute.check))
        time.sleep(0.8)
        stopped = place.server_processes()
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            for process in place.server_processes():
                os.kill(process, signal.SIGCONT)
        try:
            house.wait_until(lambda: len(campaign.done) == stewards or any(_failed(job) for job in jobs))
        finally:
            minute.over.set()
        for job in jobs:
            job.result()
        stored = [campaign.stored(edit) for edit in campaign.done]
    _tell(minute, stored, seconds)


def _failed(job: Future[None]) -> bool:
    return job.done() and job.exception() is not None


def _tell(minute: Minute, stored: list[tuple[int, int]], seconds: int) -> None:
    click.echo(
        f"frozen for {seconds} s; answers {dict(minute.answers)}, the slowest after {minute.slowest_answer:.1f} s"
    )
    click.echo(f"{minute.checks} health checks, the slowest after {minute.slowest_check:.2f} s")
    click.echo(f"forms that could not be saved: {minute.texts_kept} kept, {minute.texts_lost} lost")
    click.echo(
        f"afterwards {sum(held == 1 and sets == 1 for sets, held in stored)} of {len(stored)} stored once"
    )
    is_well = minute.slowest_answer < LONGEST_ANSWER and minute.slowest_check < LONGEST_CHECK
    if not is_well or minute.texts_lost or any(pair != (1, 1) for pair in stored):
        raise click.ClickException("somebody waited too long, or lost what they typed")


if __name__ == "__main__":
    main()
