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
from webapp.files.edinet.summaries import Summarised
from webapp.files.rows import MasterList, WrongFile, shown

# EDINET names a download by its 書類管理番号; what browsers add stands behind it.
NAMED = re.compile(r"(S[0-9A-Z]{7})(?![0-9A-Z])")
ANNUAL, QUARTERLY, HALF_YEARLY = 120, 140, 160
# 訂正報告書: the base plus 10.
AMENDING, AMENDED = 10, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing(MasterList[Statement]):
    """The statements of one document, and what it says beside them of the months and the year-end before.

    `is_day_known`: the file says on which day it was submitted; where not, only the register can. `parent_doc_id` is
    the document that it amends. `before` are of `period_before`, the same months a year before;
    `at_year_end` of an interim report of the end of the last fiscal year. `sha256` is that of the zip; `lines`: how
    many its facts take. `unmapped`: where its `taxonomy` is of a year that the mapping does not know, the elements
    that became none of our fields. `lacks_own`: it has no statement of the scope and standard that its DEI names;
    `leaves_out_before`: what it says of the year before, whose days in the DEI cannot be. `summarised`: what its
    summary says beside its statements.
    """

    doc_id: str
    is_day_known: bool
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
    lacks_own: bool
    leaves_out_before: bool
    summarised: Sequence[Summarised] = ()

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
    period, submitted_on = periods.period(report), _submitted_on(report)
    rows = statements.read(report)
    taxonomy = periods.taxonomy(period)
    before = periods.year_before(report)
    is_known = taxonomy <= mapping.NEWEST_TAXONOMY[mapping.VERSION]
    return Filing(
        # No report is of before its cover's day, or the end of its period.
        as_of_on=submitted_on or _day_of_cover(report) or period.end_on,
        is_day_known=submitted_on is not None,
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
        period_before=before,
        before=statements.year_before(report) if before is not None else (),
        at_year_end=statements.last_year_end(report) if before is not None else (),
        lacks_own=not any(statements.is_own(report, row) for row in rows),
        leaves_out_before=before is None and report.said("PreviousFiscalYearEndDateDEI") is not None,
        summarised=statements.summarised(report),
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
    return report.flag("AmendmentFlagDEI") is True


def _amended(report: Document) -> str | None:
    doc_id = report.said("IdentificationOfDocumentSubjectToAmendmentDEI") or ""
    return doc_id if _is_amendment(report) and NAMED.fullmatch(doc_id) else None


def _submitted_on(report: Document) -> date | None:
    """The day in the name of the file in the zip, else the cover's: that of an amendment is the original's."""
    if report.submitted_on is not None:
        return report.submitted_on
    return None if _is_amendment(report) else _day_of_cover(report)


def _day_of_cover(report: Document) -> date | None:
    cover = next((fact.value for fact in report.facts if fact.element == "jpcrp_cor:FilingDateCoverPage"), "")
    try:
        return date.fromisoformat(cover)
    except ValueError:
        return None
