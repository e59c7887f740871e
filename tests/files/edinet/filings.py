"""Small filings as EDINET gives them in CSV, for tests to spoil."""

import io
import zipfile
from collections.abc import Mapping

from webapp.files.edinet import document

NAME = "jpcrp030000-asr-001_E00004-000_2025-03-31_01_2025-06-27.csv"
DEI = {
    "NumberOfSubmissionDEI": "1",
    "EDINETCodeDEI": "E00004",
    "SecurityCodeDEI": "13760",
    "FilerNameInJapaneseDEI": "試験種苗株式会社",
    "AccountingStandardsDEI": "Japan GAAP",
    "WhetherConsolidatedFinancialStatementsArePreparedDEI": "true",
    "IndustryCodeWhenConsolidatedFinancialStatementsArePreparedInAccordanceWithIndustrySpecificRegulationsDEI": "CTE",
    "IndustryCodeWhenFinancialStatementsArePreparedInAccordanceWithIndustrySpecificRegulationsDEI": "CTE",
    "CurrentFiscalYearStartDateDEI": "2024-04-01",
    "CurrentPeriodEndDateDEI": "2025-03-31",
    "TypeOfCurrentPeriodDEI": "FY",
    "CurrentFiscalYearEndDateDEI": "2025-03-31",
    "AmendmentFlagDEI": "false",
    "IdentificationOfDocumentSubjectToAmendmentDEI": "－",
}
HALF = {"TypeOfCurrentPeriodDEI": "HY", "CurrentPeriodEndDateDEI": "2024-09-30"}
PARENT = "_NonConsolidatedMember"

Line = tuple[str, str, str, str]


def flow(element: str, value: object, context: str = "CurrentYearDuration", unit: str = "JPY") -> Line:
    return element, context, unit, str(value)


def stock(element: str, value: object, context: str = "CurrentYearInstant", unit: str = "JPY") -> Line:
    return element, context, unit, str(value)


SALES = flow("jppfs_cor:NetSales", 5_000_000_000)
ASSETS = stock("jppfs_cor:Assets", 9_000_000_000)


def text(*lines: Line, dei: Mapping[str, str] | None = None) -> str:
    """The CSV of a report: headings, DEI, then these facts."""
    said = [
        (f"jpdei_cor:{name}", "FilingDateInstant", "", value)
        for name, value in (DEI | dict(dei or {})).items()
    ]
    rows = [
        (element, "項目", context, "当期", "連結", "期間", unit, "円" if unit else "", value)
        for element, context, unit, value in [*said, *lines]
    ]
    written = [document.HEADINGS, *rows]
    return "\r\n".join("\t".join(f'"{cell}"' for cell in cells) for cells in written) + "\r\n"


def zipped(*lines: Line, dei: Mapping[str, str] | None = None, name: str = NAME) -> bytes:
    """The zip of a report, by default an annual one of a company that reports consolidated in J-GAAP."""
    return packed({name: text(*lines, dei=dei)})


def packed(files: Mapping[str, str]) -> bytes:
    """The zip of these texts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # The same texts make the same bytes, whenever.
            entry = zipfile.ZipInfo(document.FOLDER + name)
            archive.writestr(entry, content.encode("utf-16"), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
