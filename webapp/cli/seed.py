"""stockcode seed: the starter data, created where it is missing."""

import click
from sqlalchemy.exc import ProgrammingError

from webapp import db
from webapp.cli import database, schema, speaking
from webapp.cli.speaking import Speech
from webapp.files.seed_tables import BrokenSeed
from webapp.services.changes.proposing import Refused
from webapp.services.intake import seeding
from webapp.services.intake.seeding import Outcome


@database.needed
@schema.needed
def seed() -> None:
    """Say in one line what was created."""
    speech = speaking.wanted(None)
    try:
        with db.transaction():
            outcomes = seeding.load()
    except (BrokenSeed, Refused) as error:
        raise click.ClickException(
            speech.gettext("The seed was not loaded: %(reason)s", reason=error)
        ) from None
    except ProgrammingError:
        raise click.ClickException(
            speech.gettext(
                "The seed was not loaded: the database is not at the revision that this version needs."
            )
        ) from None
    click.echo(report(outcomes, speech))


def report(outcomes: list[Outcome], speech: Speech) -> str:
    """One line: per table what was created."""
    tables = dict.fromkeys(outcome.table_name for outcome in outcomes)
    told = "; ".join(_about(table, outcomes, speech) for table in tables)
    return speech.gettext("Seed: %(tables)s.", tables=told)


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
