"""stockcode seed: the starter data, created where it is missing."""

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import ProgrammingError

from webapp import db
from webapp.cli import schema
from webapp.files.seed_tables import BrokenSeed
from webapp.services import seeding
from webapp.services.proposing import Refused
from webapp.services.seeding import Outcome


@click.command("seed")
@with_appcontext
@schema.needed
def seed() -> None:
    """Create the starter data that is missing. Running it again changes nothing."""
    try:
        with db.transaction():
            outcomes = seeding.load()
    except (BrokenSeed, Refused) as error:
        raise click.ClickException(f"The seed was not loaded: {error}") from None
    except ProgrammingError:
        raise click.ClickException(
            "The seed was not loaded: the database is not at the revision that this version needs."
        ) from None
    click.echo(report(outcomes))


def report(outcomes: list[Outcome]) -> str:
    """One line: per table what was created."""
    tables = dict.fromkeys(outcome.table_name for outcome in outcomes)
    return "Seed: " + "; ".join(_about(table, outcomes) for table in tables) + "."


def _about(table: str, outcomes: list[Outcome]) -> str:
    its_own = [outcome for outcome in outcomes if outcome.table_name == table]
    created = sum(outcome.created for outcome in its_own)
    left_out = sum(outcome.left_out for outcome in its_own)
    done = f"{created} created" if created else "nothing to do"
    return f"{table} {done}" + (f" ({left_out} left out: deleted before)" if left_out else "")
