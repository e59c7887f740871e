"""stockcode release: fields that are handed back to the source that they came from."""

from typing import Any

from webapp.cli import database, schema
from webapp.cli.fields import vouching
from webapp.rules import change


@database.needed
@schema.needed
def release(**given: Any) -> None:
    """Release them, and say so."""
    vouching.carry(change.RELEASE, **given)
