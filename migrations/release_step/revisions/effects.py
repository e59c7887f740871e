"""What a revision does to code that runs meanwhile, derived from its SQL statement by statement.

Expand and backfill refuse nothing that old code writes, remove nothing that it reads, and lose no data; `contract` may.
A statement that is not known here counts as one that refuses: its author says in an excuse why it does not.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from migrations.release_step.revisions import alterations, clauses, statements, writes
from migrations.release_step.revisions.scope import MADE, Scope, refusals
from migrations.release_step.revisions.statements import NAME, Statement

REFUSES, REMOVES, LOSES, OPAQUE = "refuses-old-code", "phase", "loses-data", "opaque"
WHY = {
    REFUSES: "it may refuse what old code writes, so its phase is contract",
    REMOVES: "old code may still use what this removes, so its phase is contract",
    LOSES: "it loses data, so its phase is contract",
    OPAQUE: "what this does cannot be read from it; write it as plain statements",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a statement does to others: the rule that it breaks in a phase that promises otherwise."""

    rule: str
    sql: str


UNIQUE_INDEX = re.compile(
    rf"CREATE UNIQUE INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?(?:{NAME} )?ON (?:ONLY )?{NAME}(?P<rest>.*)",
    re.I,
)
FUNCTION = re.compile(rf"CREATE OR REPLACE (?:FUNCTION|PROCEDURE) {NAME}", re.IGNORECASE)
DROPPED = re.compile(
    r"DROP (?P<kind>TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|TYPE|DOMAIN|SCHEMA|FUNCTION|PROCEDURE|ROUTINE|AGGREGATE"
    r"|FOREIGN TABLE|EXTENSION|CAST|OPERATOR|COLLATION) (?:IF EXISTS )?(?P<names>.+?)(?: CASCADE| RESTRICT)?$",
    re.IGNORECASE,
)
REVOKED = re.compile(
    r"REVOKE .+? ON (?:TABLE |FUNCTION |PROCEDURE |SEQUENCE |SCHEMA |TYPE )?(?P<names>.+?) FROM\b",
    re.IGNORECASE,
)
ON_TABLE = re.compile(
    rf"(?:CREATE|ALTER|DROP) (?:OR REPLACE )?(?:CONSTRAINT )?(?P<kind>TRIGGER|RULE|POLICY) (?:IF (?:NOT )?EXISTS )?"
    rf"{NAME}(?P<rest>.*)",
    re.IGNORECASE,
)
# Nothing here refuses, removes or loses: what is left of a release without downtime.
HARMLESS = re.compile(
    r"(?:COMMENT ON|GRANT|ANALYZE|SELECT|SHOW|VALUES|EXPLAIN|WITH|SET|RESET|DROP INDEX|DROP STATISTICS|REINDEX"
    r"|INSERT INTO|UPDATE|DELETE FROM|MERGE INTO|COPY|TRUNCATE|VACUUM|CLUSTER|LOCK|REFRESH|DISCARD|PERFORM"
    r"|BEGIN|START|COMMIT|ROLLBACK|END|ABORT|SAVEPOINT|RELEASE|PREPARE TRANSACTION|ALTER SYSTEM"
    r"|CREATE (?:INDEX|STATISTICS|EXTENSION|AGGREGATE|PUBLICATION|TEXT SEARCH|COLLATION)"
    r"|ALTER (?:INDEX|STATISTICS|DATABASE|ROLE|USER)"
    r"|(?:CREATE|ALTER|DROP) (?:ROLE|USER|DATABASE|TABLESPACE))\b",
    re.IGNORECASE,
)
TYPE_GROWS = re.compile(r"ALTER TYPE \S+ (?:ADD (?:VALUE|ATTRIBUTE)|OWNER)\b", re.IGNORECASE)
DOMAIN_WIDENS = re.compile(
    r"ALTER DOMAIN \S+ (?:DROP CONSTRAINT|DROP NOT NULL|VALIDATE CONSTRAINT|SET DEFAULT)\b", re.I
)
SEQUENCE_GROWS = re.compile(r"ALTER SEQUENCE \S+ (?:OWNED BY|CACHE|NO MAXVALUE|SET LOGGED)\b", re.IGNORECASE)


def of_revision(up: Sequence[Statement], scope: Scope) -> list[Effect]:
    """Every effect of a revision's statements; the scope takes in what they make."""
    found: list[Effect] = []
    for statement in up:
        found += _of_statement(statement, scope)
    found += [Effect(REFUSES, f"{table}.{column} without a default") for table, column in _required(scope)]
    return found


def _required(scope: Scope) -> Iterator[tuple[str, str]]:
    """Columns that are added to a table in use, and that old code, which leaves them out, would have to fill."""
    for (table, column), new in scope.columns.items():
        if new.is_required and not new.is_filled and table not in scope.made:
            yield table, column


