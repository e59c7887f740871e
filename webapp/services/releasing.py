"""Whether the database is at the revision that this code needs; while it is not, nothing is written."""

import time
from dataclasses import dataclass
from functools import cache
from typing import Literal
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from migrations.release_step.database import ledger
from migrations.release_step.revisions import shipped as revision_files
from webapp import db, sqlstates
from webapp.rules.findings import Finding

RECORDED = text("SELECT version_num FROM alembic_version ORDER BY version_num")
# How the release step calls a database that no release has visited.
NOTHING = "base"
# A schema that fits stays so unless somebody downgrades it; one that does not is waited for.
SECONDS_TRUSTED = {True: 5.0, False: 1.0}

Place = Literal["level", "ahead", "behind", "unknown"]


@dataclass(frozen=True, slots=True)
class Shipped:
    """The revisions that this code was shipped with, and the newest of them."""

    wanted: str
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the database is, seen from this code. `found` is None before the first release."""

    wanted: str
    found: str | None
    place: Place

    @property
    def is_fit(self) -> bool:
        """Level, or ahead: old processes serve until those of a newer release have replaced them."""
        return self.place in ("level", "ahead")

    @property
    def finding(self) -> Finding:
        """What to tell whoever wanted to write."""
        facts = {"found": self.found or NOTHING, "wanted": self.wanted}
        if self.place == "unknown":
            return Finding(
                None,
                "The database is at %(found)s, which this code does not know; it needs %(wanted)s.",
                facts,
            )
        return Finding(None, "The database is at %(found)s, this code needs %(wanted)s.", facts)


class Unreleased(Exception):
    """Nothing may be written now; the message says where the database is and where it should be."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(str(standing.finding))
        self.standing = standing


_seen: WeakKeyDictionary[Engine, tuple[float, Standing]] = WeakKeyDictionary()


def require() -> None:
    """Raise Unreleased where the database is not fit. For entrances only: it ends the session's transaction."""
    if not (now := standing()).is_fit:
        raise Unreleased(now)


def standing() -> Standing:
    """Where the database was seen some seconds ago at most; ends the session's transaction when it looks."""
    engine = db.session.get_bind().engine
    until, known = _seen.get(engine, (0.0, None))
    if known is not None and time.monotonic() < until:
        return known
    state = look()
    _seen[engine] = (time.monotonic() + SECONDS_TRUSTED[state.is_fit], state)
    return state


def forget() -> None:
    """Look again next time."""
    _seen.clear()


def look() -> Standing:
    """Where the database is now; ends the session's transaction."""
    try:
        recorded = tuple(db.session.scalars(RECORDED))
        return Standing(shipped().wanted, ", ".join(recorded) or None, _place(recorded))
    except ProgrammingError as error:
        if sqlstates.of(error) != sqlstates.UNDEFINED_TABLE:
            raise
        return Standing(shipped().wanted, None, "behind")  # no release step has visited this database
    finally:
        db.roll_back()


def _place(recorded: tuple[str, ...]) -> Place:
    code = shipped()
    if recorded == (code.wanted,):
        return "level"
    if not recorded or code.known.issuperset(recorded):
        return "behind"
    # A newer release leaves a list of its revisions in the database; this code's newest is among them.
    left = ledger.read(db.session.connection())
    is_ahead = len(recorded) == 1 and ledger.newer_than(left, code.wanted, recorded[0]) is not None
    return "ahead" if is_ahead else "unknown"


@cache
def shipped() -> Shipped:
    """As of the first call: files that change under a running process are not its code."""
    code = revision_files.read()
    assert code is not None
    assert len(code.heads) == 1
    return Shipped(code.heads[0], frozenset(code.files))
