"""Write a revision from the difference between the models and the database; never an empty one."""

import contextlib
import importlib.util
import io
import re
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.autogenerate import RevisionContext
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext, RevisionStep
from sqlalchemy import Connection, text

from migrations.release_step.database import connecting
from migrations.release_step.revisions import environment
from migrations.release_step.schema import declared, fingerprint, routines
from migrations.release_step.schema.fingerprint import Difference
from migrations.release_step.schema.routines import Definitions
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import checking
from migrations.release_step.verbs.running import Release


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the author says about the new revision."""

    message: str
    why: str
    phase: str
    is_by_hand: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """How models and database differ, and what makes the functions and triggers of each."""

    differences: list[Difference]
    declared: Definitions
    stored: Definitions


def generate(release: Release, wanted: Wanted) -> dict[str, Any]:
    """Write the file and return its path; the database must be at head, or old changes would be repeated."""
    if not re.search(r"\w", wanted.message):
        raise Failure("MIG-USE-03", problem="The message is empty", advice="Say what the revision does")
    if importlib.util.find_spec("black") is None:
        raise Failure("MIG-CONF-06", tool="Black")
    with connecting.connect(release.target, release.patience) as connection:
        checking.require_head(connection, release.history)
        sources = _sources(release)
        path = _write(release, connection, wanted, _compare(connection, sources))
    release.reporter.line(path)
    return {"path": path}


def _compare(connection: Connection, sources: str) -> Comparison:
    """The difference, without what somebody made by hand: that is not ours to drop."""
    try:
        schema = str(connection.scalar(text("SELECT current_schema()")))
        stored, found = routines.definitions(connection, schema), fingerprint.take(connection, schema)
        with fingerprint.scratch(connection, declared.METADATA) as built:
            made, wanted = routines.definitions(connection, built), fingerprint.take(connection, built)
    finally:
        connection.rollback()
    differences = [
        one
        for one in fingerprint.differences(wanted, found)
        if not one.is_note and (one.declared is not None or _is_mentioned(one.name, sources))
    ]
    return Comparison(differences, made, stored)


def _write(release: Release, connection: Connection, wanted: Wanted, compared: Comparison) -> str:
    settings = environment.config(
        connection=connection,
        command="revision",
        metadata=declared.METADATA,
        options={"include_object": _keeps(_sources(release))},
    )
    context = RevisionContext(
        settings,
        release.history.script,
        _arguments(wanted),
        process_revision_directives=_complete(wanted, compared),
    )
    template: MutableMapping[str, Any] = context.template_args
    template.update(why=wanted.why, phase=wanted.phase, is_by_hand=wanted.is_by_hand)

    def steps(heads: tuple[str, ...], migration: MigrationContext) -> Iterable[RevisionStep]:
        move = context.run_no_autogenerate if wanted.is_by_hand else context.run_autogenerate
        move(heads, migration)
        return []

    environment.run(release.history, settings, steps, template_args=template, revision_context=context)
    with contextlib.redirect_stdout(io.StringIO()):  # Alembic's hooks talk, whatever they are told
        scripts = [script for script in context.generate_scripts() if script is not None]
    return str(Path(scripts[0].path).relative_to(environment.PROJECT.parent))


def _arguments(wanted: Wanted) -> dict[str, Any]:
    left_alone = ("branch_label", "version_path", "rev_id", "depends_on")
    given = {"message": wanted.message, "autogenerate": not wanted.is_by_hand, "sql": False}
    return {**given, "head": "head", "splice": False, **dict.fromkeys(left_alone)}


def _complete(wanted: Wanted, compared: Comparison) -> Any:
    """Add what Alembic does not see; refuse a revision in which nothing would happen."""

    def process(_context: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
        script = directives[0]
        if wanted.is_by_hand:
            return
        routines.add(script, compared.differences, compared.declared, compared.stored)
        if script.upgrade_ops is None or script.upgrade_ops.is_empty():
            _refuse(compared.differences)

    return process


def _refuse(left: list[Difference]) -> None:
    if not left:
        raise Failure("MIG-SAFE-10")
    details = [str(one) for one in left]
    raise Failure("MIG-SAFE-13", count=len(left), first=details[0], details=details)


def _sources(release: Release) -> str:
    return "\n".join(Path(one.path).read_text(encoding="utf-8") for one in release.history.revisions())


def _is_mentioned(name: str, sources: str) -> bool:
    """Whether any revision speaks of the object by its last name."""
    last = re.split(r"[.(]", name.rstrip(")").removesuffix("("))
    return any(re.search(rf"\b{re.escape(part)}\b", sources) for part in last[-1:] if part)


def _keeps(sources: str) -> Any:
    """What exists in the database only, and in no revision, was made by hand: it is not ours to drop."""

    def include(_object: object, name: str | None, _kind: str, is_reflected: bool, twin: object) -> bool:
        is_in_database_only = is_reflected and twin is None
        return not is_in_database_only or _is_mentioned(name or "", sources)

    return include
