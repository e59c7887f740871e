"""How far something has come, on a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from webapp.services.intake.importing import OnRows


@contextmanager
def bar(label: str, *, is_shown: bool) -> Iterator[OnRows]:
    """A bar on stderr, where that is a terminal; it is told how many rows are done, and how many there are."""
    is_hidden = not (is_shown and sys.stderr.isatty())
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=is_hidden) as drawn:

        def tick(done: int, total: int) -> None:
            drawn.length = max(1, total)
            drawn.update(done - drawn.pos)

        yield tick
