"""The release step, called from here as from its own script."""

import sys
from collections.abc import Sequence
from typing import NoReturn

from migrations import run_migrations
from migrations.release_step.telling import signals


def run(arguments: Sequence[str]) -> NoReturn:
    """Run it as run_migrations.py does, and end with its exit code."""
    signals.install()
    sys.exit(run_migrations.main(arguments))
