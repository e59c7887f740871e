"""What annual reports count of shares follows their documents, in the same change set.

Where one is withdrawn, the count is that of the last other one that stands; where there is none, there is no count.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select, tuple_

from webapp import db
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.rules import change, filing
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Wish
from webapp.services.changes.row_codec import Key

Row = Mapping[str, Any]
Withdrawn = Mapping[str, bool]
TABLE = row_codec.table_of(SharesOutstanding)
# What is counted, and the figures of a statement that say so.
COUNTED, FILED = ("issued", "treasury"), ("shares_issued", "treasury_share_count")
# What a row names as its source, by which it is known again.
NAMED = "EDINET {}"
BY_DOCUMENT = re.compile(r"EDINET (S[0-9A-Z]{7})")
READ = ("company_id", "period_end_on", "filing_doc_id", *FILED)
# Statements that count shares as their own documents do; what a later one restates counts none.
COUNTING = (
    FinancialStatement.period_type == "FY",
    FinancialStatement.shares_issued.is_not(None),
    FinancialStatement.based_on_id.is_(None),
)


class Counted(NamedTuple):
    """The shares that a document counts, and whether it has stood so far."""

    doc_id: str
    values: Row
    stood: bool


def following(withdrawn: Withdrawn) -> Iterator[tuple[Wish, Row | None]]:
    """The wishes for what documents count that are withdrawn, or stand again, with the stored rows.

    What somebody has counted otherwise than its document stays.
    """
    if not withdrawn:
        return
    documents = _counts(withdrawn)
    rows = stored(documents)
    for key, counts in documents.items():
        row = rows.get(key)
        if row is not None and not _is_as_filed(row, counts):
            continue
        standing = [one for one in counts if _stands(one, withdrawn)]
        if standing:
            yield wish(key, standing[-1].values, row), row
        elif row is not None:
            yield Wish(SharesOutstanding, change.DELETE, {}, key), row


def _is_as_filed(row: Row, counts: Sequence[Counted]) -> bool:
    by_document = next((one.values for one in counts if one.doc_id == document_of(row)), None)
    return by_document is not None and all(row[name] == value for name, value in by_document.items())


def _stands(counted: Counted, withdrawn: Withdrawn) -> bool:
    return counted.stood if counted.doc_id not in withdrawn else not withdrawn[counted.doc_id]


def wish(key: Key, counted: Row, row: Row | None, line: int | None = None) -> Wish:
    """That a day's shares are counted so."""
    if row is not None:
        return Wish(SharesOutstanding, change.UPDATE, counted, key, line=line)
    day = dict(zip(("company_id", "as_of_on"), key, strict=True))
    return Wish(SharesOutstanding, change.CREATE, {**day, **counted}, line=line)


def by(doc_id: str, issued: int, treasury: int | None) -> Row:
    """The fields of a count of this document."""
    return {"issued": issued, "treasury": treasury, "data_source": NAMED.format(doc_id)}


def document_of(row: Row) -> str | None:
    """The document by which a stored row was counted; None where that is another source."""
    named = BY_DOCUMENT.fullmatch(row["data_source"] or "")
    return None if named is None else named[1]


def stored(keys: Collection[Key]) -> Mapping[Key, Row]:
    """The counts of these days that are stored, by key."""
    if not keys:
        return {}
    chosen = select(TABLE).where(tuple_(TABLE.c.company_id, TABLE.c.as_of_on).in_(keys))
    rows = (
        {str(name): value for name, value in row.items()} for row in db.session.execute(chosen).mappings()
    )
    return {row_codec.key_of(SharesOutstanding, row): row for row in rows}


def _counts(withdrawn: Withdrawn) -> Mapping[Key, Sequence[Counted]]:
    """All counts of each day that these documents count, the last submitted last."""
    of = FinancialStatement
    days = select(of.company_id, of.period_end_on).where(of.filing_doc_id.in_(withdrawn), *COUNTING)
    counts = (
        select(*(getattr(of, name) for name in READ), Filing.withdrawal_status)
        .join(Filing, Filing.doc_id == of.filing_doc_id)
        .where(tuple_(of.company_id, of.period_end_on).in_(days), *COUNTING)
        .order_by(Filing.submitted_at, Filing.doc_id)
    )
    by_day: dict[Key, list[Counted]] = {}
    for row in db.session.execute(counts):
        values = by(row.filing_doc_id, row.shares_issued, row.treasury_share_count)
        counted = Counted(row.filing_doc_id, values, row.withdrawal_status == filing.STANDING)
        by_day.setdefault((row.company_id, row.period_end_on), []).append(counted)
    return by_day
