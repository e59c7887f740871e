"""Rules for a revision's SQL, for what squawk does not see."""

import re
from collections.abc import Callable, Iterator

from migrations.release_step.revisions import clauses, statements, writes
from migrations.release_step.revisions.statements import Statement

WHY = {
    "unbounded-write": "it locks every row it meets until the revision ends; use migrations.backfills",
    "vacuum-full": "it rewrites the table while nobody may read it",
    "cluster": "it rewrites the table while nobody may read it",
    "lock-table": "a lock taken by hand outlasts the lock timeout's purpose",
    "attach-scan": "ATTACH reads the whole partition under lock; add a valid CHECK of its bounds first",
    "index-if-not-exists": "it leaves an INVALID index as it is; use migrations.indexes",
    "concurrently-in-transaction": "PostgreSQL refuses it there; use migrations.indexes",
    "disables-trigger": "what is written meanwhile has neither checks nor history",
    "drops-history": "rows would change without a version, and nobody could say afterwards who changed what",
    "unlogged": "PostgreSQL empties the table after a crash, and replicas never see it",
    "refresh": "it reads everything while nobody may read the view; let a command do it after the release",
    "role": "what follows would belong to another role; the release's own role does all of it",
    "server-settings": "it reaches beyond this database's schema; that is the administrator's",
    "settings": "the release step sets how long a statement may wait and where it looks; a revision does not",
    "release-lock": "the lock is what keeps two releases apart; a revision leaves it alone",
    "own-transaction": "the release step ends transactions, a revision does not",
}

Rule = Callable[[Statement, frozenset[str]], bool]


def _begins(pattern: str) -> Rule:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda statement, _created: bool(compiled.match(statement.sql))


def _anywhere(pattern: str) -> Rule:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda statement, _created: bool(compiled.search(clauses.plain(statement.sql)))


def _writes_unbounded(statement: Statement, created: frozenset[str]) -> bool:
    if statements.is_ours(statement.sql):
        return False
    return any(
        write.table not in {*created, writes.OWN_TABLE}
        for write in writes.of(statement.sql)
        if write.verb != "TRUNCATE"
    )


# What a revision may set for itself: nobody waits longer or looks elsewhere for it.
OWN_SETTINGS = r"(?:maintenance_work_mem|work_mem|max_parallel_maintenance_workers|app\.keeps_version)"
SETS = re.compile(
    rf"SET (?!(?:SESSION |LOCAL )?(?:{OWN_SETTINGS}|CONSTRAINTS)\b)|RESET (?!{OWN_SETTINGS}\b)|DISCARD\b",
    re.IGNORECASE,
)
CONFIGURES = re.compile(rf"\bset_config ?\((?! ?'{OWN_SETTINGS}')", re.IGNORECASE)


def _sets(statement: Statement, _created: frozenset[str]) -> bool:
    sql = statement.sql
    return not statements.is_ours(sql) and bool(
        (SETS.match(sql) and not ROLE.match(sql)) or CONFIGURES.search(sql)
    )


ROLE = re.compile(r"(?:SET (?:SESSION |LOCAL )?|RESET )(?:ROLE|SESSION AUTHORIZATION)\b", re.IGNORECASE)
HISTORY = r"(?:stamp_row|keep_updated|keep_deleted|refuse_truncate|keep_versions)"


def _attaches_with_scan(statement: Statement, created: frozenset[str]) -> bool:
    match = re.search(rf"\bATTACH PARTITION {statements.NAME}", statement.sql, re.IGNORECASE)
    return match is not None and statements.bare(match[1]) not in created


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
    "disables-trigger": _anywhere(r"\bDISABLE (?:TRIGGER|RULE)\b|\bsession_replication_role\b"),
    "drops-history": _anywhere(rf"\b(?:DROP|ALTER) (?:TRIGGER|FUNCTION) (?:IF EXISTS )?\"?{HISTORY}\b"),
    "unlogged": _anywhere(r"\bSET UNLOGGED\b|^CREATE UNLOGGED\b"),
    "refresh": _begins(r"REFRESH\b"),
    "role": lambda statement, _created: bool(ROLE.match(statement.sql)),
    "server-settings": _begins(
        r"ALTER SYSTEM\b|(?:CREATE|ALTER|DROP) (?:DATABASE|ROLE|USER|GROUP|TABLESPACE|SUBSCRIPTION)\b(?! MAPPING)"
    ),
    "settings": _sets,
    "release-lock": _anywhere(r"\bpg_advisory_unlock\w*|\bDISCARD ALL\b"),
    "own-transaction": _begins(
        r"(?:BEGIN|START TRANSACTION|COMMIT|ROLLBACK|END|ABORT|SAVEPOINT|RELEASE|PREPARE TRANSACTION)\b"
    ),
}

# What no revision does on its way down, either.
BACK = (
    "disables-trigger",
    "unlogged",
    "role",
    "server-settings",
    "settings",
    "release-lock",
    "own-transaction",
)

SAYS_PROVENANCE = re.compile(r"\bset_config\('app\.(?:change_set_id|silent_columns)'")
BACKFILL = re.compile(rf"DO \$backfill\$.*?\bUPDATE {statements.NAME} AS target\b", re.IGNORECASE | re.DOTALL)


def whole(up: list[Statement], down: list[Statement]) -> Iterator[tuple[str, str]]:
    """Rules for a revision as a whole."""
    if not _own(up):
        yield "empty", "its upgrade does nothing"
    if _own(up) and not _own(down):
        yield "no-way-back", "its downgrade does nothing"


def backfills(up: list[Statement], curated: set[str]) -> Iterator[tuple[str, str]]:
    """A backfill of a curated table says what its history is to hold."""
    said = ""
    for statement in up:
        if SAYS_PROVENANCE.search(statement.sql):
            said = statement.sql
        elif match := BACKFILL.match(statement.sql):
            table = statements.bare(match[1])
            if table in curated and not said:
                yield "backfill-history", f"{table} has a history: say history=ByRelease(reason) or Silently(reason)"
            said = ""


def require_one_transaction(found: list[Statement]) -> None:
    """Raise ValueError where the SQL ends the transaction in which it is to be tried."""
    if any(RULES["own-transaction"](one, frozenset()) for one in found):
        raise ValueError(WHY["own-transaction"])


def _own(found: list[Statement]) -> list[Statement]:
    return [one for one in found if not re.search(r"\balembic_version\b|^(?:RE)?SET ", one.sql)]
