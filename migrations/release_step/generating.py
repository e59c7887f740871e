"""Write a revision from the difference between the models and the database; never an empty one."""

import re
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.autogenerate import RevisionContext
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext, RevisionStep
from sqlalchemy import Connection

from migrations.release_step import checking, connecting, environment
from migrations.release_step.failures import Failure
from migrations.release_step.running import Release


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the author says about the new revision."""

    message: str
    why: str
    phase: str
    is_by_hand: bool


def generate(release: Release, wanted: Wanted) -> dict[str, Any]:
    """Write the file and return its path; the database must be at head, or old changes would be repeated."""
    if not re.search(r"\w", wanted.message):
        raise Failure("MIG-USE-03", problem="The message is empty", advice="Say what the revision does")
    with connecting.connect(release.target, release.patience) as connection:
        checking.require_head(connection, release.history)
        path = _write(release, connection, wanted)
    release.reporter.line(path)
    return {"path": path}


def _write(release: Release, connection: Connection, wanted: Wanted) -> str:
    settings = environment.config(
        connection=connection,
        command="revision",
        options={"include_object": _keeps(_sources(release))},
    )
    arguments = {
        "message": wanted.message,
        "autogenerate": not wanted.is_by_hand,
        "sql": False,
        "head": "head",
        "splice": False,
        "branch_label": None,
        "version_path": None,
        "rev_id": None,
        "depends_on": None,
    }
    context = RevisionContext(
        settings, release.history.script, arguments, process_revision_directives=_refuse_empty(wanted)
    )
    template: MutableMapping[str, Any] = context.template_args
    template.update(why=wanted.why, phase=wanted.phase)

    def steps(heads: tuple[str, ...], migration: MigrationContext) -> Iterable[RevisionStep]:
        move = context.run_no_autogenerate if wanted.is_by_hand else context.run_autogenerate
        move(heads, migration)
        return []

    environment.run(
        release.history, settings, steps, template_args=context.template_args, revision_context=context
    )
    scripts = [script for script in context.generate_scripts() if script is not None]
    return str(Path(scripts[0].path).relative_to(environment.PROJECT.parent))


def _refuse_empty(wanted: Wanted) -> Any:
    def process(_context: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
        operations = directives[0].upgrade_ops
        if not wanted.is_by_hand and (operations is None or operations.is_empty()):
            raise Failure("MIG-SAFE-10")

    return process


def _sources(release: Release) -> str:
    return "\n".join(Path(one.path).read_text(encoding="utf-8") for one in release.history.revisions())


def _keeps(sources: str) -> Any:
    """What exists in the database only, and in no revision, was made by hand: it is not ours to drop."""

    def include(_object: object, name: str | None, _kind: str, is_reflected: bool, twin: object) -> bool:
        is_in_database_only = is_reflected and twin is None
        return not is_in_database_only or bool(re.search(rf"\b{re.escape(name or '')}\b", sources))

    return include
