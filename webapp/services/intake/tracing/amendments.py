"""A stored amendment beside another document of its chain, from both zips."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from webapp import db
from webapp.files.apart import calling as apart
from webapp.files.edinet import amendments
from webapp.files.edinet.amendments import Differences
from webapp.files.rows import WrongFile
from webapp.models.filing import Filing
from webapp.services.changes.filed import stored_reports


@dataclass(frozen=True, slots=True)
class Amendment:
    """A document and one before it in its chain; `differences` are None where the zip of either is not at hand.

    `before` is None where the register has not told of the document that is amended; `others` may be chosen for it.
    `missing` are the documents without a readable zip.
    """

    filing: Filing
    before: Filing | None
    others: Sequence[Filing]
    differences: Differences | None
    missing: Sequence[str]


def of(filing: Filing, before_id: str | None = None) -> Amendment:
    """An amendment beside the document that it amends, or another one of the chain."""
    others = earlier(filing)
    chosen = before_id or filing.parent_doc_id
    before = next((one for one in others if one.doc_id == chosen), None)
    if before is None:
        return Amendment(filing, None, others, None, ())
    zips = {one.doc_id: stored_reports.content(one.doc_id) for one in (before, filing)}
    first, second = zips.values()
    if first is None or second is None:
        return Amendment(
            filing, before, others, None, [name for name, zipped in zips.items() if zipped is None]
        )
    try:
        differences = apart.read(amendments.read, first + second, len(first))
    except WrongFile:
        return Amendment(filing, before, others, None, list(zips))
    assert isinstance(differences, Differences)
    return Amendment(filing, before, others, differences, ())


def earlier(filing: Filing) -> Sequence[Filing]:
    """The documents of its chain that were submitted before it: what it amends, and what had amended that."""
    if filing.parent_doc_id is None:
        return ()
    # Its parent was there before it, whatever is known of the times.
    is_other = (
        (Filing.parent_doc_id == filing.parent_doc_id)
        & (Filing.submitted_at <= filing.submitted_at)
        & (Filing.doc_id != filing.doc_id)
    )
    rows = select(Filing).where(or_(Filing.doc_id == filing.parent_doc_id, is_other))
    return db.session.scalars(rows.order_by(Filing.submitted_at, Filing.doc_id)).all()
