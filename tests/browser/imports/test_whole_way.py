"""The whole way of files in the browser: dropped, read, mended, written under a bar, cancelled and undone; their rows
edited many at once. By keyboard alone, in both languages, with nothing for axe to object to.

One way for both: what a page says is the only thing that differs, so the reader's language changes on the way, and
every sentence is read in both.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import objections
from tests.browser.imports.keys import COMPARING, drop, held_up, press
from tests.browser.imports.words import ENGLISH, JAPANESE, Words
from tests.browser.ways import UNDO, UPLOADS
from tests.files.builders import company, edinet_text
from tests.installation import Installation
from webapp.rules.market import sessions

pytestmark = pytest.mark.browser
MATCHING, NAMED = 1528, "全行試験"
LIST, PRICES, OTHERS = "全行一覧.csv", "株価一.csv", "株価二.csv"
COMPANIES = f"/admin/companies/?search={NAMED}&columns=name_ja,edinet_code,filer_type"
QUOTES = "Date,Code,O,H,L,C,UL,LL,Vo,Va,AdjFactor,AdjO,AdjH,AdjL,AdjC,AdjVo"
# Companies of the seed without any prices, as J-Quants writes their codes; together they have more rows than are items.
CODES = ("63700", "67020", "67970", "79740")
DAYS = 2510


def a_list() -> bytes:
    """So many new companies that match one search, and one more whose capital is mistyped."""
    unlisted = {"証券コード": "", "上場区分": "非上場"}
    rows = [company(unlisted | {"提出者名": f"{NAMED}{n:04}"}, code=f"E{60000 + n}") for n in range(MATCHING)]
    wrong = company(unlisted | {"資本金": "12a", "提出者名": "誤記株式会社"}, code="E69999")
    return edinet_text(*rows, wrong).encode("cp932")


def prices(until: date) -> bytes:
    """More prices than have an item each, on the sessions up to a day."""
    days = (until - timedelta(days=back) for back in range(2 * DAYS))
    traded = [day for day in days if sessions.is_session(day)][:DAYS]
    lines = [
        f"{day},{code},100,100,100,100,0,0,1,100,1,100,100,100,100,1" for code in CODES for day in traded
    ]
    return "\n".join([QUOTES, *lines]).encode()


def mended(page: Page) -> bytes:
    """The refused rows as they are taken away, with the mistake put right."""
    with page.expect_download() as saved:
        press(page.locator("a[href*='/refused/csv/']"))
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8-sig"))))
    text = io.StringIO()
    csv.writer(text).writerows([["12" if cell == "12a" else cell for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def speak(page: Page, words: Words) -> None:
    """From the next page on, the reader asks for this language; the context's own would outlast a header."""
    asked = {"userAgent": page.evaluate("navigator.userAgent"), "acceptLanguage": words.locale}
    page.context.new_cdp_session(page).send("Emulation.setUserAgentOverride", asked)


def in_both(page: Page) -> Iterator[Words]:
    """The page that is open, once in English and then in Japanese, in which it goes on."""
    for words in (ENGLISH, JAPANESE):
        speak(page, words)
        page.reload()
        yield words


def confirm(page: Page, words: Words, reason: str) -> None:
    """Write what is shown, at once."""
    page.locator("#reason").focus()
    page.keyboard.type(reason)
    page.keyboard.press("Enter")
    expect(page.locator("[data-flash=good]")).to_contain_text(words.written, timeout=COMPARING)


def undo(page: Page, words: Words) -> None:
    press(page.locator("[aria-labelledby=undo-title] [data-key=u]"))
    expect(page.locator("[data-flash=good]")).to_contain_text(words.undone, timeout=COMPARING)


def undo_by_a_worker(page: Page, installation: Installation) -> None:
    """What takes longer than a page is watched on the page of its change set until it is done."""
    with held_up(installation, "stock_prices"):
        press(page.locator("[aria-labelledby=undo-title] [data-key=u]"))
        expect(page.locator("#job-title")).to_be_visible()
        for words in in_both(page):
            expect(page.locator("#job-title")).to_contain_text(words.undoing)
    expect(page.locator(".facts").first).to_contain_text(JAPANESE.undone_by, timeout=COMPARING)
    for words in in_both(page):
        expect(page.locator(".facts").first).to_contain_text(words.undone_by)


