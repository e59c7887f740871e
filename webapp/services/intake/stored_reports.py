"""Reports whose zips are stored, read again where somebody asks: 12 ms each, so that there is no table of facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import select

from webapp import db
from webapp.files.apart import calling as apart
from webapp.files.edinet import document, mapping, statements
from webapp.files.edinet import filing as edinet
from webapp.files.edinet.document import Document
from webapp.files.rows import WrongFile
from webapp.models.filing import Filing
from webapp.models.import_file import ImportFile
from webapp.rules import filing as rules
from webapp.services.changes import file_bytes


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


@dataclass(frozen=True, slots=True)
class Became:
    """One of our fields that a fact became: of which period, scope and standard.

    `column` is own, before or year_end: the filing's own period, the months a year before, the last year-end.
    """

    column: str
    scope: str
    accounting_standard: str
    field: str


class Facts:
    """The facts of a stored report in the filer's order, and what each became by the newest mapping."""

    def __init__(self, report: Document) -> None:
        self.document = report

    @cached_property
    def became(self) -> Mapping[tuple[str, str], list[Became]]:
        """Our fields by element and context; a fact that became nothing is not in it."""
        fields: dict[tuple[str, str], list[Became]] = {}
        columns = {
            "own": statements.read,
            "before": statements.year_before,
            "year_end": statements.last_year_end,
        }
        for column, read in columns.items():
            for statement in read(self.document):
                for name, place in statement.places.items():
                    became = Became(column, statement.scope, statement.accounting_standard, name)
                    for element in place["element"].split(mapping.PLUS):
                        fields.setdefault((element, place["context"]), []).append(became)
        return fields


def facts(doc_id: str) -> Facts | None:
    """The facts of a document whose zip is stored. Raises WrongFile where it cannot be read any more."""
    zipped = content(doc_id)
    return None if zipped is None else Facts(document.read(zipped))
