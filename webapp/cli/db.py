"""stockcode db ...: the release step under the name that operators already type."""

import sys

from migrations import run_migrations
from migrations.release_step.telling import signals


def db(arguments: tuple[str, ...]) -> None:
    """Run it as run_migrations.py does, and end with its exit code."""
    signals.install()
    sys.exit(run_migrations.main(arguments))
