"""Copy the whole database, as the release step does it."""

import sys

from migrations import run_migrations
from migrations.release_step.telling import signals


def backup(folder: str) -> None:
    """Copy it into a new folder, and end with the release step's exit code."""
    signals.install()
    sys.exit(run_migrations.main(("backup", folder)))
