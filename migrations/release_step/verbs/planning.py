"""What a release would do: each pending revision's SQL, the locks it takes, and how big what it locks is."""

from dataclasses import asdict
from typing import Any

from alembic.script import Script
from sqlalchemy import Connection, text

from migrations.release_step.database import connecting, recorded
from migrations.release_step.revisions import linting, scripting, statements, text_rules
from migrations.release_step.revisions.history import History
from migrations.release_step.revisions.statements import Statement
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs.running import Release

SIZES = text("""
    SELECT relname, pg_total_relation_size(oid) AS bytes, greatest(reltuples, 0)::bigint AS rows
    FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(current_schema()))
""")
SETTING = ("SET ", "RESET ")

Sizes = dict[str, tuple[int, int]]


def plan(release: Release) -> dict[str, Any]:
    """Print and return the plan from where the database is to the head."""
    with connecting.connect(release.target, release.patience) as connection:
        found = recorded.one(connection)
        revisions = pending(connection, release.history)
    for revision in revisions:
        _print(release, revision)
    count = f"{len(revisions)} revision{' is' if len(revisions) == 1 else 's are'}"
    release.reporter.line(f"{release.target.database} is at {found}, {count} pending")
    return {"revision": found, "pending": revisions}


def pending(connection: Connection, history: History) -> list[dict[str, Any]]:
    """The pending revisions as plain data; leaves no transaction open."""
    found = recorded.one(connection)
    if not history.knows(found):
        raise Failure("MIG-STATE-02", found=found, state=recorded.remains(found))
    sizes = {row.relname: (row.bytes, row.rows) for row in connection.execute(SIZES)}
    connection.rollback()
    scripts = history.between(found, history.head or recorded.BASE)
    findings = linting.lint(history, needs_squawk=False) if scripts else []
    planned = []
    for script in scripts:
        said = [asdict(one) for one in findings if one.revision == script.revision]
        planned.append({**_of_revision(history, script, sizes), "findings": said})
    return planned


def _of_revision(history: History, script: Script, sizes: Sizes) -> dict[str, Any]:
    try:
        found = list(statements.split(scripting.text_of(history, script, is_upgrade=True)))
    except Failure:  # the lint says why
        found = []
    steps = [_of_statement(one, sizes) for one in found if not one.sql.startswith(SETTING)]
    title, phase = script.doc, text_rules.phase(script)
    return {"revision": script.revision, "title": title, "phase": phase, "statements": steps}


def _of_statement(statement: Statement, sizes: Sizes) -> dict[str, Any]:
    locks = [
        {"name": lock.name, "mode": lock.mode, "bytes": sizes[lock.name][0], "rows": sizes[lock.name][1]}
        for lock in statement.locks()
        if lock.name in sizes  # what the release itself makes is in nobody's way
    ]
    return {"sql": statement.sql, "is_in_transaction": statement.is_in_transaction, "locks": locks}


def _print(release: Release, revision: dict[str, Any]) -> None:
    line = release.reporter.line
    line(f"{revision['revision']} {revision['title']} [{revision['phase']}]")
    for statement in revision["statements"]:
        line(f"    {' '.join(statement['sql'].split())}")
        for lock in statement["locks"]:
            line(
                f"        {lock['mode']} on {lock['name']} ({_size(lock['bytes'])}, about {lock['rows']} rows)"
            )
    for finding in revision["findings"]:
        line(f"    ! {finding['rule']}: {finding['message']}")


def _size(size: int) -> str:
    units = ("bytes", "kB", "MB", "GB", "TB")
    power = min((size.bit_length() - 1) // 10, 4) if size else 0
    return f"{size / 1024**power:.0f} {units[power]}"
