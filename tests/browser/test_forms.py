"""A form as it is filled in: it says what was changed, errors lead to their fields, nothing that was typed is lost."""

import itertools

import pytest
from playwright.sync_api import Page, expect

from tests.browser.ways import COMPANIES, NINTENDO, of_first_row, wait_for_draft
from tests.installation import Installation
from webapp.words import numbers

pytestmark = pytest.mark.browser
DIGITS = (
    "5",
    "0",
    "00",
    "007",
    "1,234",
    "1234",
    "12,34",
    "1,0000",
    ",123",
    "1_000",
    "１２３",
    "１，２３４",
    "1.5",
    "1.50",
    ".5",
    "5.",
)
DIGITS += (
    "1,234.05",
    "0.000",
    "²",
    "①",
    "٣",
    "1e3",
    "0x1",
    "1 000",
    "1\u3000000",
    "12a",
    "NaN",
    "∞",
    "5" * 61,
)
LEADS = ("", "-", "−", "‐", "‑", "‒", "–", "—", "－", "△", "▲", "＋", "+", "±", "--", "△ ", "▽", "ー")
SIDES = (("", ""), ("(", ")"), ("（", "）"), ("(", ""), ("((", "))"), ("[", "]"))
AROUND = ("", " ", "\u3000", "\u00a0", "\ufeff", "\u200b", "\t", "\x1f", "\u0085")
SPELLINGS = [
    *(
        f"{left}{lead}{digits}{right}"
        for digits, lead, (left, right) in itertools.product(DIGITS, LEADS, SIDES)
    ),
    *(
        f"{lead}{left}{digits}{right}"
        for digits, lead, (left, right) in itertools.product(DIGITS, LEADS, SIDES)
    ),
    *(f"{one}({other}△5{one}){other}" for one, other in itertools.product(AROUND, AROUND)),
    *(f"{one}{other}5,000{other}{one}" for one, other in itertools.product(AROUND, AROUND)),
]
READ = """async ([texts, scale]) => {
    const {understood} = await import('/static/js/form/numbers.js');
    return texts.map((text) => understood(text, scale));
}"""
ANSWERS = {
    "1,234": "",
    "1234": "= 1,234 円",
    "１２３４": "= 1,234 円",
    "△5": "= ▲5 円",
    "(5)": "= ▲5 円",
    "-(5)": "数値として読み取れません。",
    "1.5": "数値として読み取れません。",
    "12a": "数値として読み取れません。",
}


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


@pytest.fixture
def form(page: Page, signed_in: None) -> str:
    """The address of Nintendo's form, which the page shows."""
    of_first_row(NINTENDO, "/companies/edit/", page)
    return page.url


@pytest.mark.usefixtures("form")
def test_a_changed_field_says_what_it_was(page: Page) -> None:
    name = page.locator("[name=name_en]")
    before = name.input_value()
    name.fill("Somebody else")
    expect(page.locator("[data-field=name_en]")).to_contain_text(f"変更前：{before}")
    expect(page.locator(".changes")).to_have_text("1 項目を変更")
    page.locator("[name=change_reason]").fill("届出による")  # is no field of the record
    expect(page.locator(".changes")).to_have_text("1 項目を変更")
    name.fill(before)
    expect(page.locator(".changes")).to_have_text("")


def test_of_a_new_record_nothing_stood_there_before(page: Page) -> None:
    page.goto(f"{COMPANIES}new/")
    page.locator("[name=name_en]").fill("Somebody new")
    expect(page.locator(".changes")).to_have_text("1 項目を変更")
    expect(page.locator(".was")).to_have_count(0)


@pytest.mark.usefixtures("form")
def test_a_number_field_shows_what_it_understood(page: Page) -> None:
    field = page.locator("[name=capital_stock]")
    for typed, read in ANSWERS.items():
        field.fill(typed)
        expect(page.locator("[data-field=capital_stock] output")).to_have_text(read)


@pytest.mark.usefixtures("form")
def test_script_and_server_read_the_same_spellings(page: Page) -> None:
    shown = page.evaluate(READ, [SPELLINGS, 60])
    read = [written(text) for text in SPELLINGS]
    assert {
        text: pair for text, *pair in zip(SPELLINGS, shown, read, strict=True) if pair[0] != pair[1]
    } == {}
    # The list has much of both kinds.
    assert min(read.count(None), len(read) - read.count(None)) > 300


@pytest.mark.usefixtures("form")
def test_decimals_that_count_for_nothing_are_no_decimals(page: Page) -> None:
    assert page.evaluate(READ, [["1.50", "1.55"], 1]) == ["1.5", None]
    assert page.evaluate(READ, [["1.0"], 0]) == ["1"]


def written(text: str) -> str | None:
    try:
        number = numbers.read(text)
    except numbers.NotANumber:
        return None
    if number is None:
        return None
    return ("▲" if number < 0 else "") + numbers.write(abs(number))


@pytest.mark.usefixtures("form")
def test_errors_are_summed_up_at_the_top_with_links_to_their_fields(page: Page) -> None:
    name = page.locator("[name=name_ja]")
    before = name.input_value()
    name.fill("")
    page.keyboard.press("Control+s")
    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors a").click()
    expect(name).to_be_focused()
    expect(page.locator("[data-field=name_ja]")).to_contain_text(f"変更前：{before}")
    expect(name).to_have_attribute("aria-invalid", "true")


def test_what_was_typed_comes_back_after_a_crash_and_is_forgotten_once_stored(page: Page) -> None:
    of_first_row(f"{COMPANIES}?search=6370", "/companies/edit/", page)
    form, name = page.url, page.locator("[name=name_en]")
    before = name.input_value()
    name.fill("Typed before the crash")
    wait_for_draft(page)
    page.goto("/admin/")
    page.goto(form)
    expect(name).to_have_value(before)
    page.get_by_role("button", name="復元する").click()
    expect(name).to_have_value("Typed before the crash")
    page.locator(".save .btn.go").click()
    expect(page.locator("[data-flash=good]")).to_be_visible()
    # The script that forgets it may run a moment after the page is seen, but no later than that.
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_leaving_with_unsaved_work_is_asked_about(page: Page, form: str) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.locator("[name=name_en]").press_sequentially("!")
    page.goto("/admin/")
    assert asked == ["beforeunload"]
