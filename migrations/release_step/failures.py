"""What can go wrong, as one line that holds names and states but never a value, SQL, DETAIL or an address."""

import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psycopg
from sqlalchemy.exc import DBAPIError

from migrations.release_step import messages

TRANSIENT = {"55P03": "a lock", "40P01": "a deadlock", "40001": "a serialization failure"}

# The primary message of these states names objects only; of others (22P02 "invalid input ...") it quotes values.
QUOTABLE_CLASSES = ("42", "0A", "2B", "3D", "3F", "55")
QUOTABLE_STATES = {"23502", "23503", "23505", "23514", "25001", "25006", "57014", "40P01", "40001"}
# Syntax errors quote the token they stumble on, which may be a literal.
UNQUOTABLE_STATES = {"42601", "42602", "42P14"}


class Failure(Exception):
    """The command ends here; its line, exit code and JSON come from the catalogue."""

    def __init__(self, code: str, *, state: str = "", details: object = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.state = state
        self.details = details
        self.facts = facts
        self.exit_code = messages.CATALOGUE[code].exit_code

    @property
    def line(self) -> str:
        """Code, fact, current state, next action: one line."""
        message = messages.CATALOGUE[self.code]
        parts = (message.fact.format(**self.facts), self.state, message.action.format(**self.facts))
        return " ".join(f"{self.code}: {' '.join(part for part in parts if part)}".split())


class Interrupted(KeyboardInterrupt):
    """A signal arrived. A KeyboardInterrupt, because on that psycopg cancels the running statement."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__(name)
        self.number = number
        self.name = name
        self.state = ""


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
        return Problem("", f"{type(error).__name__} at {place(error)}", is_connection_lost=False)
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


def place(error: BaseException) -> str:
    """File name and line in which the exception arose."""
    entries = traceback.extract_tb(error.__traceback__)
    return f"{Path(entries[-1].filename).name}:{entries[-1].lineno}" if entries else "an unknown place"


def frames(error: BaseException) -> str:
    """A traceback without any exception's text: frames, types, states."""
    parts: list[str] = []
    chain: BaseException | None = error
    while chain is not None and len(parts) < 10:
        parts.append(_frames_of(chain, chain.__traceback__))
        chain = chain.__cause__ or chain.__context__
    return "\n".join(parts)


def _frames_of(error: BaseException, trace: TracebackType | None) -> str:
    lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
    return "\n".join([f"{type(error).__module__}.{type(error).__qualname__}", *lines])
