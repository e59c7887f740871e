"""The chain of a statement's revisions as people read it, each with its document."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import Column

from webapp.lists.knowledge import Known
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import statement
from webapp.screens.record.screen import RecordScreen
from webapp.screens.statements.sheet import periods
from webapp.screens.statements.sheet.figure_rows import COLUMNS
from webapp.screens.statements.sheet.periods import Revision
from webapp.web.speaking import speech
from webapp.words import formatters, labels
from webapp.words.speech import Speech


class Shown(NamedTuple):
    """A revision: its number, class and moment in words, its document, and what else is to be said of it."""

    number: int
    kind: str
    announced: str | None
    address: str
    doc_id: str | None
    doc_address: str | None
    notes: list[str]
    is_here: bool


def of(
    screen: RecordScreen, row: FinancialStatement, here: FinancialStatement | None, known: Known | None
) -> list[Shown]:
    """The chain to which a statement belongs; `here` is the revision that the page shows."""
    spoken, document = speech(), _documents(screen)
    return [
        Shown(
            number=one.revision_no,
            kind=kind_of(one.revision_type, spoken),
            announced=_announced(one, spoken),
            address=f"{screen.start}details/?id={one.id}",
            doc_id=one.doc_id,
            doc_address=document(one.doc_id),
            notes=list(_notes(one, known, spoken)),
            is_here=here is not None and one.id == here.id,
        )
        for one in periods.revisions_of(row)
    ]


def kind_of(revision_type: str, spoken: Speech) -> str:
    """The class of a revision in a word."""
    return word(COLUMNS["revision_type"], revision_type, spoken)


def word(column: Column[Any], value: Any, spoken: Speech) -> str:
    """A stored word as people read it."""
    return labels.word(column, value, spoken)


def _documents(screen: RecordScreen) -> Callable[[str | None], str | None]:
    """Where documents are shown, for this reader."""
    filings = screen.siblings.get(Filing)
    if filings is None or "details_view" not in filings.allowed():
        return lambda _doc_id: None
    start = f"{filings.start}details/?id="
    return lambda doc_id: None if doc_id is None else start + quote(doc_id)


def _announced(one: Revision, spoken: Speech) -> str | None:
    """The instant where the register says it; of a day alone its last second is no news."""
    if one.announced_on is not None and one.announced_at == statement.end_of(one.announced_on):
        return formatters.day(one.announced_on, spoken)
    return formatters.instant(one.announced_at, spoken)


def _notes(one: Revision, known: Known | None, spoken: Speech) -> Iterable[str]:
    if one.is_current:
        yield spoken.gettext("Current")
    if not one.stands:
        yield spoken.gettext("Withdrawn")
    elif one.rests_on_withdrawn:
        yield spoken.gettext("Laid over what was withdrawn")
    if known is not None and known.on is not None:
        is_later = one.announced_at is None or one.announced_at > statement.end_of(known.on)
        if is_later:
            yield spoken.gettext("Announced later")
