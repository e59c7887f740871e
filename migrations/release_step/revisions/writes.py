"""What a statement writes into rows, wherever in it that stands: in front, in a WITH, in a block of PL/pgSQL."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrations.release_step.revisions import clauses, statements
from migrations.release_step.revisions.statements import NAME

# The release step's own record and its backfills: what these do is known.
OWN_TABLE = "alembic_version"
WRITES = (
    (
        "UPDATE",
        re.compile(rf"\bUPDATE (?:ONLY )?{NAME}(?: \*)?(?: AS)?(?: (?!SET\b)\w+)? SET\b", re.IGNORECASE),
    ),
    ("DELETE", re.compile(rf"\bDELETE FROM (?:ONLY )?{NAME}", re.IGNORECASE)),
    ("MERGE", re.compile(rf"\bMERGE INTO (?:ONLY )?{NAME}", re.IGNORECASE)),
    ("COPY", re.compile(rf"\bCOPY {NAME}(?: ?\([^)]*\))? FROM\b", re.IGNORECASE)),
)
INSERT = re.compile(rf"\bINSERT INTO {NAME}(?P<rest>.*)", re.IGNORECASE)
TRUNCATE = re.compile(
    r"\bTRUNCATE (?:TABLE )?(?P<names>[^;]+?)(?: (?:RESTART|CONTINUE) IDENTITY)?(?: CASCADE| RESTRICT)?$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Write:
    """Rows of one table that are written: how."""

    verb: str
    table: str


def of(sql: str) -> Iterator[Write]:
    """Every write but that of single rows by their values."""
    body = clauses.body(sql)
    text = (
        clauses.plain(sql)
        if body is None
        else "; ".join(clauses.plain(one.sql) for one in statements.split(body))
    )
    if body is None and re.match(r"(?:CREATE|ALTER|GRANT|REVOKE|COMMENT|DROP)\b", text, re.IGNORECASE):
        return
    for verb, pattern in WRITES:
        for match in pattern.finditer(text):
            merged = verb == "MERGE" and re.search(r"\bTHEN DELETE\b", text, re.IGNORECASE)
            yield Write("DELETE" if merged else verb, statements.bare(match[1]))
    for match in INSERT.finditer(text):
        if re.search(r"\b(?:SELECT|TABLE)\b", match["rest"], re.IGNORECASE):
            yield Write("INSERT", statements.bare(match[1]))
    for piece in [text] if body is None else text.split(";"):
        if truncated := TRUNCATE.search(piece.strip()):
            for name in clauses.parts(truncated["names"]):
                yield Write("TRUNCATE", statements.bare(name.removeprefix("ONLY ").rpartition(".")[2]))
