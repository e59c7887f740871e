"""Files are brought, previewed, mended, confirmed, declined and undone in the browser, by the keyboard alone."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.imports.keys import file_dialog, let_go, press
from tests.browser.ways import UPLOADS
from tests.files.builders import company, edinet_text
from tests.installation import Installation

pytestmark = pytest.mark.browser
FIRST, OTHER = "一覧一.csv", "一覧二.csv"


def a_list(code: str, **changes: str) -> bytes:
    """A list of one new company, and of another whose capital is mistyped."""
    unlisted = {"証券コード": "", "上場区分": "非上場"} | changes
    wrong = unlisted | {"資本金": "12a", "提出者名": "誤記株式会社"}
    return edinet_text(company(unlisted, code=f"{code}1"), company(wrong, code=f"{code}2")).encode("cp932")


def bring(page: Page, name: str, content: bytes) -> None:
    """Choose a file in the dialog that the keyboard opens, and send it."""
    page.goto(UPLOADS)
    file_dialog(page).set_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.locator("#files").press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/preview/**")


def drop(page: Page, *files: tuple[str, bytes]) -> None:
    """Drop several at once, and see a bar for each while they are sent."""
    page.goto(UPLOADS)
    waiting: list[Route] = []
    page.route(f"**{UPLOADS}", lambda route: waiting.append(route) if not waiting else route.continue_())
    let_go(page, *files)
    expect(page.locator("[data-sent] progress")).to_have_count(len(files))
    waiting[0].continue_()
    page.unroute(f"**{UPLOADS}")
    expect(page.locator("tbody tr", has_text=files[-1][0])).to_be_visible()


def mended(page: Page) -> bytes:
    """The refused rows as they are taken away, with the mistake put right."""
    with page.expect_download() as saved:
        press(page.locator("a[href*='/refused/csv/']"))
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8-sig"))))
    assert any("12a" in row for row in rows)
    text = io.StringIO()
    csv.writer(text).writerows([["12" if cell == "12a" else cell for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def test_files_are_dropped_read_mended_written_declined_and_undone_by_keyboard_alone(
    page: Page, open_page: OpenPage, installation: Installation
) -> None:
    installation.sign_in(page)
    drop(page, (FIRST, a_list("E9977")), (OTHER, a_list("E9978")), ("メモ.txt", b"a memo of this test alone"))
    expect(page.locator("tbody tr", has_text="メモ.txt")).to_contain_text("種類不明")
    press(page.get_by_role("link", name=FIRST))
    page.wait_for_url("**/preview/**")
    preview = page.url
    for told in ("4 行目", "5 列目", "誤記株式会社", "12a"):
        expect(page.locator("#findings")).to_contain_text(told)
    mended_rows = mended(page)
    page.locator("#reason").focus()
    page.keyboard.type("月次の一覧")
    page.keyboard.press("Enter")
    expect(page.locator("[data-flash=good]")).to_contain_text("書き込みました")
    bring(page, "mended.csv", mended_rows)
    expect(page.locator(".facts").first).to_contain_text("新規")
    press(page.locator("button[value=write]"))
    expect(page.locator("[data-flash=good]")).to_be_visible()
    english = open_page(locale="en-US")
    installation.sign_in(english)
    english.goto(UPLOADS)
    press(english.get_by_role("link", name=OTHER))
    press(english.locator("button[value=decline]"))
    expect(english.locator("[data-flash=good]")).to_contain_text("was declined")
    english.goto(preview)
    press(english.get_by_role("button", name=re.compile("^Undo$")))
    expect(english.locator("[data-flash=good]")).to_contain_text("was undone")
    english.goto("/admin/companies/?search=E99771")
    expect(english.locator("tbody tr")).to_have_count(0)
    english.goto("/admin/companies/?search=E99772")
    expect(english.locator("tbody tr")).to_have_count(1)


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_without_script_the_plain_form_brings_several(page: Page, installation: Installation) -> None:
    installation.sign_in(page)
    page.goto(UPLOADS)
    files = [
        {"name": f"plain{number}.csv", "mimeType": "text/csv", "buffer": a_list(f"E997{number}")}
        for number in (1, 2)
    ]
    page.locator("#files").set_input_files(files)
    page.locator("[data-upload] button[type=submit]").press("Enter")
    for number in (1, 2):
        expect(page.get_by_role("link", name=f"plain{number}.csv")).to_be_visible()
