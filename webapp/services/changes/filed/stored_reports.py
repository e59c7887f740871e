"""Reports whose zips are stored, read again where somebody asks: 12 ms each, so that there is no table of facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select

from webapp import db
from webapp.files.apart import calling as apart
from webapp.files.edinet import filed_facts as reports
from webapp.files.edinet import filing as edinet
from webapp.files.edinet.filed_facts import FiledFacts
from webapp.files.rows import WrongFile
from webapp.models.filing import Filing
from webapp.models.import_file import ImportFile
from webapp.rules import filing as rules
from webapp.services.changes import file_bytes

# Whoever looks at a report follows many of its figures; one of 2,000 facts takes a megabyte.
KEPT = 8


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What is stored of a document beside its zip."""

    doc_id: str
    company_id: int
    document_type: str
    submitted_at: datetime
    stands: bool

    @property
    def is_amendment(self) -> bool:
        """Whether it is a 訂正報告書, by its 書類種別コード."""
        return int(self.document_type) % edinet.AMENDED != 0


def documents(doc_ids: Iterable[str]) -> Mapping[str, StoredDocument]:
    """What is stored of these documents, by id."""
    rows = select(
        Filing.doc_id,
        Filing.company_id,
        Filing.document_type,
        Filing.submitted_at,
        (Filing.withdrawal_status == rules.STANDING).label("stands"),
    ).where(Filing.doc_id.in_(set(doc_ids)))
    return {row.doc_id: StoredDocument(*row) for row in db.session.execute(rows)}


def content(doc_id: str) -> bytes | None:
    """The zip of a document, None where it is not stored."""
    file = db.session.scalar(
        select(ImportFile).join(Filing, Filing.file_hash == ImportFile.sha256).where(Filing.doc_id == doc_id)
    )
    return None if file is None else file_bytes.content_of(file)


def _read(zipped: bytes, doc_id: str) -> edinet.Filing:
    report = apart.read(edinet.read, zipped, f"{doc_id}.zip")
    assert isinstance(report, edinet.Filing)
    return report


@dataclass(slots=True)
class Reader:
    """Reads each stored report once; None where its zip is not stored, or cannot be read any more."""

    read_before: dict[str, edinet.Filing | None] = field(default_factory=dict)

    def report(self, doc_id: str) -> edinet.Filing | None:
        """The report of a document."""
        if doc_id not in self.read_before:
            zipped = content(doc_id)
            try:
                report = None if zipped is None else _read(zipped, doc_id)
            except WrongFile:
                report = None
            self.read_before[doc_id] = report
        return self.read_before[doc_id]


def filed_facts(doc_id: str) -> FiledFacts | None:
    """A document with all its facts; None where its zip is not stored, or cannot be read any more."""
    stored = select(ImportFile.sha256).join(Filing, Filing.file_hash == ImportFile.sha256)
    file_hash = db.session.scalar(
        stored.where(Filing.doc_id == doc_id, ImportFile.bytes_dropped_at.is_(None))
    )
    if file_hash is None:
        return None
    try:
        return facts_in(doc_id, file_hash)
    except (WrongFile, LookupError):
        return None


@lru_cache(maxsize=KEPT)
def facts_in(doc_id: str, _file_hash: str) -> FiledFacts:
    """The facts in the zip of this hash, which are the same for ever."""
    zipped = content(doc_id)
    if zipped is None:
        raise LookupError(doc_id)
    report = apart.read(reports.read, zipped, f"{doc_id}.zip")
    assert isinstance(report, FiledFacts)
    return report
