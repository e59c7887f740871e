"""The history, or a part of it, as SQL; made without a database."""

import inspect
import io
import re
from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationStep, RevisionStep
from alembic.script import Script

from migrations.release_step.database import diagnosing
from migrations.release_step.database.recorded import BASE
from migrations.release_step.revisions import environment, requiring
from migrations.release_step.revisions.history import History
from migrations.release_step.telling.failures import Failure

OUTSIDE_TRANSACTION = re.compile(r"\bautocommit_block\(|\bindexes\.\w+\(|\bbackfills\.run\(")
ENDS_TRANSACTION = re.compile(r"\b(?:commit|rollback|abort|end|close|invalidate)\b(?!\s*\$)", re.IGNORECASE)


def span(history: History, direction: str, ends: str) -> tuple[str, str]:
    """Both ends of 'TO' or 'FROM:TO'; going down, or by a relative number, needs both."""
    start, _, end = ends.rpartition(":")
    if not start and (direction == "downgrade" or end[:1] in "+-"):
        problem = "This script needs both ends"
        raise Failure("MIG-USE-03", problem=problem, advice="Name them as FROM:TO")
    lower = history.resolve(start or BASE, None)
    upper = history.resolve(end, lower)
    low, high = (lower, upper) if direction == "upgrade" else (upper, lower)
    if not history.between(low, high) and low != high:
        problem = f"There is no way to {direction} from {lower} to {upper}"
        raise Failure(
            "MIG-USE-03", problem=problem, advice="Name an older and a newer revision in that order"
        )
    return lower, upper


def text(history: History, direction: str, start: str, end: str) -> str:
    """The guarded script from one revision to another."""
    steps = history.steps_up(start, end) if direction == "upgrade" else history.steps_down(start, end)
    starting = None if start == BASE else start
    return _run(history, steps, starting, is_guarded=True)


def text_of(history: History, script: Script, *, is_upgrade: bool) -> str:
    """One revision's SQL, up or down, without the guard."""
    make = MigrationStep.upgrade_from_script if is_upgrade else MigrationStep.downgrade_from_script
    step = make(history.script.revision_map, script)
    starting = script.down_revision if is_upgrade else script.revision
    return _run(history, [step], starting, is_guarded=False)


def fresh(history: History, end: str) -> str:
    """The SQL of everything up to a revision, for an empty schema and without the guard."""
    return _run(history, history.steps_up(BASE, end), None, is_guarded=False, is_fresh=True)


def leaves_transaction(step: RevisionStep) -> bool:
    """Whether a revision leaves its transaction: such a one resumes, it does not roll back."""
    source = Path(step.revision.path).read_text(encoding="utf-8")
    return bool(OUTSIDE_TRANSACTION.search(source))


def may_end_transaction(step: RevisionStep) -> bool:
    """Whether its way back leaves its transaction, or speaks of ending it: such a one is not tried."""
    source = inspect.getsource(step.revision.module.downgrade)
    return leaves_transaction(step) or bool(ENDS_TRANSACTION.search(source))


def _run(
    history: History, steps: list[RevisionStep], starting: object, *, is_guarded: bool, is_fresh: bool = False
) -> str:
    """Raises Failure where a revision cannot be told without a database."""
    output = io.StringIO()
    settings = environment.config(output=output, is_guarded=is_guarded, is_fresh=is_guarded or is_fresh)

    def named(_heads: object, _context: object) -> Iterator[RevisionStep]:
        for step in steps:
            settings.attributes["revision"] = step.revision.revision
            if is_guarded and step.is_upgrade:
                output.write(requiring.guards(step.revision))
            yield step

    try:
        environment.run(history, settings, named, as_sql=True, starting_rev=starting)
    except Failure:
        raise
    except Exception as error:  # a revision is code: it may raise anything
        revision, reason = settings.attributes.get("revision"), diagnosing.diagnose(error).reason
        raise Failure("MIG-REV-08", revision=revision, reason=reason) from error
    return output.getvalue()