def _of_statement(statement: Statement, scope: Scope) -> Iterator[Effect]:
    sql = statement.sql
    if statements.is_ours(sql):
        return
    text = clauses.plain(sql)
    for write in writes.of(sql):
        if write.verb in ("DELETE", "TRUNCATE") and not scope.is_made(write.table):
            yield Effect(LOSES, text)
    if clauses.body(sql) is not None:
        for one in clauses.inner(statement):
            yield from _of_inner(one, scope)
        return
    yield from (Effect(rule, text) for rule in _rules(sql, text, scope))
    scope.note(sql)


def _of_inner(statement: Statement, scope: Scope) -> Iterator[Effect]:
    """A DO block's own DDL; its writes have been read with the whole."""
    text = clauses.plain(statement.sql)
    if re.match(r"EXECUTE\b(?! (?:FUNCTION|PROCEDURE|ON)\b)", text, re.IGNORECASE):
        yield Effect(OPAQUE, text)
    elif re.match(r"(?:CREATE|ALTER|DROP|REVOKE|CALL|IMPORT|SECURITY)\b", text, re.IGNORECASE):
        yield from (Effect(rule, text) for rule in _rules(statement.sql, text, scope))
        scope.note(statement.sql)


def _rules(sql: str, text: str, scope: Scope) -> Iterator[str]:
    if re.match(r"(?:ALTER (?:FOREIGN )?TABLE)\b", text, re.IGNORECASE):
        yield from alterations.rules(sql, scope)
        return
    for pattern, rule in KINDS:
        if match := pattern.match(text):
            if broken := rule(match, sql, scope):
                yield broken
            return
    if not HARMLESS.match(text):
        yield OPAQUE


def _unique_index(match: re.Match[str], _sql: str, scope: Scope) -> str:
    table, columns = statements.bare(match[2]), clauses.names(clauses.bracket(match["rest"]))
    is_new = table in scope.made or (columns and all((table, name) in scope.columns for name in columns))
    return "" if is_new else REFUSES


def _function(match: re.Match[str], sql: str, scope: Scope) -> str:
    """A function in use whose new body refuses more than its old one did."""
    name = statements.bare(match[1])
    more = refusals(sql) - scope.functions.get(name, Counter())
    return REFUSES if more and name not in scope.made_functions else ""


def _dropped(match: re.Match[str], _sql: str, scope: Scope) -> str:
    listed = [re.sub(r"\(.*", "", name).strip().rpartition(".")[2] for name in clauses.parts(match["names"])]
    is_own = all(scope.is_made(name) or statements.bare(name) in scope.made_functions for name in listed)
    return "" if is_own else REMOVES


def _on_table(match: re.Match[str], _sql: str, scope: Scope) -> str:
    table = re.search(rf"\b(?:ON|TO) {NAME}", match["rest"])
    is_own = table is not None and statements.bare(table[1]) in scope.made
    drops = match[0].upper().startswith("DROP")
    if is_own:
        return ""
    return REMOVES if drops and match["kind"].upper() == "TRIGGER" else REFUSES


def _never(_found: re.Match[str], _sql: str, _scope: Scope) -> str:
    return ""


def _always(rule: str) -> "Judge":
    return lambda _found, _sql, _scope: rule


def _revoked(match: re.Match[str], _sql: str, scope: Scope) -> str:
    listed = [re.sub(r"\(.*", "", name).strip().rpartition(".")[2] for name in clauses.parts(match["names"])]
    return (
        "" if all(statements.bare(name) in scope.made | scope.made_functions for name in listed) else REFUSES
    )


Judge = Callable[[re.Match[str], str, Scope], str]
# The first that fits decides.
KINDS: tuple[tuple[re.Pattern[str], Judge], ...] = (
    (UNIQUE_INDEX, _unique_index),
    (FUNCTION, _function),
    (MADE, _never),
    (DROPPED, _dropped),
    (ON_TABLE, _on_table),
    (TYPE_GROWS, _never),
    (DOMAIN_WIDENS, _never),
    (SEQUENCE_GROWS, _never),
    (REVOKED, _revoked),
    (
        re.compile(r"(?:CREATE|ALTER) EVENT TRIGGER\b|REVOKE\b|ALTER DEFAULT PRIVILEGES\b.* REVOKE\b", re.I),
        _always(REFUSES),
    ),
    (re.compile(r"ALTER DEFAULT PRIVILEGES\b|DROP (?:EVENT TRIGGER|OWNED)\b", re.I), _never),
    (
        re.compile(r"ALTER (?:TYPE|DOMAIN|SEQUENCE)\b.* RENAME\b|ALTER \S+ (?:\S+ )+SET SCHEMA\b", re.I),
        _always(REMOVES),
    ),
    (
        re.compile(
            r"ALTER (?:TYPE|DOMAIN|SEQUENCE|VIEW|FUNCTION|PROCEDURE|SCHEMA|MATERIALIZED VIEW)\b", re.I
        ),
        _always(REFUSES),
    ),
)
