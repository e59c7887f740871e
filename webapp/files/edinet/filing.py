"""One filing, as a document of EDINET's that is imported: which document it is, and the statements in it. Pure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from webapp.files.edinet import document, mapping, periods, statements
from webapp.files.edinet.document import Document
from webapp.files.edinet.periods import Period
from webapp.files.edinet.statements import Statement
from webapp.files.rows import MasterList, WrongFile, shown

# EDINET names a download by its 書類管理番号; what browsers add stands behind it.
NAMED = re.compile(r"(S[0-9A-Z]{7})(?![0-9A-Z])")
ANNUAL, QUARTERLY, HALF_YEARLY = 120, 140, 160
# 訂正報告書: the base plus 10.
AMENDING, AMENDED = 10, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing(MasterList[Statement]):
    """The statements of one document, and what it says beside them of the months and the year-end before.

    `parent_doc_id` is the document that it amends. `before` are of `period_before`, the same months a year before;
    `at_year_end` of an interim report of the end of the last fiscal year. `sha256` is that of the zip; `lines`: how
    many its facts take. `unmapped`: where its `taxonomy` is of a year that the mapping does not know, the elements
    that became none of our fields.
    """

    doc_id: str
    sha256: str
    lines: int
    edinet_code: str
    filer_name: str
    document_type: str
    parent_doc_id: str | None
    period: Period
    taxonomy: int
    unmapped: Sequence[str]
    period_before: Period | None
    before: Sequence[Statement]
    at_year_end: Sequence[Statement]

    @property
    def is_amendment(self) -> bool:
        """Whether it is a 訂正報告書."""
        return int(self.document_type) % AMENDED != 0


def read(content: bytes, name: str) -> Filing:
    """The filing in a zip of type 5 whose name begins with its document id; raises WrongFile."""
    return of_document(document.read(content), content, name)


def of_document(report: Document, content: bytes, name: str) -> Filing:
    """The filing that a document is, with the zip and its name; raises WrongFile."""
    named = NAMED.match(name)
    if named is None:
        raise WrongFile(
            expected="a file name that begins with the document id, such as S100TVD7.zip",
            found="the name %(name)s",
            name=shown(name),
        )
    rows, period = statements.read(report), periods.period(report)
    taxonomy = periods.taxonomy(period)
    is_known = taxonomy <= mapping.NEWEST_TAXONOMY[mapping.VERSION]
    return Filing(
        as_of_on=_submitted_on(report),
        rows=rows,
        bad_rows=(),
        left_out={},
        total_rows=len(rows),
        encoding="utf-16",
        doc_id=named[1],
        sha256=hashlib.sha256(content).hexdigest(),
        lines=report.facts[-1].line,
        edinet_code=shown(report.said("EDINETCodeDEI") or "－"),
        filer_name=shown(report.said("FilerNameInJapaneseDEI") or ""),
        document_type=document_type(report),
        parent_doc_id=_amended(report),
        period=period,
        taxonomy=taxonomy,
        unmapped=() if is_known else statements.unmapped(report),
        period_before=periods.year_before(report),
        before=statements.year_before(report),
        at_year_end=statements.last_year_end(report),
    )


def document_type(report: Document) -> str:
    """The 書類種別コード, which stands in the register alone: by the report's name and the DEI."""
    kind = report.said("TypeOfCurrentPeriodDEI")
    if kind == "FY":
        base = ANNUAL
    elif kind == "HY" or report.report == "ssr":
        base = HALF_YEARLY
    else:
        base = QUARTERLY
    return str(base + (AMENDING if _is_amendment(report) else 0))


def _is_amendment(report: Document) -> bool:
    return report.said("AmendmentFlagDEI") == "true"


def _amended(report: Document) -> str | None:
    doc_id = report.said("IdentificationOfDocumentSubjectToAmendmentDEI") or ""
    return doc_id if _is_amendment(report) and NAMED.fullmatch(doc_id) else None


def _submitted_on(report: Document) -> date:
    """The day in the name of the file in the zip, else the cover's: that of an amendment is the original's."""
    if report.submitted_on is not None:
        return report.submitted_on
    for fact in report.facts:
        if fact.element == "jpcrp_cor:FilingDateCoverPage" and not _is_amendment(report):
            try:
                return date.fromisoformat(fact.value)
            except ValueError:
                break
    raise WrongFile(expected="the day of submission in the name of the file in the zip", found="no day")
