"""stockcode recalculate: indicators computed anew where their inputs have changed; of all companies findings, too."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from webapp import db, silence
from webapp.cli import database, schema, side_by_side, speaking
from webapp.cli.figures import companies
from webapp.services.changes.following import indicators
from webapp.services.changes.following.indicators import Computed
from webapp.services.checking import catching_up


@database.needed
@schema.needed
def recalculate(codes: Sequence[str], *, is_json: bool) -> None:
    """Say in one line, or as one JSON object, how many were written and how many went."""
    with db.transaction():
        db.let_statements_take(silence.SECONDS_OF_A_LONG_STATEMENT)
        chosen = companies.numbers_of(codes)
        if chosen is not None:
            computed = indicators.compute(chosen)
    if chosen is None:
        parts = side_by_side.done(catching_up.parts_of_everything())
        computed = sum(parts, start=Computed(0, 0))
    if is_json:
        click.echo(json.dumps(asdict(computed)))
        return
    click.echo(
        speaking.chosen(None).gettext(
            "Indicators: %(written)s computed anew, %(gone)s taken away.",
            written=f"{computed.written:,}",
            gone=f"{computed.gone:,}",
        )
    )
