"""Write a revision from the difference between the models and the database; never an empty one."""

import contextlib
import importlib.util
import io
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.autogenerate import RevisionContext
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import Script
from alembic.util import rev_id
from sqlalchemy import Connection, text

from migrations.release_step.database import connecting
from migrations.release_step.revisions import environment
from migrations.release_step.revisions.filling import Step
from migrations.release_step.schema import declared, fingerprint, routines
from migrations.release_step.schema.fingerprint import Difference
from migrations.release_step.schema.routines import Definitions
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import checking, stepwise
from migrations.release_step.verbs.renaming import Renames
from migrations.release_step.verbs.running import Release
from migrations.release_step.verbs.stepwise import Plan


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the author says about the new revision."""

    message: str
    why: str
    phase: str
    is_by_hand: bool
    # TABLE.OLD:NEW of a column, OLD:NEW of a table, which the comparison would add and drop.
    renames: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """How models and database differ, and what makes the functions and triggers of each."""

    differences: list[Difference]
    declared: Definitions
    stored: Definitions

    @property
    def curated(self) -> frozenset[str]:
        """Tables with a history."""
        return frozenset(
            name.removesuffix(".stamp_row")
            for kind, name in self.stored
            if kind == "trigger" and name.endswith(".stamp_row")
        )


def generate(release: Release, wanted: Wanted) -> dict[str, Any]:
    """Write the file and return its path; the database must be at head, or old changes would be repeated."""
    if not re.search(r"\w", wanted.message):
        raise Failure("MIG-USE-03", problem="The message is empty", advice="Say what the revision does")
    if importlib.util.find_spec("black") is None:
        raise Failure("MIG-CONF-06", tool="Black")
    with connecting.connect(release.target, release.patience) as connection:
        checking.require_head(connection, release.history)
        sources = _sources(release)
        compared = _compare(connection, sources)
        paths, plan = _write(release, connection, wanted, compared)
    for path in paths:
        release.reporter.line(path)
    for told in plan.told:
        release.reporter.line(told)
    return {"path": paths[0], "paths": paths, "next": plan.told}


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


def _write(
    release: Release, connection: Connection, wanted: Wanted, compared: Comparison
) -> tuple[list[str], Plan]:
    plan = Plan(compared.curated)
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
        process_revision_directives=_complete(release, wanted, compared, plan),
    )
    template: MutableMapping[str, Any] = context.template_args
    template.update(why=wanted.why, phase=wanted.phase, is_by_hand=wanted.is_by_hand, beside="")

    def steps(heads: tuple[str, ...], migration: MigrationContext) -> Iterable[RevisionStep]:
        move = context.run_no_autogenerate if wanted.is_by_hand else context.run_autogenerate
        move(heads, migration)
        return []

    environment.run(release.history, settings, steps, template_args=template, revision_context=context)
    with contextlib.redirect_stdout(io.StringIO()):  # Alembic's hooks talk, whatever they are told
        written = [script for script in context.generate_scripts() if script is not None]
        for step in plan.steps:
            written.append(_follow(release, wanted, step, written[-1].revision if written else "head"))
    return [str(Path(one.path).relative_to(environment.PROJECT.parent)) for one in written], plan


def _follow(release: Release, wanted: Wanted, step: Step, parent: str) -> Script:
    """One step of a recipe, as a revision of its own."""
    helpers = sorted({name for name in ("backfills", "indexes") if f"{name}." in step.up + step.down})
    script = release.history.script.generate_revision(
        rev_id(),
        step.title,
        head=parent,
        refresh=True,
        why=wanted.why,
        phase=step.phase,
        is_by_hand=False,
        beside=f"\n{step.beside}\n" if step.beside else "",
        imports=f"\nfrom migrations import {', '.join(helpers)}" if helpers else "",
        upgrades=textwrap.indent(step.up, "    ").strip(),
        downgrades=textwrap.indent(step.down, "    ").strip(),
    )
    assert script is not None
    return script


def _arguments(wanted: Wanted) -> dict[str, Any]:
    left_alone = ("branch_label", "version_path", "rev_id", "depends_on")
    given = {"message": wanted.message, "autogenerate": not wanted.is_by_hand, "sql": False}
    return {**given, "head": "head", "splice": False, **dict.fromkeys(left_alone)}


def _complete(release: Release, wanted: Wanted, compared: Comparison, plan: Plan) -> Any:
    """Add what Alembic does not see, write in steps what does not go in one; refuse where nothing would happen."""

    def process(_context: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
        script = directives[0]
        if wanted.is_by_hand:
            return
        renames = Renames(wanted.renames, _asker(release))
        left = stepwise.recast(script, compared.differences, renames, plan)
        routines.add(script, left, compared.declared, compared.stored)
        if script.upgrade_ops is not None and not script.upgrade_ops.is_empty():
            return
        if not plan.steps:
            _refuse(left)
        directives.clear()

    return process


def _asker(release: Release) -> Callable[[str], bool]:
    """Whoever sits at a terminal is asked; a script has said all it wants."""
    if release.reporter.is_json or not (release.reporter.has_terminal and sys.stdin.isatty()):
        return lambda _question: False
    return lambda question: release.reporter.ask(f"{question} [y/N] ").strip().lower() in ("y", "yes")


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
