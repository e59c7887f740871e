"""Bring a copy of the database back, as the release step does it."""

import sys

from migrations import run_migrations
from migrations.release_step.telling import signals


def restore(folder: str, confirmed: str | None) -> None:
    """Bring it back into an empty database, or over one whose name was confirmed; ends with the step's exit code."""
    signals.install()
    consent = () if confirmed is None else ("--confirm-database", confirmed)
    sys.exit(run_migrations.main(("restore", folder, *consent)))
