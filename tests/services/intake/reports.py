"""Reports of one filer over several years, for tests to import in any order."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from tests import factories
from tests.factories import AUTHOR
from tests.files.edinet import filings
from tests.files.edinet.filings import Line, flow, stock
from webapp import db
from webapp.files import archives
from webapp.models.change_set import ChangeSet
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Wish
from webapp.services.intake import importing
from webapp.services.intake.importing import Preview, Request

SALES, PROFIT, ASSETS = "jppfs_cor:NetSales", "jppfs_cor:ProfitLoss", "jppfs_cor:Assets"
BEFORE = {"CurrentYearDuration": "Prior1YearDuration", "CurrentYearInstant": "Prior1YearInstant"}


def company() -> Any:
    return factories.company(edinet_code="E00004")


def figures(sales: int, *, profit: int = 5, assets: int = 90) -> list[Line]:
    """Three lines of a year's own columns."""
    return [flow(SALES, sales), flow(PROFIT, profit), stock(ASSETS, assets)]


def before(lines: Sequence[Line]) -> list[Line]:
    """The same lines in the columns of the year before."""
    return [(element, BEFORE[context], unit, value) for element, context, unit, value in lines]


def annual(
    year: int,
    doc_id: str,
    *lines: Line,
    day: str | None = None,
    amends: str | None = None,
    **dei: str,
) -> Preview:
    """What importing the annual report of the year that ends in March would do; `amends` makes it an amendment."""
    return preview(doc_id, zipped_annual(year, *lines, day=day, amends=amends, **dei))


def zipped_annual(
    year: int, *lines: Line, day: str | None = None, amends: str | None = None, **dei: str
) -> bytes:
    """The zip of that report."""
    said = {
        "CurrentFiscalYearStartDateDEI": f"{year - 1}-04-01",
        "CurrentFiscalYearEndDateDEI": f"{year}-03-31",
        "CurrentPeriodEndDateDEI": f"{year}-03-31",
        "PreviousFiscalYearStartDateDEI": f"{year - 2}-04-01",
        "PreviousFiscalYearEndDateDEI": f"{year - 1}-03-31",
        "ComparativePeriodEndDateDEI": f"{year - 1}-03-31",
    }
    if amends is not None:
        said |= {"AmendmentFlagDEI": "true", "IdentificationOfDocumentSubjectToAmendmentDEI": amends}
    return zipped("asr", day or f"{year}-06-27", *lines, **(said | dei))


def interim(year: int, kind: str, doc_id: str, *lines: Line, **dei: str) -> Preview:
    """What importing that of the half-year to September before the fiscal year's end would do."""
    return preview(doc_id, zipped_interim(year, kind, *lines, **dei))


def zipped_interim(year: int, kind: str, *lines: Line, **dei: str) -> bytes:
    """The zip of that report."""
    said = {
        "TypeOfCurrentPeriodDEI": kind,
        "CurrentFiscalYearStartDateDEI": f"{year - 1}-04-01",
        "CurrentFiscalYearEndDateDEI": f"{year}-03-31",
        "CurrentPeriodEndDateDEI": f"{year - 1}-09-30",
        "PreviousFiscalYearStartDateDEI": f"{year - 2}-04-01",
        "PreviousFiscalYearEndDateDEI": f"{year - 1}-03-31",
        "ComparativePeriodEndDateDEI": f"{year - 2}-09-30",
    }
    return zipped("ssr" if kind == "HY" else "q2r", f"{year - 1}-11-10", *lines, **(said | dei))


def zipped(report: str, day: str, *lines: Line, **dei: str) -> bytes:
    name = f"jpcrp030000-{report}-001_E00004-000_2025-03-31_01_{day}.csv"
    return filings.zipped(*lines, dei=dei, name=name)


def preview(doc_id: str, content: bytes) -> Preview:
    return importing.preview(Request("edinet-filing", f"{doc_id}.zip", content, AUTHOR))


def together(zips: Mapping[str, bytes]) -> Preview:
    """What importing these reports at once would do, by document."""
    content = archives.packed({f"{doc_id}.zip": zipped for doc_id, zipped in zips.items()})
    return importing.preview(Request("edinet-filings", "reports.zip", content, AUTHOR))


def take(preview: Preview) -> ChangeSet:
    change_set = importing.submit(preview)
    assert change_set is not None
    importing.confirm(change_set.id, AUTHOR)
    return change_set


def rows(year: int | None = None) -> list[FinancialStatement]:
    """The revisions in the order of their announcement."""
    db.session.expire_all()
    asked = select(FinancialStatement).order_by(
        FinancialStatement.fiscal_year_end_on,
        FinancialStatement.announced_at,
        FinancialStatement.filing_doc_id,
    )
    every = db.session.scalars(asked).all()
    return [row for row in every if year is None or row.fiscal_year_end_on.year == year]


def current(year: int) -> FinancialStatement:
    (row,) = (row for row in rows(year) if row.is_current)
    return row


def edit(row: Any, **values: Any) -> int:
    """A person edits a record; the change set's number."""
    outcome = door.carry(
        [Wish(type(row), "update", values, (getattr(row, "id", None) or row.doc_id,), row.version)],
        factories.intent(),
    )
    assert isinstance(outcome, Applied), outcome
    return outcome.number
