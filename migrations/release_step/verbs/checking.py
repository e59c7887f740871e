"""Is everything as it should be: one head, at head, no INVALID index, no drift, clean revisions."""

from typing import Any

from sqlalchemy import Connection, text

from migrations.release_step.database import connecting, ledger, recorded
from migrations.release_step.database.connecting import Target
from migrations.release_step.revisions import hashes, linting
from migrations.release_step.revisions.history import History
from migrations.release_step.schema import declared, fingerprint, scope
from migrations.release_step.schema.fingerprint import Difference
from migrations.release_step.telling.calls import Call
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import comparing

INVALID = text("""
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE NOT i.indisvalid AND c.relnamespace = to_regnamespace(quote_ident(current_schema()))
      AND c.relkind = 'i' ORDER BY c.relname
""")


def check(call: Call, history: History) -> dict[str, Any]:
    """Raise the first thing that is not as it should be; the details hold all of its kind."""
    target = connecting.target(call.environ)
    with connecting.connect(target, call.patience()) as connection:
        found = require_head(connection, history)
        require_unedited(connection, history, target)
        require_valid_indexes(connection)
        notes = require_declared_schema(connection, target, call)
        call.reporter.line(require_unchanged(connection, history, target, found))
    linting.require_clean(linting.lint(history, needs_squawk=False))
    for one in notes:
        call.reporter.line(f"note: {one}")
    call.reporter.line(f"{target.database} is at {found}, as it should be")
    return {"revision": found, "notes": comparing.plain(notes), "not_compared": scope.NOT_COMPARED}


def require_head(connection: Connection, history: History) -> str:
    """The recorded revision, which is the newest one."""
    wanted = history.head or recorded.BASE
    found = recorded.one(connection)
    if found != wanted:
        code = "MIG-STATE-03" if history.knows(found) else "MIG-STATE-02"
        raise Failure(code, found=found, wanted=wanted)
    return found


def require_unedited(connection: Connection, history: History, target: Target) -> None:
    """No revision that this database has run says something else now."""
    known = ledger.read(connection)
    connection.rollback()
    hashes.require_unedited(history.files, known, target.database)


def invalid_indexes(connection: Connection) -> list[str]:
    names = list(connection.scalars(INVALID))
    connection.rollback()
    return names


def require_valid_indexes(connection: Connection) -> None:
    if names := invalid_indexes(connection):
        raise Failure("MIG-STATE-05", count=len(names), names=", ".join(names), details=names)


def require_declared_schema(connection: Connection, target: Target, call: Call) -> list[Difference]:
    """Compare with the models, object by object; returns what is no drift, and told all the same."""
    differing = differences(connection, target)
    call.reporter.line(f"not compared: {'; '.join(scope.NOT_COMPARED)}")
    if found := [one for one in differing if not one.is_note]:
        for one in differing:
            call.reporter.line(f"note: {one}" if one.is_note else str(one))
        first = f"{found[0].kind} {found[0].name}"
        raise Failure("MIG-STATE-04", count=len(found), first=first, details=comparing.plain(found))
    return differing


def drift(connection: Connection, target: Target) -> list[Difference]:
    """Differences between database and models that may not be."""
    return [one for one in differences(connection, target) if not one.is_note]


def differences(connection: Connection, target: Target) -> list[Difference]:
    """All of them, notes as well; needs the right to create the schema it compares with."""
    comparing.require_comparable(connection, target)
    return comparing.guarded(target, lambda: fingerprint.drift(connection, declared.METADATA))


def require_unchanged(connection: Connection, history: History, target: Target, found: str) -> str:
    """Compare with what the last release left; returns how that ended, in a word."""
    compared = comparing.compare(connection, history, target, found)
    if compared.drift:
        raise comparing.changed(found, compared.drift)
    return f"not compared: {compared.obstacle.line}" if compared.obstacle else "as the last release left it"
