"""EDINET's daily lists of documents, over the stored filings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.files import edinet_documents, looking
from webapp.files.edinet import register_persons
from webapp.files.edinet_documents import BARE, FUND, OTHER, WITHDRAWN, RegisterEntry
from webapp.files.rows import MasterList
from webapp.label import Label
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.rules import change
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.companies import known_before
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.merging import Merge

# Why rows are left as they are, or are taken as updates.
UNKNOWN_FILER = "unknown_filer"
NOT_STORED = "about_a_document_not_stored"
EARLIER = "earlier_than_what_is_stored"
LISTED_AGAIN, STATE = "listed_again", "withdrawn_or_closed_to_the_public"


@dataclass(slots=True)
class _Document:
    """What is stored of a document, and what the rows want of it."""

    stored: Mapping[str, Any]
    wanted: dict[str, Any] = field(default_factory=dict)
    line: int = 0
    is_told_of: bool = False

    def value(self, name: str) -> Any:
        """As it would be once the rows so far are written."""
        return self.wanted[name] if name in self.wanted else self.stored.get(name)

    def is_past(self, entry: RegisterEntry) -> bool:
        """Whether the office has edited the document after what the row tells."""
        edited_at = self.value("edited_at")
        return edited_at is not None and entry.told_at < edited_at

    def take(self, entry: RegisterEntry, **more: Any) -> None:
        values = {**entry.values, **more}
        # What is withdrawn stays withdrawn: a later edit of its row says nothing of that.
        if self.value("withdrawal_status") == WITHDRAWN:
            values.pop("withdrawal_status", None)
        self.wanted |= values
        self.line, self.is_told_of = entry.line, True


def stored(listing: MasterList[RegisterEntry]) -> Stored:
    """The stored filings of which the days tell."""
    table = row_codec.table_of(Filing)
    told_of = table.c.doc_id.in_({entry.doc_id for entry in listing.rows})
    rows = db.session.execute(select(table).where(told_of)).mappings()
    return {(row["doc_id"],): {str(name): value for name, value in row.items()} for row in rows}


def merge(listing: MasterList[RegisterEntry], stored: Stored) -> Merge:
    """The documents of the days over the stored filings, in the order in which the office told of them.

    A document that is listed again, withdrawn or closed to the public is an update. A filer that has no row here is
    counted and never made; a parent need not be stored. A blank is no news.
    """
    merging = Merge()
    rows = db.session.execute(select(Company.edinet_code, Company.id).where(Company.edinet_code.is_not(None)))
    companies: dict[str | None, int] = dict(known_before.by_code("edinet_code").items())
    companies.update(rows.all())
    documents = {str(values["doc_id"]): _Document(values) for values in stored.values()}
    for entry in sorted(listing.rows, key=lambda entry: (entry.told_at, entry.line)):
        _take(entry, documents, companies, merging)
    told_of = (document for document in documents.values() if document.is_told_of)
    merging.wishes += map(_wish, sorted(told_of, key=lambda document: document.line))
    return merging


def _take(
    entry: RegisterEntry, documents: dict[str, _Document], companies: Mapping[str | None, int], merging: Merge
) -> None:
    company = {"company_id": companies.get(entry.edinet_code)} if entry.edinet_code else {}
    if entry.is_listing and company["company_id"] is None:
        merging.left_alone[UNKNOWN_FILER] += 1
        return
    document = documents.get(entry.doc_id)
    if document is None and not entry.is_listing:
        merging.left_alone[NOT_STORED] += 1
        return
    if document is None:
        document = documents[entry.doc_id] = _Document({})
    elif document.is_past(entry) and entry.values.get("withdrawal_status") != WITHDRAWN:
        merging.left_alone[EARLIER] += 1
        return
    if document.is_told_of:
        merging.repeated[LISTED_AGAIN if entry.is_listing else STATE] += 1
    document.take(entry, **company)


def _wish(document: _Document) -> Wish:
    if not document.stored:
        return Wish(Filing, change.CREATE, document.wanted, line=document.line)
    return Wish(Filing, change.UPDATE, document.wanted, (document.stored["doc_id"],), line=document.line)


KIND = ImportKind(
    name="edinet-documents",
    label=Label("EDINET書類一覧", "EDINET list of documents"),
    source="出典：EDINET閲覧（提出）サイト 書類一覧",
    model=Filing,
    recognises=edinet_documents.is_begun_by,
    read=edinet_documents.read,
    headings_at=looking.headings_in_front,
    may_show=register_persons.is_no_persons,
    without_persons=register_persons.without,
    stored=stored,
    merge=merge,
    words={
        FUND: Label("ファンド（特定有価証券）", "fund"),
        OTHER: Label("対象外の書類種別", "other kind of document"),
        BARE: Label("閲覧期間の満了などで内容のない行", "row without content, no longer open to the public"),
        UNKNOWN_FILER: Label("登録のない提出者", "filer that is not known here"),
        NOT_STORED: Label(
            "登録のない書類の取下げ・不開示など", "withdrawal or other state of a document that is not stored"
        ),
        EARLIER: Label("登録済みの内容より前の情報", "earlier than what is stored"),
        LISTED_AGAIN: Label("同じ書類の再掲", "document listed again"),
        STATE: Label("取下げ・不開示など", "withdrawn, or closed to the public"),
    },
    is_list=False,
    is_of_days=True,
)
