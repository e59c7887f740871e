"""Twenty reports are dropped at once, read in one preview and written; each figure is then what is expected of it."""

import csv
import random
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from playwright.sync_api import Page, expect
from psycopg.rows import dict_row

from tests.bench.filings import DATA
from tests.browser import ways
from tests.browser.imports.keys import COMPARING, drop, press
from tests.files.edinet.filings import flow, stock
from tests.files.edinet.test_real_filings import FIELDS, expected
from tests.installation import Installation
from tests.services.intake import reports
from webapp.files.edinet.statements import STANDARDS

pytestmark = pytest.mark.browser
NUMBER = 20
# Years before all that the seed has.
YEARS = range(1985, 1985 + NUMBER)


class Expected(NamedTuple):
    """The figures of one statement, by our names; a statement is told apart by its document, period and kind."""

    doc_id: str
    period_end: str
    scope: str
    standard: str
    figures: Mapping[str, Decimal]


class Twenty(NamedTuple):
    """Reports by their files' names, and what is expected of each."""

    zips: Mapping[str, bytes]
    expected: list[Expected]


def made() -> Twenty:
    """Annual reports of a filer of the seed, each with a year's own sales and assets."""
    zips, figures = {}, []
    for year in YEARS:
        doc_id, sales, assets = f"S100{year}", 1_000_000 * year, 2_000_000 * year + 1
        lines = [flow(reports.SALES, sales), stock(reports.ASSETS, assets)]
        zips[f"{doc_id}.zip"] = reports.zipped_annual(year, *lines, EDINETCodeDEI="E02367")
        values = {"revenue": Decimal(sales), "total_assets": Decimal(assets)}
        figures.append(Expected(doc_id, f"{year}-03-31", "consolidated", "JGAAP", values))
    return Twenty(zips, figures)


def real(folder: Path) -> Twenty:
    """Reports of six filers, chosen at random, with what others have read in them."""
    golden = {row["docID"]: row for row in expected(folder / "golden_extract.csv")}
    with (folder / "catalog.csv").open(encoding="utf-8-sig", newline="") as file:
        chosen = random.Random(8697).sample([*csv.DictReader(file)], NUMBER)
    zips = {f"{row['docID']}.zip": (folder / row["path"]).read_bytes() for row in chosen}
    return Twenty(zips, [_of_golden(golden[row["docID"]]) for row in chosen])


def _of_golden(row: Mapping[str, str]) -> Expected:
    figures = {ours: Decimal(row[theirs]) for theirs, ours in FIELDS.items() if row[theirs]}
    standard = STANDARDS[row["accounting_standard"]]
    return Expected(row["docID"], row["period_end"], row["scope"], standard, figures)


@pytest.fixture(
    params=["made", pytest.param("real", marks=pytest.mark.real_data)], ids=["made reports", "real reports"]
)
def twenty(request: pytest.FixtureRequest) -> Twenty:
    if request.param == "made":
        return made()
    folder = DATA / "edinet_type5"
    if not folder.is_dir():
        # A clone has no real reports; with CI=true a skip is a failure.
        pytest.skip("needs the real reports (STOCKCODE_REAL_DATA)")
    return real(folder)


def stored(installation: Installation, one: Expected) -> dict[str, Any]:
    """The statement as it stands in the database."""
    asked = (
        "SELECT * FROM financial_statements WHERE filing_doc_id = %s AND period_end_on = %s AND scope = %s"
        " AND accounting_standard = %s"
    )
    with psycopg.connect(installation.database_url, row_factory=dict_row) as connection:
        (row,) = connection.execute(asked, one[:4]).fetchall()
    return row


def test_twenty_reports_dropped_at_once_are_written_as_they_say_and_undone_as_one(
    page: Page, installation: Installation, twenty: Twenty
) -> None:
    installation.sign_in(page)
    drop(page, *twenty.zips.items())
    page.wait_for_url("**/preview/**", timeout=COMPARING)
    expect(page.locator(".facts").first).to_contain_text(f"{NUMBER}")
    press(page.locator("button[value=write]"))
    expect(page.locator("[data-flash=good]")).to_be_visible(timeout=COMPARING)
    for one in twenty.expected:
        row = stored(installation, one)
        assert {name: row[name] for name in one.figures} == one.figures, one.doc_id
    press(page.locator(ways.UNDO))
    expect(page.locator("[data-flash=good]")).to_contain_text("元に戻しました", timeout=COMPARING)
