"""A list taken away as a workbook and edited, and a range copied in a spreadsheet, come back by keyboard alone."""

import io
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from tests.browser.axe import objections
from tests.browser.imports.keys import COMPARING, drop, press
from tests.browser.imports.words import BOTH, Words
from tests.installation import Installation

pytestmark = pytest.mark.browser
COMPANIES = (
    "/admin/companies/?columns=ticker_symbol,name_ja,website_url,head_office_address&order=ticker_symbol"
)


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


def taken_away(page: Page) -> bytes:
    """The list as a workbook that is to come back."""
    page.goto(COMPANIES)
    press(page.locator("details.menu:has(a[href*='/export/']) > summary"))
    with page.expect_download() as saved:
        press(page.locator("a[href*='/export/xlsx-back/']"))
    return Path(saved.value.path()).read_bytes()


def edited(content: bytes, column: int, texts: list[str]) -> bytes:
    """The workbook as somebody saves it who has typed into the first cells of a column."""
    rows: list[list[Any]] = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    for row, text in zip(rows[1:], texts, strict=False):
        row[column] = text
    saved = io.BytesIO()
    with Workbook(saved, {"strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return saved.getvalue()


def undo(page: Page, words: Words) -> None:
    press(page.locator("[data-flash=good] [data-key=u]"))
    expect(page.locator("[data-flash=good]")).to_contain_text(words.undone)


@pytest.mark.parametrize(("words", "page"), BOTH, indirect=["page"], ids=["ja", "en"])
def test_three_cells_of_a_workbook_come_back_as_three_items_and_go_again(
    page: Page, axe: str, words: Words
) -> None:
    typed = [f"https://{number}.example/{words.locale}" for number in range(3)]
    drop(page, ("companies.xlsx", edited(taken_away(page), 2, typed)))
    expect(page.locator("#items tbody")).to_have_count(3)
    for text in typed:
        expect(page.locator("#items")).to_contain_text(text)
    found = objections(page, axe)
    press(page.locator("button[value=write]"))
    expect(page.locator("[data-flash=good]")).to_contain_text(words.written, timeout=COMPARING)
    undo(page, words)
    assert not found, "\n".join(found)


def copied(page: Page, text: str) -> None:
    """What a spreadsheet leaves behind when a range is copied in it."""
    page.goto("/admin/companies/paste/")
    page.locator("#paste-text").fill(text)
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")


@pytest.mark.parametrize(("words", "page"), BOTH, indirect=["page"], ids=["ja", "en"])
def test_a_range_is_pasted_where_the_focus_is(page: Page, words: Words) -> None:
    copied(page, f"https://a.example/\t{words.locale}\nhttps://b.example/\t\n")
    page.goto(COMPANIES)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+v")
    expect(page.locator("#preview [role=status]")).to_contain_text(words.would_change % "2")
    expect(page.locator("#preview")).to_contain_text(words.locale)
    press(page.locator("[name=bulk-step][value=write]"))
    expect(page.locator("tbody tr").nth(1)).to_contain_text("a.example")
    expect(page.locator("tbody tr").nth(2)).to_contain_text("b.example")
    undo(page, words)
    expect(page.locator("tbody td", has_text="a.example")).to_have_count(0)
