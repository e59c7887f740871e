"""Whether a revision that leaves its transaction can be run again from its start, as one that was killed has to be.

What stands before its last step outside of a transaction is committed without the revision being recorded.
"""

import re
from collections.abc import Iterator, Sequence

from migrations.release_step.revisions import statements
from migrations.release_step.revisions.statements import Statement

UNREPEATABLE = (
    "a killed run would meet it again, and fail for ever; say IF NOT EXISTS, or give it a revision of its own"
)
# What may be said twice: it looks before it does, or there is nothing left for it to do.
TWICE = re.compile(
    r"(?:SET|RESET|SELECT|SHOW|COMMENT ON|ANALYZE|VACUUM|REINDEX|TRUNCATE|DELETE FROM|CREATE OR REPLACE)\b"
    r"|CREATE (?!.*\bCONCURRENTLY\b)[A-Z ]*\bIF NOT EXISTS\b|DROP [A-Z ]*\bIF EXISTS\b"
    r"|ALTER TYPE .*\bADD VALUE IF NOT EXISTS\b|INSERT INTO .*\bON CONFLICT\b"
    # As the helpers for backfills write them.
    r"|DO \$backfill\$|WITH begun AS \(",
    re.IGNORECASE | re.DOTALL,
)
ALTERED = re.compile(
    rf"ALTER TABLE (?:IF EXISTS )?(?:ONLY )?{statements.NAME} (?P<actions>.+)", re.IGNORECASE | re.DOTALL
)
ALTERED_TWICE = re.compile(
    r"ADD COLUMN IF NOT EXISTS\b|DROP (?:COLUMN |CONSTRAINT )?IF EXISTS\b|VALIDATE CONSTRAINT\b|SET \(|RESET \("
    r"|ALTER (?:COLUMN )?\S+ (?:SET|DROP) (?:DEFAULT|NOT NULL)\b",
    re.IGNORECASE,
)
COMMA = re.compile(r",(?![^()]*\))")
CONCURRENTLY = re.compile(
    rf"(?P<verb>CREATE|DROP) (?:UNIQUE )?INDEX CONCURRENTLY (?:IF EXISTS )?{statements.NAME}", re.IGNORECASE
)


def unrepeatable(found: Sequence[Statement]) -> Iterator[str]:
    """Statements of a revision that it could not run a second time, and would have to."""
    outside = [place for place, one in enumerate(found) if not one.is_in_transaction]
    dropped: set[str] = set()
    for one in found[: outside[-1] + 1 if outside else 0]:
        index = CONCURRENTLY.match(one.sql)
        if index and index["verb"].upper() == "DROP":
            dropped.add(index[2])
        elif not (index and index[2] in dropped) and not _may_be_said_twice(one.sql):
            yield one.sql


def _may_be_said_twice(sql: str) -> bool:
    if altered := ALTERED.match(sql):
        return all(ALTERED_TWICE.match(action.strip()) for action in COMMA.split(altered["actions"]))
    return bool(TWICE.match(sql))
