"""Run revisions one by one on the locked session: retry the passing, stop at the rest, believe a fresh session."""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from alembic.runtime.migration import RevisionStep
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from migrations.release_step.database import connecting, diagnosing, locking, preflight, recorded
from migrations.release_step.database.connecting import Target
from migrations.release_step.database.diagnosing import Problem
from migrations.release_step.database.watching import Blocker, Watcher
from migrations.release_step.revisions import environment, noting, requiring, scripting
from migrations.release_step.revisions.history import History
from migrations.release_step.telling import signals
from migrations.release_step.telling.calls import Call
from migrations.release_step.telling.failures import Failure
from migrations.release_step.telling.patience import Patience
from migrations.release_step.telling.reporting import Reporter
from migrations.release_step.verbs import holding
from webapp import sqlstates

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Release:
    """What a writing command works with."""

    target: Target
    patience: Patience
    history: History
    reporter: Reporter
    # Where revisions are written, a new one may be run before it is linted.
    is_local: bool = False
    # For programs of PostgreSQL's own.
    environ: Mapping[str, str] = field(default_factory=dict)


def release_of(call: Call) -> Release:
    """What a call works with; the address first, as without it there is nothing to say about revisions either."""
    target = connecting.target(call.environ)
    return Release(target, call.patience(), environment.history(), call.reporter, call.is_local, call.environ)


@dataclass(frozen=True, slots=True)
class Applied:
    """One revision that was run."""

    revision: str
    title: str
    seconds: float
    attempts: int


def run(release: Release, connection: Connection, steps: Sequence[RevisionStep]) -> list[Applied]:
    """Run every step; the database stays at the last one that succeeded when one fails."""
    done: list[Applied] = []
    with Watcher(release.target, connecting.backend_pid(connection)) as watcher:
        for step in steps:
            done.append(_run_with_retries(release, connection, step, watcher))
            connecting.renew(connection, release.patience)
            applied = done[-1]
            tries = f", {applied.attempts} attempts" if applied.attempts > 1 else ""
            verb = "applied" if step.is_upgrade else "undid"
            release.reporter.line(
                f"{verb} {applied.revision} {applied.title} ({applied.seconds:.2f}s{tries})"
            )
    return done


def _run_with_retries(
    release: Release, connection: Connection, step: RevisionStep, watcher: Watcher
) -> Applied:
    started = time.monotonic()
    for attempt in range(1, ATTEMPTS + 1):
        watcher.last = None
        try:
            _run_once(release, connection, step, attempt)
        except BaseException as error:  # a revision is code: it may raise anything
            _raise_interrupted(release, error)
            if isinstance(error, Failure):
                error.state = error.state or recorded.remains(_where(release, connection))
            if isinstance(error, Failure) or not isinstance(error, Exception):
                raise
            problem = diagnosing.diagnose(error)
            if not problem.is_transient or attempt == ATTEMPTS:
                raise _failed(release, connection, step, problem, watcher.last) from error
            _let_others_pass(connection, release, step, problem)
        else:
            script = step.revision
            return Applied(script.revision, script.doc, round(time.monotonic() - started, 3), attempt)
    raise AssertionError("the last attempt returns or raises")


def _raise_interrupted(release: Release, error: BaseException) -> None:
    """What is raised while a signal unwinds the stack says nothing of the revision."""
    interrupted = signals.received()
    if interrupted is not None:
        interrupted.state = recorded.remains(_where_afresh(release))
        raise interrupted from error


def _run_once(release: Release, connection: Connection, step: RevisionStep, attempt: int) -> None:
    if step.is_upgrade:
        requiring.require(connection, step.revision)
    silent: list[str] = []
    options = {
        "on_version_apply": [holding.require_recorded, noting.recorder(release.history, attempt, silent)]
    }
    settings = environment.config(
        connection=connection,
        command="upgrade",
        options=options,
        notice=release.reporter.notice,
        revision=step.revision.revision,
        silent=silent,
    )
    environment.run(release.history, settings, lambda _heads, context: [holding.held(step, context)])


def _let_others_pass(connection: Connection, release: Release, step: RevisionStep, problem: Problem) -> None:
    connection.rollback()
    reason = diagnosing.TRANSIENT[problem.sqlstate]
    release.reporter.notice(f"{step.revision.revision} met {reason}; stepping aside")
    # Longer than the lock timeout at times, so that two releases of two systems do not march in step.
    seconds = release.patience.lock_ms / 1000
    time.sleep(random.uniform(0.5, 1.5) * seconds)  # noqa: S311 - spreads retries, guards nothing


def _failed(
    release: Release, connection: Connection, step: RevisionStep, problem: Problem, blocker: Blocker | None
) -> Failure:
    state = recorded.remains(_where(release, connection))
    revision = step.revision.revision
    if problem.is_connection_lost:
        return Failure("MIG-CONN-04", state=state, **release.target.shown, reason=problem.reason)
    if problem.sqlstate == sqlstates.LOCK_NOT_AVAILABLE and blocker is not None:
        facts = {"object": blocker.object, "blocker": str(blocker), "attempts": ATTEMPTS}
        return Failure("MIG-LOCK-02", state=state, details=asdict(blocker), **facts)
    if problem.is_transient:
        reason = diagnosing.TRANSIENT[problem.sqlstate]
        return Failure("MIG-LOCK-03", state=state, revision=revision, reason=reason, attempts=ATTEMPTS)
    code = "MIG-REV-02" if scripting.leaves_transaction(step) else "MIG-REV-01"
    return Failure(code, state=state, revision=revision, reason=problem.reason)


def _where(release: Release, connection: Connection) -> str:
    try:
        connection.rollback()
        return recorded.shown(connection)
    except SQLAlchemyError:
        return _where_afresh(release)


def _where_afresh(release: Release) -> str:
    try:
        with connecting.engine(release.target).connect() as fresh:
            return recorded.shown(fresh)
    except SQLAlchemyError:
        return "a revision that 'current' will show"


def locked(release: Release, connection: Connection) -> None:
    """Everything that must hold before the first DDL."""
    try:
        preflight.require(connection, release.target)
        locking.hold(connection, release.patience.release_seconds, release.reporter.notice)
    except Failure as failure:
        failure.state = failure.state or recorded.remains(_where(release, connection))
        raise


def verify(release: Release, wanted: str) -> None:
    """The recorded revision as another session sees it: a silent rollback shows here and nowhere else."""
    with connecting.connect(release.target, release.patience) as fresh:
        found = recorded.shown(fresh)
    if found != wanted:
        raise Failure("MIG-REV-03", found=found, wanted=wanted, state=recorded.remains(found))
