"""stockcode verify: fields that somebody has looked at and found right, so that no import writes over them."""

from typing import Any

from webapp.cli import database, schema
from webapp.cli.fields import vouching
from webapp.rules import change


@database.needed
@schema.needed
def verify(**given: Any) -> None:
    """Verify them, and say so."""
    vouching.carry(change.VERIFY, **given)
