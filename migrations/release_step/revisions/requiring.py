"""What a revision asks of the rows before it begins: requires = ["no row of companies where name_ja IS NULL"].

Counted in a transaction that may only read; a script for psql counts in a block of its own in front of the revision.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from alembic.script import Script
from sqlalchemy import Connection, text

from migrations.release_step.revisions import statements
from migrations.release_step.telling.failures import Failure

SENTENCE = re.compile(r"no row of (?P<table>[a-z_][a-z0-9_]*)(?: where (?P<condition>.+))?", re.DOTALL)
GUARD = """DO $requires$
DECLARE
    number bigint := ({count});
BEGIN
    IF number > 0 THEN
        RAISE EXCEPTION '%', format('MIG-STATE-13: {revision} requires %s, and there are %s', '{sentence}', number);
    END IF;
END
$requires$ {ours};
"""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A sentence, and what counts the rows that break it."""

    sentence: str
    count: str


def written(script: Script) -> list[Any]:
    """What stands in the revision, whatever it is."""
    found = getattr(script.module, "requires", [])
    return list(found) if isinstance(found, list | tuple) else [found]


def of_revision(script: Script) -> Iterator[Requirement]:
    """The revision's requirements that can be read; the lint refuses the others."""
    for sentence in written(script):
        if (one := read(sentence)) is not None:
            yield one


def read(sentence: Any) -> Requirement | None:
    """None where it is no sentence of this form, or more than one condition of one statement."""
    match = SENTENCE.fullmatch(sentence.strip()) if isinstance(sentence, str) else None
    if match is None or len(list(statements.split(f"SELECT {match['condition']}"))) > 1:
        return None
    condition = f" WHERE ({match['condition']})" if match["condition"] else ""
    count = f"SELECT count(*) FROM {match['table']}{condition}"  # noqa: S608 - a revision's own words
    return Requirement(" ".join(sentence.split()), count)


def require(connection: Connection, script: Script) -> None:
    """Raise for the first requirement that rows break; leaves no transaction open."""
    for one in of_revision(script):
        connection.execute(text("SET TRANSACTION READ ONLY"))
        number = connection.exec_driver_sql(one.count.replace("%", "%%")).scalar_one()
        connection.rollback()
        if number:
            raise Failure("MIG-STATE-13", revision=script.revision, sentence=one.sentence, count=number)


def guards(script: Script) -> str:
    """The same for psql."""
    return "".join(
        GUARD.format(
            count=one.count,
            revision=script.revision,
            sentence=one.sentence.replace("'", "''"),
            ours=statements.OURS,
        )
        for one in of_revision(script)
    )
