"""The editor of a cell over rows in memory: what the markup says, and where the keys lead."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Locator, Page, expect

pytestmark = pytest.mark.browser
LIST = "/admin/companies/"
EDITOR = "form.cell"


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The requests about cells, as method and column."""
    seen: list[str] = []

    def note(request: object) -> None:
        method, url = getattr(request, "method", ""), getattr(request, "url", "")
        if found := re.search(r"/cell/\?.*name=(\w+)", url):
            seen.append(f"{method} {found[1]}")

    page.on("request", note)
    return seen


def field(page: Page, name: str) -> Locator:
    return page.locator(f"{EDITOR} #cell-{name}")


def test_heads_say_which_cells_can_be_edited_and_rows_which_version_they_show(sample_app: Flask) -> None:
    text = sample_app.test_client().get(LIST).text
    assert re.findall(r'data-(?:cell|shows)="\w+"', text) == [
        'data-shows="ticker"',
        'data-cell="name_ja"',
        'data-cell="name_en"',
        'data-cell="profit"',
    ]
    assert text.count('<tr data-v="4">') == 20
    # Nothing is said once more in every cell.
    assert not re.search(r"<td[^>]* data-", text)


def test_the_script_for_cells_comes_when_it_is_first_wanted(page: Page) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url.rsplit("/", 1)[-1]))
    page.goto(LIST, wait_until="networkidle")
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
    for name in ("name_en", "profit", "name_ja"):
        page.keyboard.press("Tab")
        expect(field(page, name)).to_be_focused()
    assert page.locator("tbody tr").nth(1).locator(EDITOR).count() == 1
    page.keyboard.press("Shift+Tab")
    expect(field(page, "profit")).to_be_focused()
    assert page.locator("tbody tr").first.locator(EDITOR).count() == 1
    assert all(one.startswith("GET") for one in asked)


def test_before_the_first_cell_there_is_none(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("F2")
    expect(field(page, "name_ja")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(EDITOR)).to_have_count(0)
    expect(page.locator("tbody tr").first.locator("td:focus")).to_have_count(1)


def test_what_is_typed_stays_text_in_the_column_that_leads_to_the_record(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("i")
    field(page, "name_ja").fill("<b>太字</b>")
    page.keyboard.press("Control+s")
    link = page.locator("tbody tr").first.locator("a.name")
    expect(link).to_have_text("<b>太字</b>")
    expect(page.locator("tbody tr").first).to_have_attribute("data-v", "5")
    expect(page.locator(".toast [role=status]")).to_have_text("保存しました。")
    undo = page.locator(".toast form")
    assert undo.evaluate("(form) => new URLSearchParams(new FormData(form)).get('id')") == "7"
    page.locator(".toast").get_by_role("button", name="閉じる").click()
    expect(page.locator(".toast [role=status]")).to_be_empty()


def test_two_clicks_edit_a_cell_and_one_looks_at_its_record(page: Page) -> None:
    page.goto(LIST)
    cell = page.locator("tbody tr").nth(1).locator("td").nth(4)
    cell.dblclick()
    expect(field(page, "name_en")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(EDITOR)).to_have_count(0)
    expect(page.locator("#peek")).not_to_be_visible()
    cell.click()
    expect(page.locator("#peek")).to_be_visible()
    # A column that cannot be edited answers to neither.
    page.keyboard.press("Escape")
    page.locator("tbody tr").nth(1).locator("td").nth(2).dblclick()
    expect(page.locator(EDITOR)).to_have_count(0)


def test_the_letters_of_what_is_typed_are_no_commands(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("i")
    expect(field(page, "name_ja")).to_be_focused()
    page.keyboard.type("jkxepiun?/")
    expect(field(page, "name_ja")).to_have_value("jkxepiun?/")
    assert page.url.endswith(LIST)
    expect(page.locator("tbody [name=rowid]:checked")).to_have_count(0)
    # Nor does the bar of the list take the cell for a chosen row.
    expect(page.locator("[data-bulk-bar]")).not_to_be_visible()
    page.keyboard.press("Escape")


def test_leaving_with_a_cell_half_typed_is_asked_about(page: Page) -> None:
    dialogs: list[str] = []

    def stay(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.accept()

    page.on("dialog", stay)
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


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 700}}], indirect=True)
def test_an_editor_keeps_within_a_narrow_window(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("i")
    expect(field(page, "name_ja")).to_be_focused()
    for name in ("name_en", "profit"):
        page.keyboard.press("Tab")
        expect(field(page, name)).to_be_focused()
        box = page.locator(EDITOR).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
