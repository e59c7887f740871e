"""stockcode seed: the starter data, created where it is missing."""

import click
from sqlalchemy.exc import ProgrammingError

from webapp.cli import database, schema, speaking
from webapp.files.seed_tables import BrokenSeed
from webapp.services.changes import door
from webapp.services.changes.door import DatabaseRefused
from webapp.services.intake import seeding
from webapp.services.intake.seeding import Outcome
from webapp.words.speech import Speech


@database.needed
@schema.needed
def seed() -> None:
    """Say in one line what was created."""
    speech = speaking.chosen(None)
    try:
        outcome = door.settle(seeding.load)
    except BrokenSeed as error:
        raise _not_loaded(error, speech) from None
    if isinstance(outcome, list):
        click.echo(report(outcome, speech))
        return
    if isinstance(outcome, DatabaseRefused):
        if not isinstance(outcome.error, ProgrammingError):
            raise outcome.error
        raise click.ClickException(
            speech.gettext(
                "The seed was not loaded: the database is not at the revision that this version needs."
            )
        )
    raise _not_loaded(outcome, speech)


def _not_loaded(why: Exception, speech: Speech) -> click.ClickException:
    return click.ClickException(speech.gettext("The seed was not loaded: %(reason)s", reason=why))


def report(outcomes: list[Outcome], speech: Speech) -> str:
    """One line: per table what was created."""
    tables = dict.fromkeys(outcome.table_name for outcome in outcomes)
    said = "; ".join(_about(table, outcomes, speech) for table in tables)
    return speech.gettext("Seed: %(tables)s.", tables=said)


def _about(table: str, outcomes: list[Outcome], speech: Speech) -> str:
    its_own = [outcome for outcome in outcomes if outcome.table_name == table]
    created = sum(outcome.created for outcome in its_own)
    left_out = sum(outcome.left_out for outcome in its_own)
    if created:
        done = speech.gettext("%(table)s %(count)s created", table=table, count=created)
    else:
        done = speech.gettext("%(table)s nothing to do", table=table)
    if left_out:
        done = speech.gettext("%(done)s (%(count)s left out: deleted before)", done=done, count=left_out)
    return done
