"""How to get to a filing whose zip is stored, and to an amendment of it; both are imported once in an installation."""

import re

from playwright.sync_api import Page, expect

from tests.browser.ways import UPLOADS, address_of_first_row, at
from tests.files.edinet.filings import Line, flow, stock, zipped

# Of a real filer, and of a year before all that the seed has: in no list is it what comes first.
FILED, AMENDED = "S100BRWS", "S100BRWT"
SAID = {
    "EDINETCodeDEI": "E02367",
    "CurrentFiscalYearStartDateDEI": "2009-04-01",
    "CurrentFiscalYearEndDateDEI": "2010-03-31",
    "CurrentPeriodEndDateDEI": "2010-03-31",
}
NAME = "jpcrp030000-asr-001_E02367-000_2010-03-31_01_2010-0{}-29.csv"
FACTS, DIFFERENCE = "/admin/filings/facts/", "/admin/filings/difference/"


def report(sales: int = 1_434_365_000_000) -> bytes:
    """The zip of the filing."""
    return zipped(*_lines(sales), dei=SAID, name=NAME.format(6))


def amendment() -> bytes:
    """The zip of its amendment: other sales, and a line fewer."""
    amends = {"AmendmentFlagDEI": "true", "IdentificationOfDocumentSubjectToAmendmentDEI": FILED}
    return zipped(*_lines(1_434_000_000_000)[:-1], dei=SAID | amends, name=NAME.format(7))


def _lines(sales: int) -> list[Line]:
    return [
        flow("jpcrp_cor:NetSalesSummaryOfBusinessResults", sales),
        flow("jppfs_cor:NetSales", 1_838_622_000_000, "Prior1YearDuration"),
        flow("jppfs_cor:NetSales", sales),
        flow("jppfs_cor:ProfitLoss", -228_635_000_000),
        stock("jppfs_cor:Assets", 1_760_986_000_000),
        flow("jpcrp_cor:BusinessRisksTextBlock", "経営成績に影響を及ぼす可能性のあるリスク。" * 40, unit=""),
        flow("jppfs_cor:OperatingIncome", 356_567_000_000),
    ]


def facts(page: Page) -> None:
    """The facts of the filing, at the line to which a figure has led."""
    _import(page, FILED, report())
    at(f"/admin/statements/?search={FILED}", page)
    page.locator("tbody a[href*='/statements/details/']").first.click()
    page.locator("#figure-revenue").click()
    expect(page.locator("tr.here")).to_be_focused()


def unread(page: Page) -> None:
    """The facts of a filing whose zip is not stored."""
    details = address_of_first_row("/admin/filings/", "/filings/details/", page)
    at(details.replace("/details/", "/facts/"), page)


def texts(page: Page) -> None:
    """The part of the filing that holds texts."""
    _import(page, FILED, report())
    at(f"{FACTS}?id={FILED}&part=texts", page)


def difference(page: Page) -> None:
    """The amendment beside what it amends."""
    _import(page, FILED, report())
    _import(page, AMENDED, amendment())
    at(f"{DIFFERENCE}?id={AMENDED}", page)
    expect(page.locator("ins").first).to_be_visible()


def _import(page: Page, doc_id: str, content: bytes) -> None:
    if page.request.get(f"{FACTS}?id={doc_id}").ok:
        return
    at(UPLOADS, page)
    file = {"name": f"{doc_id}.zip", "mimeType": "application/zip", "buffer": content}
    page.locator("#files").set_input_files([file])
    page.locator("[data-upload] button[type=submit]").click()
    page.wait_for_url(re.compile("/preview/"))
    page.locator("button[value=write]").click()
    expect(page.locator("[data-flash=good]")).to_be_visible()
