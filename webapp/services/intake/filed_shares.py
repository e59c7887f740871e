"""How many shares filers had when their fiscal years ended: rows of shares_outstanding, as annual reports count them.

Of several reports on one day that counts which was submitted last, in whatever order they come. Interim reports print
their own shares as of an earlier record date, and are not asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.files.edinet import periods
from webapp.files.edinet.filing import Filing as Report
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.rules import shares as rules
from webapp.services.changes.filed import stored_figures, stored_reports
from webapp.services.changes.filed.stored_reports import StoredDocument
from webapp.services.changes.following import share_counts, stewards_words
from webapp.services.changes.following.share_counts import COUNTED, FILED
from webapp.services.changes.proposals import Wish
from webapp.services.changes.row_codec import Key

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Count:
    """The shares that one document counts."""

    document: StoredDocument
    values: Row
    line: int | None


def wishes(reports: Iterable[Report], documents: Mapping[str, StoredDocument]) -> Iterator[Wish]:
    """The counts of these reports, where no later document has counted the same day."""
    counts: dict[Key, Count] = {}
    for report in sorted(reports, key=lambda report: _order(documents[report.doc_id])):
        count = _of(report, documents[report.doc_id])
        if count is not None:
            counts[count.document.company_id, report.period.end_on] = count
    stored = share_counts.stored(counts)
    known = stored_reports.documents(filter(None, map(share_counts.document_of, stored.values())))
    by_hand = stewards_words.stewards_values(SharesOutstanding, stored, stored)
    for key, count in counts.items():
        row = stored.get(key)
        before = None if row is None else known.get(share_counts.document_of(row) or "")
        if before is None or _order(before) <= _order(count.document):
            values = _beside(by_hand.get(key, {}), count.values)
            yield share_counts.wish(key, values, row, count.line)


def _beside(by_hand: Row, values: Row) -> Row:
    """The whole count; where a steward has counted otherwise, just what is said against that: a count is one thing."""
    against = {name for name in by_hand if name in COUNTED and by_hand[name] != values[name]}
    return {name: values[name] for name in against} if against else values


def _of(report: Report, document: StoredDocument) -> Count | None:
    """All statements of a report say the same of its shares, which are the company's and of no scope."""
    if report.period.type != periods.YEARLY:
        return None
    for statement in report.rows:
        issued, treasury = map(stored_figures.typed(statement).get, FILED)
        # A count that contradicts itself is none, and keeps no statement out.
        if issued is not None and not any(rules.check({"issued": issued, "treasury": treasury})):
            return Count(document, share_counts.by(document.doc_id, issued, treasury), statement.line)
    return None


def _order(document: StoredDocument) -> tuple[Any, ...]:
    return document.submitted_at, document.doc_id
