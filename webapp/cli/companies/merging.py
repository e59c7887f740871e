"""stockcode companies merge: two rows of one company become one, as the page does it."""

import getpass
import json
from typing import Any

import click

from webapp.cli import database, schema, speaking
from webapp.cli.fields import named
from webapp.models.company import Company
from webapp.services.changes import row_codec
from webapp.services.changes.door import Applied, DatabaseRefused
from webapp.services.changes.proposals import Author, Intent, Refused
from webapp.services.companies import merging
from webapp.services.companies.merging import Belongings, Choices, Pair
from webapp.web import database_errors
from webapp.words import labels
from webapp.words.speech import Speech


@database.needed
@schema.needed
def merge(loser: str, winner: str, **asked: Any) -> None:
    """Say what follows, ask, merge, and say so."""
    speech = speaking.chosen(None)
    if asked["is_json"] and not asked["yes"]:
        raise click.UsageError(speech.gettext("--json needs --yes."))
    pair = merging.pair(named.number(loser, speech), named.number(winner, speech))
    if pair is None:
        raise click.ClickException(speech.gettext("A row is not merged into itself."))
    unknown = [name for name in asked["fields"] if name not in merging.fields_of_companies()]
    if unknown:
        raise click.UsageError(speech.gettext("Companies have no field %(field)s.", field=unknown[0]))
    both = merging.belongings(pair)
    if not asked["is_json"]:
        _show(pair, both, speech)
    if not asked["yes"]:
        click.confirm(speech.gettext("Merge?"), abort=True)
    taken = (
        frozenset(mine["id"] for mine, _other in both.statements) if asked["take_statements"] else frozenset()
    )
    choices = Choices(frozenset(asked["fields"]), taken, {}, asked["take_prices"])
    number = _carried(
        pair, choices, Intent("edit", Author(f"{getpass.getuser()} (command line)"), asked["reason"]), speech
    )
    if asked["is_json"]:
        winner_id, loser_id = pair.winner["id"], pair.loser["id"]
        click.echo(json.dumps({"change_set": number, "winner": winner_id, "loser": loser_id}))
    else:
        click.echo(speech.gettext("Merged, as change set %(number)s.", number=f"#{number}"))


def _show(pair: Pair, both: Belongings, speech: Speech) -> None:
    for row in (pair.loser, pair.winner):
        click.echo(Company.naming.of_values(row, language=speech.language))
    columns = row_codec.table_of(Company).columns
    for name in pair.differing:
        click.echo(
            f"  {speech.say(labels.of_column(columns[name]))}: {pair.loser[name]} | {pair.winner[name]}"
        )
    for model, number in both.numbers.items():
        if number:
            click.echo(f"  {speech.say(model.label)}: {number:,}")


def _carried(pair: Pair, choices: Choices, intent: Intent, speech: Speech) -> int:
    outcome = merging.merge(pair, choices, intent)
    match outcome:
        case Applied():
            return outcome.number
        case Refused():
            raise click.ClickException("; ".join(speech.sentence(one) for one in outcome.findings))
        case DatabaseRefused():
            raise click.ClickException(database_errors.sentence(outcome.error, speech))
    raise click.ClickException(
        speech.gettext("Nothing was merged: a record has changed or gone meanwhile. Look again.")
    )
