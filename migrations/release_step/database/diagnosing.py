"""What a database's error may be told of: names and states, never a value, SQL, DETAIL or an address."""

from dataclasses import dataclass

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from migrations.release_step.database import connecting
from migrations.release_step.telling import failures
from migrations.release_step.telling.calls import Call
from migrations.release_step.telling.failures import Failure

TRANSIENT = {"55P03": "a lock", "40P01": "a deadlock", "40001": "a serialization failure"}

# The primary message of these states names objects only; of others (22P02 "invalid input ...") it quotes values.
QUOTABLE_CLASSES = ("42", "0A", "2B", "3D", "3F", "55")
QUOTABLE_STATES = {"23502", "23503", "23505", "23514", "25001", "25006", "57014", "40P01", "40001"}
# Syntax errors quote the token they stumble on, which may be a literal.
UNQUOTABLE_STATES = {"42601", "42602", "42P14"}


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
    is_lost = sqlstate.startswith(("08", "57P")) or (not sqlstate and _is_broken(original))
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
    problem = diagnose(error)
    if problem.is_connection_lost:
        return Failure("MIG-CONN-04", **connecting.target(call.environ).shown, reason=problem.reason)
    if problem.sqlstate == "42501":
        return Failure("MIG-SAFE-14", reason=problem.reason)
    return Failure("MIG-BUG-02", reason=problem.reason, where=failures.place(error))
