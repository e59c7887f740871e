"""A list as it was known on a day: of each statement what had been announced by then, and nothing that came later.

Documents that were withdrawn are left out, with what is laid over them, but on days on which nobody knew that yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from webapp.models.filing import Filing
from webapp.models.financial_statement import IDENTITY, FinancialStatement
from webapp.rules import filing, statement
from webapp.words import formatters
from webapp.words.speech import Speech

# Names in an address, and which of the revisions known by then is shown.
KNOWN_ON, REVISIONS = "known_on", "revisions"
NAMES = (KNOWN_ON, REVISIONS)
LATEST, ORIGINAL = "latest", "original"


@dataclass(frozen=True, slots=True)
class Known:
    """By which day, the end of which counts (None: today), and whether the latest or the first is shown."""

    on: date | None
    which: str = LATEST

    def pairs(self) -> list[tuple[str, str]]:
        """As an address says it."""
        pairs = [] if self.on is None else [(KNOWN_ON, self.on.isoformat())]
        return pairs if self.which == LATEST and pairs else [*pairs, (REVISIONS, self.which)]

    def in_words(self, speech: Speech) -> str:
        """As people read it."""
        first = speech.gettext("as first filed") if self.which == ORIGINAL else ""
        said = formatters.day(self.on, speech)
        day = "" if said is None else speech.gettext("as known on %(day)s", day=said)
        return " ".join(filter(None, (day, first))) or speech.gettext("latest revisions")


def read(address: Mapping[str, str]) -> tuple[Known | None, tuple[tuple[str, str], ...]]:
    """What an address says of knowledge, and what of it is not understood."""
    day, which = (address.get(name, "").strip() for name in NAMES)
    if which not in ("", LATEST, ORIGINAL):
        return None, ((REVISIONS, which),)
    if not day:
        return (Known(None, which) if which else None), ()
    try:
        return Known(date.fromisoformat(day), which or LATEST), ()
    except ValueError:
        return None, ((KNOWN_ON, day),)


def of_statements(known: Known) -> ColumnElement[bool]:
    """Whether a statement is the one of its identity that was known then."""
    other = aliased(FinancialStatement)
    own = FinancialStatement
    same = and_(*(getattr(other, name) == getattr(own, name) for name in IDENTITY))
    ranks = [tuple_(one.announced_at, one.revision_no) for one in (other, own)]
    is_nearer = ranks[0] > ranks[1] if known.which == LATEST else ranks[0] < ranks[1]
    return and_(_was_there(own, known), ~exists().where(same, is_nearer, _was_there(other, known)))


def _was_there(row: type[FinancialStatement], known: Known) -> ColumnElement[bool]:
    gone = _withdrawn_by(known)
    announced: ColumnElement[bool] = row.announced_at.is_not(None)
    if known.on is not None:
        announced = row.announced_at <= statement.end_of(known.on)
    own = or_(row.filing_doc_id.is_(None), ~exists().where(Filing.doc_id == row.filing_doc_id, gone))
    return and_(announced, own, or_(row.based_on_id.is_(None), ~_rests_on(row, gone)))


def _withdrawn_by(known: Known) -> ColumnElement[bool]:
    gone: ColumnElement[bool] = Filing.withdrawal_status != filing.STANDING
    if known.on is None:
        return gone
    # A row of the register that says withdrawn has the time at which the office edited it.
    at = func.coalesce(Filing.withdrawn_at, Filing.edited_at)
    return and_(gone, or_(at.is_(None), at <= statement.end_of(known.on)))


def rests_on_withdrawn(row: type[FinancialStatement]) -> ColumnElement[bool]:
    """Whether a statement is laid over one, in however many steps, whose document was withdrawn."""
    return _rests_on(row, _withdrawn_by(Known(None)))


def _rests_on(row: type[FinancialStatement], gone: ColumnElement[bool]) -> ColumnElement[bool]:
    base, next_one = aliased(FinancialStatement), aliased(FinancialStatement)
    first = select(base.id, base.filing_doc_id, base.based_on_id).where(base.id == row.based_on_id)
    below = first.correlate(row).cte("below", recursive=True, nesting=True)
    further = select(next_one.id, next_one.filing_doc_id, next_one.based_on_id)
    below = below.union(further.join(below, next_one.id == below.c.based_on_id))
    return (
        select(below.c.id)
        .join(Filing, Filing.doc_id == below.c.filing_doc_id)
        .where(gone)
        .correlate(row)
        .exists()
    )