def edit_filer_type(page: Page, words: Words, number: str) -> None:
    """From the fields through the preview to the list as it is then."""
    page.locator("[name=bulk-field][value=filer_type]").press("Space")
    press(page.locator("[name=bulk-step][value=choose]"))
    page.locator("[name=filer_type]").press_sequentially("全行")
    page.locator("[name=filer_type]").press("Enter")
    expect(page.locator("#preview [role=status]")).to_contain_text(
        words.would_change % number, timeout=COMPARING
    )
    expect(page.locator("#preview tbody tr").first).to_contain_text("全行")
    press(page.locator("[name=bulk-step][value=write]"))
    expect(page.locator("[data-flash=good]")).to_be_visible()


def edit_selected(page: Page, words: Words, axe: str) -> list[str]:
    """A field set on 20 selected rows, and taken back. What axe objects to on the way."""
    speak(page, words)
    page.goto(COMPANIES)
    for _row in range(20):
        page.keyboard.press("j")
        page.keyboard.press("x")
    press(page.locator("[data-bulk-bar] [name=bulk-rows]"))
    edit_filer_type(page, words, "20")
    expect(page.locator("tbody td", has_text="全行")).to_have_count(20 + 50)
    found = objections(page, axe)
    press(page.locator(UNDO))
    expect(page.locator("[data-flash=good]")).to_contain_text(words.undone)
    return found


def edit_all(page: Page) -> None:
    """A field set on all that match, and taken back."""
    page.goto(COMPANIES)
    page.keyboard.press("j")
    page.keyboard.press("x")
    press(page.locator("[data-bulk-bar] a[href*='/bulk/']"))
    expect(page.locator("h1")).to_be_visible()
    for words in in_both(page):
        expect(page.locator("h1")).to_contain_text(words.all_that_match)
    edit_filer_type(page, JAPANESE, "1,528")
    press(page.locator(UNDO))
    expect(page.locator("[data-flash=good]")).to_contain_text(JAPANESE.undone)


def stop(page: Page) -> None:
    """End what a worker writes; its page says so."""
    press(page.locator("form[action$='/cancel/'] button"))
    expect(page.locator(".job")).to_contain_text(JAPANESE.stopped, timeout=COMPARING)
    for words in in_both(page):
        expect(page.locator(".job")).to_contain_text(words.stopped)


@pytest.mark.long
def test_files_go_their_whole_way_and_rows_are_edited_many_at_once(
    page: Page, installation: Installation, axe: str
) -> None:
    installation.sign_in(page)
    drop(page, (LIST, a_list()), (PRICES, prices(date(2019, 12, 30))), (OTHERS, prices(date(2009, 12, 30))))
    found = objections(page, axe)
    press(page.get_by_role("link", name=LIST).first)
    expect(page.locator("#findings")).to_contain_text("12a")
    for words in in_both(page):
        for told in (*words.place, "誤記株式会社", "12a"):
            expect(page.locator("#findings")).to_contain_text(told)
    found += objections(page, axe)
    first, mended_rows = page.url, mended(page)
    confirm(page, JAPANESE, "月次")
    speak(page, ENGLISH)
    drop(page, ("mended.csv", mended_rows))
    confirm(page, ENGLISH, "訂正")
    undo(page, ENGLISH)
    found += edit_selected(page, ENGLISH, axe)
    edit_all(page)
    for name, is_to_end in ((OTHERS, False), (PRICES, True)):
        page.goto(UPLOADS)
        press(page.get_by_role("link", name=name).first)
        with held_up(installation, "stock_prices"):
            press(page.locator("button[value=write]"))
            expect(page.locator(".job progress")).to_be_visible(timeout=COMPARING)
            found += objections(page, axe)
            if is_to_end:
                stop(page)
        if is_to_end:
            press(page.locator("button[value=decline]"))
        else:
            expect(page.locator("#undo-title")).to_be_visible(timeout=COMPARING)
            undo_by_a_worker(page, installation)
    page.goto(first)
    found += objections(page, axe)
    undo(page, JAPANESE)
    page.goto(COMPANIES)
    expect(page.locator("tbody tr")).to_have_count(0)
    assert not found, "\n".join(found)
