"""How far something has come, on a terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from webapp.services.changes.row_writing import COMPARING, ROWS
from webapp.services.intake.importing import OnRows

# A bar is drawn anew so often: not for each of many rows.
STEPS = 100


@contextmanager
def bar(label: str, *, is_shown: bool, comparing: str | None = None) -> Iterator[OnRows]:
    """A bar on stderr, where that is a terminal; it is told how many rows are done, and how many there are.

    `comparing`: what it is called while it is told how far rows are compared.
    """
    is_hidden = not (is_shown and sys.stderr.isatty())
    # What follows when every row is done has no measure, and is not taken for the end.
    how: dict[str, Any] = {"file": sys.stderr, "hidden": is_hidden, "item_show_func": lambda said: said}
    with click.progressbar(length=1, label=label, **how) as drawn:

        def tick(done: int, total: int, counted: str = ROWS, /) -> None:
            drawn.label = comparing or label if counted == COMPARING else label
            if drawn.pos == 0 or done < drawn.pos:
                # What reading the file took, before its first row, says nothing of how long a row takes.
                drawn.start = drawn.last_eta = time.time()
                drawn.avg = []
            elif done < total and (done - drawn.pos) * STEPS < total:
                return
            drawn.length, drawn.current_item = max(1, total), "…" if done >= total else None
            drawn.finished = False
            drawn.make_step(done - drawn.pos)
            drawn.render_progress()

        yield tick
