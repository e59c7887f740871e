"""What a backfill says to the history of a curated table: which change set wrote, or that nobody changed anything.

Without a word, every row would get a version "from outside" and lose the change set that its values came from.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from migrations.release_step.telling.failures import Failure

# Set by the triggers' functions (webapp/models/history.py), for a session.
CHANGE_SET, SILENT = "app.change_set_id", "app.silent_columns"
COLUMN = re.compile(r"\s*(\w+)\s*=")
IS_CURATED = text("""
    SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(quote_ident(:table)) AND tgname = 'stamp_row')
""")
IS_OWNER = text("""
    SELECT pg_get_userbyid(relowner) = session_user FROM pg_class WHERE oid = to_regclass(quote_ident(:table))
""")
IS_HELD = text("""
    SELECT EXISTS (SELECT FROM row_versions WHERE table_name = :table AND row_data ?| CAST(:names AS text[]))
""")
# One for each revision, however often it is begun again.
BEGUN = text("SELECT id FROM change_sets WHERE kind = 'release' AND source = :revision")
BEGIN = text("""
    INSERT INTO change_sets (kind, table_name, status, author_name, reason, source, counts, findings, digest,
                             decided_at, decided_how, applied_at)
    VALUES ('release', :table, 'applied', 'release', :reason, :revision, '{}', '[]',
            encode(sha256(convert_to(:set_, 'UTF8')), 'hex'), now(), 'policy', now())
    RETURNING id
""")


@dataclass(frozen=True, slots=True)
class ByRelease:
    """The rows are changed, by a change set of kind `release` that gives this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Silently:
    """Nobody changes anything: the owner fills a new column that no version of a row holds yet."""

    reason: str


Provenance = ByRelease | Silently


@contextmanager
def of_rows(
    connection: Connection, table: str, set_: str, history: Provenance | None, context: Any
) -> Iterator[None]:
    """Tell the triggers of this session what writes, and afterwards nothing again."""
    is_curated = bool(connection.scalar(IS_CURATED, {"table": table}))
    if is_curated == (history is None):
        raise Failure(
            "MIG-REV-06", table=table, what="needs" if is_curated else "has no history and needs no"
        )
    if history is None:
        yield
        return
    name, value = _setting(connection, table, set_, history, context)
    _tell(connection, name, value)
    try:
        yield
    finally:
        if not connection.invalidated and not connection.closed:
            _tell(connection, name, "")
    if isinstance(history, ByRelease):
        _count(connection, table, value)


def script(table: str, set_: str, history: Provenance | None, revision: str) -> str:
    """The same as a statement for psql, to stand in front of a backfill; blank for a table without history."""
    if history is None:
        return ""
    if isinstance(history, Silently):
        return f"SELECT set_config('{SILENT}', '{','.join(columns(set_))}', false)"
    values = {"table": table, "reason": history.reason, "revision": revision, "set_": set_}
    # In one go: a reason may hold the name of a place, as ":table".
    begin = re.sub(rf":({'|'.join(values)})\b", lambda place: _quoted(values[place[1]]), BEGIN.text)
    tell = f"SELECT set_config('{CHANGE_SET}', id::text, false) FROM begun"  # noqa: S608 - our own names
    return f"WITH begun AS ({begin.strip()}) {tell}"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def columns(set_: str) -> list[str]:
    """The columns that an UPDATE sets, from its words: those before an equals sign outside of brackets and literals."""
    depth, parts, start = 0, [], 0
    plain = re.sub(r"'(?:[^']|'')*'", lambda literal: "x" * len(literal[0]), set_)
    for place, sign in enumerate(plain):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append(set_[start:place])
            start = place + 1
    named = [COLUMN.match(part) for part in (*parts, set_[start:])]
    return [name[1] for name in named if name]


def _setting(
    connection: Connection, table: str, set_: str, history: Provenance, context: Any
) -> tuple[str, str]:
    revision = str(context.config.attributes.get("revision", "")) if context.config else ""
    if isinstance(history, Silently):
        names = columns(set_)
        if not connection.scalar(IS_OWNER, {"table": table}):
            raise Failure("MIG-SAFE-16", table=table)
        if connection.scalar(IS_HELD, {"table": table, "names": names}):
            raise Failure("MIG-REV-07", table=table, columns=", ".join(names))
        if context.config:
            context.config.attributes.setdefault("silent", []).append(f"{table}.{','.join(names)}")
        return SILENT, ",".join(names)
    known = {"table": table, "reason": history.reason, "revision": revision, "set_": set_}
    number = connection.scalar(BEGUN, {"revision": revision}) or connection.scalar(BEGIN, known)
    return CHANGE_SET, str(number)


def _tell(connection: Connection, name: str, value: str) -> None:
    connection.execute(text("SELECT set_config(:name, :value, false)"), {"name": name, "value": value})


def _count(connection: Connection, table: str, number: str) -> None:
    counted = (
        f"SELECT count(*) FROM {table} WHERE change_set_id = :number"  # noqa: S608 - a revision's own words
    )
    rows = connection.scalar(text(counted), {"number": int(number)})
    update = text(
        "UPDATE change_sets SET counts = jsonb_build_object('updated', CAST(:rows AS bigint)) WHERE id = :number"
    )
    connection.execute(update.bindparams(rows=rows, number=int(number)))
