"""Print a range of the history as a guarded script for psql."""

import io
import sys
from typing import Any

from migrations.release_step import environment
from migrations.release_step.failures import Failure
from migrations.release_step.history import BASE, History
from migrations.release_step.reporting import Reporter


def script(direction: str, span: str, reporter: Reporter) -> dict[str, Any]:
    """Print the script of 'TO' or 'FROM:TO'; a downgrade needs both ends."""
    history = History(environment.config())
    start, _, end = span.rpartition(":")
    if direction == "downgrade" and not start:
        problem = "A downgrade script needs both ends"
        raise Failure("MIG-USE-03", problem=problem, advice="Name them as FROM:TO")
    lower, upper = history.resolve(start or BASE, None), history.resolve(end, None)
    sql = text(history, direction, lower, upper)
    if not reporter.is_json:
        sys.stdout.write(sql)
    return {"from": lower, "to": upper, "sql": sql}


def text(history: History, direction: str, start: str, end: str) -> str:
    """The script from one revision to another, without touching a database."""
    output = io.StringIO()
    settings = environment.config(output=output)
    steps = history.steps_up(start, end) if direction == "upgrade" else history.steps_down(start, end)
    environment.run(
        history,
        settings,
        lambda _heads, _context: steps,
        as_sql=True,
        starting_rev=None if start == BASE else start,
        destination_rev=end,
    )
    return output.getvalue()
