"""What a database's error may be told of: names and states, never a value, SQL, DETAIL or an address."""

from dataclasses import dataclass

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from migrations.release_step.database import connecting
from migrations.release_step.database.connecting import Target
from migrations.release_step.telling import failures
from migrations.release_step.telling.calls import Call
from migrations.release_step.telling.failures import Failure
from webapp import sqlstates

TRANSIENT = {
    sqlstates.LOCK_NOT_AVAILABLE: "a lock",
    sqlstates.DEADLOCK_DETECTED: "a deadlock",
    sqlstates.SERIALIZATION_FAILURE: "a serialization failure",
}

# The primary message of these states names objects only; of others (22P02 "invalid input ...") it quotes values.
QUOTABLE_CLASSES = (
    sqlstates.SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION,
    sqlstates.FEATURE_NOT_SUPPORTED,
    sqlstates.DEPENDENT_PRIVILEGE_DESCRIPTORS_STILL_EXIST,
    sqlstates.INVALID_CATALOG_NAME,
    sqlstates.INVALID_SCHEMA_NAME,
    sqlstates.OBJECT_NOT_IN_PREREQUISITE_STATE,
)
QUOTABLE_STATES = {
    sqlstates.NOT_NULL_VIOLATION,
    sqlstates.FOREIGN_KEY_VIOLATION,
    sqlstates.UNIQUE_VIOLATION,
    sqlstates.CHECK_VIOLATION,
    sqlstates.ACTIVE_SQL_TRANSACTION,
    sqlstates.READ_ONLY_SQL_TRANSACTION,
    sqlstates.QUERY_CANCELED,
    sqlstates.DEADLOCK_DETECTED,
    sqlstates.SERIALIZATION_FAILURE,
}
# Syntax errors quote the token they stumble on, which may be a literal.
UNQUOTABLE_STATES = {
    sqlstates.SYNTAX_ERROR,
    sqlstates.INVALID_NAME,
    sqlstates.INVALID_PREPARED_STATEMENT_DEFINITION,
}
LOST_CLASSES = (sqlstates.CONNECTION_EXCEPTION, sqlstates.SHUTDOWN_OR_CRASH)


@dataclass(frozen=True, slots=True)
class Problem:
    """What the server said, reduced to what may be shown."""

    sqlstate: str
    reason: str
    is_connection_lost: bool

    @property
    def is_transient(self) -> bool:
        return self.sqlstate in TRANSIENT


def diagnose(error: BaseException) -> Problem:
    """Reduce any exception of a revision to names and states."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(original, psycopg.Error):
        return Problem("", f"{type(error).__name__} at {failures.place(error)}", is_connection_lost=False)
    sqlstate = original.sqlstate or ""
    is_lost = sqlstate.startswith(LOST_CLASSES) or (not sqlstate and _is_broken(original))
    name = type(original).__name__
    detail = _quotable(original, sqlstate) or _objects(original)
    reason = " ".join(part for part in (sqlstate, name) if part) + (f": {detail}" if detail else "")
    return Problem(sqlstate, reason, is_connection_lost=is_lost)


def _is_broken(error: psycopg.Error) -> bool:
    return isinstance(error, psycopg.OperationalError)


def _quotable(error: psycopg.Error, sqlstate: str) -> str:
    may = sqlstate in QUOTABLE_STATES or sqlstate.startswith(QUOTABLE_CLASSES)
    if not may or sqlstate in UNQUOTABLE_STATES:
        return ""
    return " ".join((error.diag.message_primary or "").split())[:300]


def _objects(error: psycopg.Error) -> str:
    diag = error.diag
    named = {
        "table": diag.table_name,
        "column": diag.column_name,
        "constraint": diag.constraint_name,
        "type": diag.datatype_name,
    }
    return ", ".join(f"{kind} {name}" for kind, name in named.items() if name)


def failure(call: Call, error: BaseException) -> Failure:
    """Of an error outside every revision: the connection, a right, or a mistake of the release step's own."""
    if not isinstance(error, SQLAlchemyError):
        return Failure("MIG-BUG-01", kind=type(error).__name__, where=failures.place(error))
    return of_session(connecting.target(call.environ), error)


def of_session(target: Target, error: BaseException) -> Failure:
    """Of an error in a session with this database."""
    if not isinstance(error, SQLAlchemyError):
        return Failure("MIG-BUG-01", kind=type(error).__name__, where=failures.place(error))
    problem = diagnose(error)
    if problem.is_connection_lost:
        return Failure("MIG-CONN-04", **target.shown, reason=problem.reason)
    if problem.sqlstate == sqlstates.READ_ONLY_SQL_TRANSACTION:
        return Failure("MIG-SAFE-03")
    if problem.sqlstate == sqlstates.INSUFFICIENT_PRIVILEGE:
        return Failure("MIG-SAFE-14", reason=problem.reason)
    return Failure("MIG-BUG-02", reason=problem.reason, where=failures.place(error))
