"""The editor of a cell: where its keys lead, what they leave alone, and what is asked of the server."""

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, Request, expect

from tests.browser.ways import COMPANIES
from tests.installation import Installation

pytestmark = pytest.mark.browser
LIST = f"{COMPANIES}?columns=name_ja,name_en,capital_stock,changed_at"
EDITOR = "form.cell"


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The requests about cells, as method and column."""
    seen: list[str] = []

    def note(request: Request) -> None:
        if column := re.search(r"/cell/\?.*name=(\w+)", request.url):
            seen.append(f"{request.method} {column[1]}")

    page.on("request", note)
    return seen


def field(page: Page, name: str) -> Locator:
    return page.locator(f"{EDITOR} #cell-{name}")


def cell(page: Page, column: int, row: int = 0) -> Locator:
    """A cell by its place; before the columns of the record are its box and its link to the form."""
    return page.locator("tbody tr").nth(row).locator("td").nth(column + 2)


def test_the_script_for_cells_comes_when_it_is_first_wanted(page: Page) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url.rsplit("/", 1)[-1]))
    page.goto(LIST, wait_until="networkidle")
    assert "list.js" in loaded
    assert "cells.js" not in loaded
    page.keyboard.press("i")
    expect(field(page, "name_ja")).to_be_focused()
    assert "cells.js" in loaded


def test_tab_walks_over_the_ends_of_rows_and_asks_nothing_where_nothing_was_typed(
    page: Page, asked: list[str]
) -> None:
    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("i")
    expect(field(page, "name_ja")).to_be_focused()
    for name in ("name_en", "capital_stock", "name_ja"):
        page.keyboard.press("Tab")
        expect(field(page, name)).to_be_focused()
    assert page.locator("tbody tr").nth(1).locator(EDITOR).count() == 1
    page.keyboard.press("Shift+Tab")
    expect(field(page, "capital_stock")).to_be_focused()
    assert page.locator("tbody tr").first.locator(EDITOR).count() == 1
    assert asked
    assert all(one.startswith("GET") for one in asked)


def test_before_the_first_cell_there_is_none(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("F2")
    expect(field(page, "name_ja")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(EDITOR)).to_have_count(0)
    expect(page.locator("tbody tr").first.locator("td:focus")).to_have_count(1)


def test_what_is_typed_stays_text_in_the_column_that_leads_to_the_record(page: Page) -> None:
    page.goto(f"{COMPANIES}new/")
    page.locator("[name=name_ja]").fill("太字でない株式会社")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-flash=good]")).to_be_visible()
    page.goto(f"{LIST}&search=太字でない")
    row = page.locator("tbody tr").first
    before = int(row.get_attribute("data-v") or "")
    page.keyboard.press("i")
    field(page, "name_ja").fill("<b>太字でない</b>")
    page.keyboard.press("Control+s")
    expect(row.locator("a.name")).to_have_text("<b>太字でない</b>")
    expect(row).to_have_attribute("data-v", str(before + 1))
    # Until the page is left one sees where one has been.
    expect(row).to_contain_class("changed")
    said = page.locator(".toast [role=status]")
    number = re.search(r"#(\d+)", said.inner_text())
    assert number is not None
    undo = page.locator(".toast form")
    assert undo.evaluate("(form) => new URLSearchParams(new FormData(form)).get('id')") == number[1]
    page.locator(".toast").get_by_role("button", name="閉じる").click()
    expect(said).to_be_empty()
    page.reload()
    expect(row.locator("a.name")).to_have_text("<b>太字でない</b>")


def test_two_clicks_edit_a_cell_and_one_looks_at_its_record(page: Page) -> None:
    page.goto(LIST)
    cell(page, 1, row=1).dblclick()
    expect(field(page, "name_en")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(EDITOR)).to_have_count(0)
    expect(page.locator("#peek")).not_to_be_visible()
    cell(page, 1, row=1).click()
    expect(page.locator("#peek")).to_be_visible()
    # A column that cannot be edited answers to neither.
    page.keyboard.press("Escape")
    cell(page, 3, row=1).dblclick()
    expect(page.locator(EDITOR)).to_have_count(0)


def test_the_letters_of_what_is_typed_are_no_commands(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("i")
    expect(field(page, "name_ja")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("jkxepiun?/")
    expect(field(page, "name_ja")).to_have_value("jkxepiun?/")
    assert page.url.endswith(LIST)
    expect(page.locator("tbody [name=rowid]:checked")).to_have_count(0)
    # Nor does the bar of the list take the cell for a chosen row.
    expect(page.locator("[data-bulk-bar]")).not_to_be_visible()
    page.keyboard.press("Escape")


def test_leaving_with_a_cell_half_typed_is_asked_about(page: Page) -> None:
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.type)

    page.on("dialog", note)
    page.goto(LIST)
    page.keyboard.press("i")
    expect(field(page, "name_ja")).to_be_focused()
    page.reload()
    assert dialogs == []
    page.keyboard.press("i")
    expect(field(page, "name_ja")).to_be_focused()
    page.keyboard.type("half")
    page.reload()
    assert dialogs == ["beforeunload"]


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 700}}], indirect=True, ids=["390px"])
def test_an_editor_keeps_within_a_narrow_window(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("i")
    expect(field(page, "name_ja")).to_be_focused()
    for name in ("name_en", "capital_stock"):
        page.keyboard.press("Tab")
        expect(field(page, name)).to_be_focused()
        box = page.locator(EDITOR).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
