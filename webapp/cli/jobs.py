"""stockcode jobs: the queue as operators see it, and what they do to one job."""

import getpass
import sys
import time

import click

from webapp import db
from webapp.cli import database, schema, speaking
from webapp.services.changes.proposals import Author
from webapp.services.queueing import deferring, watching
from webapp.services.queueing.deferring import WaitsAlready
from webapp.services.queueing.watching import Job
from webapp.words import job_words

SECONDS_BETWEEN = 1.0
EXIT_NOT_DONE = 1


class NoSuchJob(click.ClickException):
    """The message is one line."""


@database.needed
def list_newest(most: int, *, is_asked_for: bool) -> None:
    """A line a job, the newest first; `is_asked_for`: without those that came by themselves and were done."""
    jobs = watching.newest(most, is_asked_for=is_asked_for)
    for job in jobs:
        click.echo(line(job))
    if not jobs:
        click.echo(speaking.chosen(None).gettext("No jobs."), err=True)


@database.needed
def watch(number: int) -> None:
    """A line whenever something has changed, until the job has ended."""
    shown = ""
    while True:
        job = watching.one(number)
        db.roll_back()
        if job is None:
            raise _missing(number)
        if (now := line(job)) != shown:
            shown = now
            click.echo(now)
        if job.has_ended:
            break
        time.sleep(SECONDS_BETWEEN)
    if job.status != "succeeded":
        sys.exit(EXIT_NOT_DONE)


@database.needed
@schema.needed
def cancel(number: int) -> None:
    """Cancel it, and say so."""
    speech = speaking.chosen(None)
    with db.transaction():
        is_heeded = deferring.cancel(number)
    if not is_heeded:
        raise NoSuchJob(speech.gettext("Job %(number)s had ended already.", number=number))
    click.echo(speech.gettext("Job %(number)s is cancelled.", number=number))


@database.needed
@schema.needed
def again(number: int) -> None:
    """Defer it once more, and say under which number."""
    speech = speaking.chosen(None)
    try:
        with db.transaction():
            begun = deferring.begin_anew(number, Author(f"{getpass.getuser()} (command line)"))
    except LookupError:
        raise _missing(number) from None
    except WaitsAlready:
        raise NoSuchJob(speech.gettext("The same job waits already.")) from None
    click.echo(speech.gettext("Job %(number)s will do it again.", number=begun))


def line(job: Job) -> str:
    """All that is to be said of a job."""
    speech = speaking.chosen(None)
    label, _tone = job_words.status(job.status, is_to_end=job.is_to_end)
    parts = (
        speech.say(label),
        job_words.progress(job, speech),
        job.asked_by or speech.gettext("periodic"),
        *job_words.outcome(job.outcome, speech),
    )
    return f"#{job.id} {job_words.name(job.name, speech)}: {' · '.join(filter(None, parts))}"


def _missing(number: int) -> NoSuchJob:
    speech = speaking.chosen(None)
    return NoSuchJob(speech.gettext("There is no job %(number)s, or it has not ended.", number=number))
