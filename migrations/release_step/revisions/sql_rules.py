"""Rules for a revision's SQL, for what squawk does not see."""

import re
from collections.abc import Callable, Iterator

from migrations.release_step.revisions import statements
from migrations.release_step.revisions.statements import Statement

WHY = {
    "unbounded-write": "it locks every row it meets until the revision ends; use migrations.backfills",
    "vacuum-full": "it rewrites the table while nobody may read it",
    "cluster": "it rewrites the table while nobody may read it",
    "lock-table": "a lock taken by hand outlasts the lock timeout's purpose",
    "attach-scan": "ATTACH reads the whole partition under lock; add a valid CHECK of its bounds first",
    "index-if-not-exists": "it leaves an INVALID index as it is; use migrations.indexes",
    "concurrently-in-transaction": "PostgreSQL refuses it there; use migrations.indexes",
    "own-transaction": "the release step ends transactions, a revision does not",
}

Rule = Callable[[Statement, frozenset[str]], bool]


def _begins(pattern: str) -> Rule:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda statement, _created: bool(compiled.match(statement.sql))


def _writes_unbounded(statement: Statement, created: frozenset[str]) -> bool:
    found = re.match(rf"(?:UPDATE|DELETE FROM) (?:ONLY )?{statements.NAME}", statement.sql, re.IGNORECASE)
    return (
        bool(found) and found is not None and statements.bare(found[1]) not in {*created, "alembic_version"}
    )


def _attaches_with_scan(statement: Statement, created: frozenset[str]) -> bool:
    found = re.search(rf"\bATTACH PARTITION {statements.NAME}", statement.sql, re.IGNORECASE)
    return found is not None and statements.bare(found[1]) not in created


def _is_concurrent_inside(statement: Statement, _created: frozenset[str]) -> bool:
    return statement.is_in_transaction and bool(
        re.search(r"\bINDEX CONCURRENTLY\b", statement.sql, re.IGNORECASE)
    )


RULES: dict[str, Rule] = {
    "unbounded-write": _writes_unbounded,
    "vacuum-full": _begins(r"VACUUM\b.*\bFULL\b"),
    "cluster": _begins(r"CLUSTER\b"),
    "lock-table": _begins(r"LOCK\b"),
    "attach-scan": _attaches_with_scan,
    "index-if-not-exists": _begins(r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS\b"),
    "concurrently-in-transaction": _is_concurrent_inside,
    "own-transaction": _begins(
        r"(?:BEGIN|START TRANSACTION|COMMIT|ROLLBACK|END|ABORT|SAVEPOINT|RELEASE|PREPARE TRANSACTION)\b"
    ),
}

REMOVES = re.compile(
    r"DROP (?:TABLE|VIEW|MATERIALIZED VIEW)\b|ALTER TABLE .*\b(?:RENAME (?!CONSTRAINT\b)"
    r"|DROP (?:COLUMN )?(?!COLUMN|CONSTRAINT|DEFAULT|NOT NULL|EXPRESSION|IDENTITY))",
    re.IGNORECASE,
)


SAYS_PROVENANCE = re.compile(r"\bset_config\('app\.(?:change_set_id|silent_columns)'")
BACKFILL = re.compile(rf"DO \$backfill\$.*?\bUPDATE {statements.NAME} AS target\b", re.IGNORECASE | re.DOTALL)


def whole(phase: str, up: list[Statement], down: list[Statement]) -> Iterator[tuple[str, str]]:
    """Rules for a revision as a whole."""
    created = statements.created_tables(up)
    if not _own(up):
        yield "empty", "its upgrade does nothing"
    if _own(up) and not _own(down):
        yield "no-way-back", "its downgrade does nothing"
    for statement in up:
        if phase != "contract" and REMOVES.match(statement.sql) and not _is_of(statement, created):
            yield "phase", f"old code may still use what this removes, so its phase is contract: {statement.sql[:100]}"


def backfills(up: list[Statement], curated: set[str]) -> Iterator[tuple[str, str]]:
    """A backfill of a curated table says what its history is to hold."""
    said = ""
    for statement in up:
        if SAYS_PROVENANCE.search(statement.sql):
            said = statement.sql
        elif found := BACKFILL.match(statement.sql):
            table = statements.bare(found[1])
            if table in curated and not said:
                yield "backfill-history", f"{table} has a history: say history=ByRelease(reason) or Silently(reason)"
            said = ""


def _own(found: list[Statement]) -> list[Statement]:
    return [one for one in found if not re.search(r"\balembic_version\b|^(?:RE)?SET ", one.sql)]


def _is_of(statement: Statement, created: frozenset[str]) -> bool:
    return all(lock.name in created for lock in statement.locks())
