"""Figures are typed in the unit that their page shows, and read back in yen; Enter moves on."""

from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_cell_keys import field
from tests.browser.ways import of_first_row
from tests.installation import Installation
from webapp.words import numbers

pytestmark = pytest.mark.browser
STATEMENTS = "/admin/statements/"
TYPED = (
    "1",
    "0",
    "-0",
    "1.5",
    "△1,234.567891",
    "(0.000001)",
    "99,999,999,999,999.999999",
    "１２．３",
    "0.1234567",
)
MOVE = """async ([texts, digits]) => {
    const {moved} = await import('/static/js/form/numbers.js');
    return texts.map((text) => moved(text, digits));
}"""
PASTE = """(field, text) => {
    field.focus();
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    field.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
}"""


@pytest.fixture(autouse=True)
def signed_in(page: Page, installation: Installation) -> None:
    installation.sign_in(page)


def paste(field: Locator, text: str) -> None:
    """As Ctrl+V brings it, from whichever program."""
    field.evaluate(PASTE, text)


def moved(text: str, digits: int) -> str:
    number = numbers.read(text)
    assert number is not None
    shifted = number.scaleb(digits) + Decimal(0)
    return ("▲" if shifted < 0 else "") + numbers.write(abs(shifted))


def test_amounts_come_from_one_unit_to_another_to_the_last_digit(page: Page) -> None:
    page.goto(STATEMENTS)
    for digits in (-8, -6, -3, 3, 6, 8):
        assert page.evaluate(MOVE, [TYPED, digits]) == [moved(text, digits) for text in TYPED]


def test_a_statement_takes_its_figures_in_its_unit_and_enter_moves_on(page: Page) -> None:
    of_first_row(STATEMENTS, "/statements/edit/", page)
    revenue, unit = page.locator("[name=revenue]"), page.locator("[data-field=revenue] .unit")
    before = revenue.input_value()
    for yen, label in (("1", "円"), ("1000", "千円"), ("1000000", "百万円")):
        page.locator("[name=rounding_unit]").select_option(yen)
        expect(unit).to_have_text(label)
        expect(page.locator("[name=figures_unit]")).to_have_value(yen)
    # Its figures are what they were: the unit alone is changed, if anything is.
    expect(page.locator("[data-field=revenue]")).not_to_contain_text("変更前")
    revenue.fill("△1,234.5")
    expect(page.locator("[data-field=revenue] output")).to_have_text("= ▲1,234,500,000 円")
    revenue.fill("33,985")
    expect(page.locator("[data-field=revenue] output")).to_have_text("= 33,985,000,000 円")
    address = page.url
    revenue.press("Enter")
    expect(revenue).not_to_be_focused()
    assert page.evaluate("document.activeElement.matches('[data-number]')")
    page.keyboard.press("Shift+Enter")
    expect(revenue).to_be_focused()
    assert page.url == address
    page.keyboard.press("Control+s")
    expect(page.locator("[data-flash=good]")).to_be_visible()
    page.goto(address)
    expect(revenue).to_have_value("33,985")
    page.locator("[name=rounding_unit]").select_option("1")
    expect(revenue).to_have_value("33,985,000,000")
    assert before != "33,985"
    # A column of a report goes on through the figures below; what is blank in it leaves its figure as it is.
    names = ("revenue", "cost_of_revenue", "gross_profit", "sga_expenses")
    kept = page.locator("[name=gross_profit]").input_value()
    paste(revenue, "1,671,865\r\n717,530\r\n\r\n▲425,393\r\n")
    told = [page.locator(f"[name={name}]").input_value() for name in names]
    assert told == ["1,671,865", "717,530", kept, "▲425,393"]
    expect(page.locator("[name=sga_expenses]")).to_be_focused()
    # With names beside, each goes to its own, wherever it stands, and others lead nowhere.
    paste(revenue, "流動資産\t2,573,302\t2,314,513\nのれん\t5\n資産合計\t3,151,394\t2,854,284")
    told = [
        page.locator(f"[name={name}]").input_value() for name in ("current_assets", "total_assets", "revenue")
    ]
    assert told == ["2,573,302", "3,151,394", "1,671,865"]


def test_a_cell_of_a_list_in_millions_says_what_it_will_store(page: Page) -> None:
    page.goto("/admin/companies/?columns=capital_stock&search=6702&unit=million")
    shown = page.locator("tbody tr td.num").first
    before = shown.inner_text()
    # Another tab has gone on to yen.
    page.request.get("/admin/companies/?columns=capital_stock&unit=yen")
    page.goto("/admin/companies/?columns=capital_stock&search=6702&unit=million")
    page.request.get("/admin/companies/?columns=capital_stock&unit=yen")
    page.keyboard.press("i")
    page.keyboard.press("Tab")
    expect(field(page, "capital_stock")).to_be_focused()
    expect(page.locator("form.cell .unit")).to_have_text("百万円")
    page.keyboard.type("325,639")
    expect(page.locator("form.cell output")).to_have_text("= 325,639,000,000 円")
    page.keyboard.press("Enter")
    expect(shown).to_have_text("325,639")
    page.keyboard.press("u")
    expect(shown).to_have_text(before)


def test_a_long_form_begins_in_its_first_field_and_its_sections_are_a_key_away(page: Page) -> None:
    of_first_row(STATEMENTS, "/statements/edit/", page)
    expect(page.locator("#section-1 [role=combobox]").first).to_be_focused()
    for key, section in (("Alt+4", 4), ("Alt+PageDown", 5), ("Alt+PageUp", 4), ("Alt+1", 1)):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.closest('fieldset').id") == f"section-{section}"
    page.locator(".sections a").nth(2).click()
    expect(page.locator("[name=revenue]")).to_be_focused()


def test_a_new_statement_is_called_by_its_standard_and_a_years_days_are_typed_once(page: Page) -> None:
    page.goto("/admin/statements/new/")
    page.locator("[name=fiscal_year_start_on]").fill("2015-04-01")
    page.locator("[name=fiscal_year_end_on]").fill("2016-03-31")
    page.locator("[name=period_end_on]").fill("2016-03-30")
    page.locator("[name=period_type]").select_option("FY")
    expect(page.locator("[name=period_start_on]")).to_have_value("2015-04-01")
    expect(page.locator("[name=period_end_on]")).to_have_value("2016-03-30")
    revenue = page.locator("[data-field=revenue] label")
    expect(revenue).to_have_text("売上高")
    page.locator("[name=accounting_standard]").select_option("IFRS")
    expect(revenue).to_have_text("売上収益")
    # And counted in its currency, read back too.
    page.locator("[name=rounding_unit]").select_option("1000000")
    page.locator("[name=revenue]").fill("5")
    unit, read_back = (page.locator(f"[data-field=revenue] {part}") for part in (".unit", "output"))
    expect(unit).to_have_text("百万円")
    page.locator("[name=currency]").fill("USD")
    page.locator("[name=currency]").blur()
    expect(unit).to_have_text("百万米ドル")
    expect(read_back).to_have_text("= 5,000,000 米ドル")
    expect(page.locator("[data-field=eps_basic] .unit")).to_have_text("米ドル")
    expect(page.locator("[name=rounding_unit] option[value='1000000']")).to_have_text("百万米ドル")
    page.locator("[name=rounding_unit]").select_option("1000")
    expect(unit).to_have_text("千米ドル")
    page.locator("[name=rounding_unit]").select_option("1000000")
    # A column of a report finds its figures by these names.
    paste(page.locator("[name=revenue]"), "売上収益\t1,234\n資本合計\t5,678")
    expect(page.locator("[name=net_assets]")).to_have_value("5,678")
