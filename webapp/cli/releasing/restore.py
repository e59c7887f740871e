"""Bring a copy of the database back, as the release step does it."""

from webapp.cli.releasing import step


def restore(folder: str, confirmed: str | None) -> None:
    """Bring it back into an empty database, or over one whose name was confirmed."""
    consent = () if confirmed is None else ("--confirm-database", confirmed)
    step.run(("restore", folder, *consent))
