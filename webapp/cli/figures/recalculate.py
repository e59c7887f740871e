"""stockcode recalculate: indicators computed, and findings filed, anew wherever their inputs have changed."""

from collections.abc import Sequence

import click

from webapp import db
from webapp.cli import database, schema, speaking
from webapp.cli.figures import companies
from webapp.services.changes.following import accounting_findings, indicators, master_findings

# All companies of an exchange take longer than a page may.
SECONDS_OF_A_STATEMENT = 900


@database.needed
@schema.needed
def recalculate(codes: Sequence[str]) -> None:
    """Say in one line how many were written and how many went."""
    with db.transaction():
        db.let_statements_take(SECONDS_OF_A_STATEMENT)
        chosen = companies.numbers_of(codes)
        computed = indicators.compute(chosen)
        if chosen is None:
            accounting_findings.look_at_all()
            master_findings.look_at_all()
    click.echo(
        speaking.chosen(None).gettext(
            "Indicators: %(written)s computed anew, %(gone)s taken away.",
            written=f"{computed.written:,}",
            gone=f"{computed.gone:,}",
        )
    )
