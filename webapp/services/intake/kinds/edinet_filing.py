"""A report filed with EDINET: the filing, its statements, and what it restates of the year before."""

from webapp.files.edinet import document
from webapp.files.edinet import filing as edinet
from webapp.files.edinet.filing import Filing as Report
from webapp.files.edinet.statements import Statement
from webapp.files.rows import MasterList
from webapp.label import Label
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes.proposing import Stored
from webapp.services.intake import filed_reports
from webapp.services.intake.filed_reports import Filed
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.merging import Merge


def stored(report: MasterList[Statement]) -> Stored:
    """The stored statements of the filer around the report."""
    assert isinstance(report, Report)
    return filed_reports.stored([report])


def merge(report: MasterList[Statement], stored: Stored) -> Merge:
    """The document, where it is not stored yet, and its statements among the revisions of each; raises WrongFile."""
    merging = Merge()
    if not report.rows:
        return merging
    assert isinstance(report, Report)
    filed = Filed([report])
    filed.refuse(report)
    filed.merge(stored, merging)
    return merging


KIND = ImportKind(
    name="edinet-filing",
    label=Label("有価証券報告書・四半期報告書・半期報告書", "Annual, quarterly or half-year report"),
    source=filed_reports.SOURCE,
    model=FinancialStatement,
    recognises=document.is_in,
    read=edinet.read,
    stored=stored,
    merge=merge,
    is_list=False,
    beside="edinet-documents",
    keeps_bytes=True,
)
