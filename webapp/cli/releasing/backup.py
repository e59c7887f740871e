"""Copy the whole database, as the release step does it."""

from webapp.cli.releasing import step


def backup(folder: str) -> None:
    """Copy it into a new folder."""
    step.run(("backup", folder))
