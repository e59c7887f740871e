"""Is the database still what the last release left: asked before the next one begins, not found out afterwards.

Where no release has noted it, or an older one did, the revisions' own SQL is run in a schema that is rolled back.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from alembic.runtime.migration import RevisionStep
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from migrations.release_step.database import diagnosing, recorded
from migrations.release_step.database.connecting import Target
from migrations.release_step.revisions import scripting, sql_rules, statements
from migrations.release_step.revisions.history import History
from migrations.release_step.schema import fingerprint, left
from migrations.release_step.schema.fingerprint import Difference, Fingerprint
from migrations.release_step.telling import failures
from migrations.release_step.telling.failures import Failure

MAY_COMPARE = text("""
    SELECT current_user AS role, has_database_privilege(current_database(), 'CREATE') AS may,
           pg_is_in_recovery() AS is_replica, current_setting('transaction_read_only') = 'on' AS is_read_only
""")
# In an empty schema there is nothing to wait for, to fill or to keep others from.
ALONE = re.compile(
    r"((?:CREATE (?:UNIQUE )?|DROP |RE)INDEX(?: TABLE| INDEX)?|REFRESH MATERIALIZED VIEW) CONCURRENTLY\b"
    r"|(DETACH PARTITION \S+) CONCURRENTLY\b",
    re.IGNORECASE,
)
LEFT_OUT = re.compile(r"(SET|RESET) (lock_timeout|statement_timeout|idle_in_transaction_session_timeout)\b")
LEFT_OUT_WHOLE = re.compile(r"DO \$backfill\$|VACUUM\b|ANALYZE\b", re.IGNORECASE)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from what was left; or the sentence why nobody can say."""

    differences: list[Difference] = field(default_factory=list)
    obstacle: Failure | None = None

    @property
    def drift(self) -> list[Difference]:
        return [one for one in self.differences if not one.is_note]


def compare(
    connection: Connection,
    history: History,
    target: Target,
    found: str,
    following: RevisionStep | None = None,
) -> Comparison:
    """With what the last release left at this revision.

    What the following revision does outside of a transaction may be done already: an earlier try was ended.
    """
    if found == recorded.BASE:
        return Comparison()
    try:
        differing = guarded(target, lambda: left.changes(connection, found))
        if differing is None:
            require_comparable(connection, target)
            differing = guarded(target, lambda: _from_scripts(connection, history, found))
        if following is not None and differing and scripting.leaves_transaction(following):
            require_comparable(connection, target)
            under_way = guarded(target, lambda: _objects_of(connection, history, found, following))
            differing = [one for one in differing if (one.kind, one.name) not in under_way]
    except Failure as obstacle:
        connection.rollback()
        return Comparison(obstacle=obstacle)
    return Comparison(differing)


def changed(found: str, differing: Iterable[Difference]) -> Failure:
    """The failure that names what somebody changed."""
    drift = [one for one in differing if not one.is_note]
    first = f"{drift[0].kind} {drift[0].name}"
    return Failure(
        "MIG-STATE-12",
        state=recorded.remains(found),
        count=len(drift),
        revision=found,
        first=first,
        details=plain(drift),
    )


def plain(found: Iterable[Difference]) -> list[dict[str, str | None]]:
    """Differences as plain data."""
    return [{"kind": d.kind, "name": d.name, "declared": d.declared, "found": d.found} for d in found]


def require_comparable(connection: Connection, target: Target) -> None:
    """Raise unless a schema to compare with can be built here; leaves no transaction open."""
    facts = connection.execute(MAY_COMPARE).one()
    connection.rollback()
    if facts.is_replica:
        raise Failure("MIG-SAFE-02", host=target.host)
    if facts.is_read_only:
        raise Failure("MIG-SAFE-03")
    if not facts.may:
        raise Failure("MIG-SAFE-12", role=facts.role, database=target.database)


def guarded(target: Target, compared: Callable[[], Answer]) -> Answer:
    """The comparison, or the failure that says what the database has against it."""
    try:
        return compared()
    except DBAPIError as error:
        problem = diagnosing.diagnose(error)
        if problem.is_connection_lost:
            raise
        if problem.is_transient:
            reason = diagnosing.TRANSIENT[problem.sqlstate]
            raise Failure("MIG-LOCK-03", revision="to compare", reason=reason, attempts=1) from error
        # An event trigger, as some services have them; whatever it is, it is no mistake of ours.
        raise Failure("MIG-SAFE-19", database=target.database, reason=problem.reason) from error


def _from_scripts(connection: Connection, history: History, found: str) -> list[Difference]:
    """What surrounds the schema is unknown then: no script says what was there before it."""
    try:
        reference = _built(connection, history, found)
        schema = str(connection.scalar(text("SELECT current_schema()")))
        now = fingerprint.take(connection, schema) | fingerprint.take_record(connection, schema)
        return fingerprint.differences(reference, now)
    finally:
        connection.rollback()


def _objects_of(
    connection: Connection, history: History, found: str, step: RevisionStep
) -> set[tuple[str, str]]:
    """Every object that is another one after this step."""
    try:
        before, after = (_built(connection, history, end) for end in (found, step.revision.revision))
        return {(one.kind, one.name) for one in fingerprint.differences(before, after)}
    finally:
        connection.rollback()


def _built(connection: Connection, history: History, revision: str) -> Fingerprint:
    """The fingerprint of what the revisions make, up to this one."""
    try:
        found = list(statements.split(scripting.fresh(history, revision)))
        # One that ends its transaction would keep what is built here to be looked at.
        sql_rules.require_one_transaction(found)
        script = ";\n".join(_alone(found))
    except (Exception, SystemExit) as error:  # a revision is code: it may raise anything, or want a database
        raise Failure("MIG-CONF-04", kind=type(error).__name__, where=failures.place(error)) from error
    with fingerprint.empty(connection) as name:
        connection.exec_driver_sql(script, execution_options={"no_parameters": True})
        return fingerprint.take(connection, name) | fingerprint.take_record(connection, name)


def _alone(script: Iterable[statements.Statement]) -> Iterable[str]:
    for statement in script:
        if not LEFT_OUT.match(statement.sql) and not LEFT_OUT_WHOLE.match(statement.sql):
            yield ALONE.sub(lambda words: words[1] or words[2], statement.sql)
