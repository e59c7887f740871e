"""Copy the whole database, as the release step does it."""

from webapp.cli import db


def backup(folder: str) -> None:
    """Copy it into a new folder."""
    db.db(("backup", folder))
