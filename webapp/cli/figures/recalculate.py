"""stockcode recalculate: indicators computed anew wherever what they are reckoned of has changed."""

from collections.abc import Sequence

import click

from webapp import db
from webapp.cli import database, schema, speaking
from webapp.cli.figures import companies
from webapp.services.changes.following import indicators


@database.needed
@schema.needed
def recalculate(codes: Sequence[str]) -> None:
    """Say in one line how many were written and how many went."""
    with db.transaction():
        computed = indicators.compute(companies.numbers_of(codes))
    click.echo(
        speaking.chosen(None).gettext(
            "Indicators: %(written)s computed anew, %(gone)s taken away.",
            written=f"{computed.written:,}",
            gone=f"{computed.gone:,}",
        )
    )
