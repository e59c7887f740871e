"""Verify fields of one record or release them to their source, through the one door, as the page does it."""

import getpass
import json
from collections.abc import Sequence
from typing import Any

import click

from webapp import db
from webapp.cli import speaking
from webapp.cli.fields import named
from webapp.models.company import Company
from webapp.rules import change
from webapp.services.changes import door, references, row_codec
from webapp.services.changes.door import Applied, DatabaseRefused, Unchanged
from webapp.services.changes.following import steward_values
from webapp.services.changes.proposals import Author, Intent, Refused, Wish
from webapp.web import database_errors
from webapp.words import keys, labels, record_names
from webapp.words.marked import _
from webapp.words.speech import Speech

DONE = {
    change.VERIFY: _("Verified, as change set %(number)s."),
    change.RELEASE: _("Released to the source, as change set %(number)s."),
}


def carry(verb: str, table_name: str, key: str, fields: Sequence[str], **asked: Any) -> None:
    """Do it, and tell what the fields hold and which change set says so; exits 1 where it is not done."""
    speech = speaking.chosen(asked["lang"])
    model = _model(table_name, speech)
    row = _row(model, key, speech)
    names = _names(model, fields, speech)
    if not asked["is_json"]:
        _show(model, row, names, speech)
    values = {name: getattr(row, name) for name in names}
    row_key = keys.of_row(row)
    wish = Wish(model, verb, values, row_key, row.version)
    author = Author(f"{getpass.getuser()} (command line)")
    number = _written(door.carry([wish], Intent("edit", author, reason=asked["reason"])), speech)
    if asked["is_json"]:
        report = {"change_set": number, "table": table_name, "key": keys.write(row_key), "fields": names}
        click.echo(json.dumps({"verb": verb, **report}))
    elif number is None:
        click.echo(speech.gettext("Nothing was different, so nothing was saved."))
    else:
        click.echo(speech.gettext(DONE[verb], number=f"#{number}"))


def _model(table_name: str, speech: Speech) -> type[db.Base]:
    curated = {row_codec.table_of(model).name: model for model in references.curated()}
    if table_name not in curated:
        tables = ", ".join(sorted(curated))
        raise click.UsageError(
            speech.gettext("%(table)s is none of the tables: %(tables)s.", table=table_name, tables=tables)
        )
    return curated[table_name]


def _row(model: type[db.Base], text: str, speech: Speech) -> Any:
    """The record of a key as its address has it; companies are named by their codes, or by #NUMBER."""
    key = (named.number(text, speech),) if model is Company else keys.parse(model, text)
    row = None if key is None else db.session.get(model, key)
    if row is None:
        raise click.ClickException(speech.gettext("This record does not exist."))
    return row


def _names(model: type[db.Base], fields: Sequence[str], speech: Speech) -> list[str]:
    known = steward_values.vouchable(model)
    for name in fields:
        if name not in known:
            raise click.UsageError(
                speech.gettext(
                    "No field %(field)s can be verified there, only: %(fields)s.",
                    field=name,
                    fields=", ".join(known),
                )
            )
    return list(dict.fromkeys(fields))


def _show(model: type[db.Base], row: Any, names: Sequence[str], speech: Speech) -> None:
    columns = row_codec.table_of(model).columns
    click.echo(record_names.of(row, speech))
    for name in names:
        value = getattr(row, name)
        click.echo(f"  {speech.say(labels.of_column(columns[name]))}: {'—' if value is None else value}")


def _written(outcome: door.Outcome, speech: Speech) -> int | None:
    """The number of the change set; None where there was nothing to do."""
    match outcome:
        case Applied():
            return outcome.number
        case Unchanged():
            return None
        case Refused():
            raise click.ClickException("; ".join(speech.sentence(one) for one in outcome.findings))
        case DatabaseRefused():
            raise click.ClickException(database_errors.sentence(outcome.error, speech))
    raise click.ClickException(speech.gettext("The record has changed meanwhile. Look at its fields again."))
