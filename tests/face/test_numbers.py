"""What a form shows it understood of a number is what the server will read."""

import itertools

import pytest
from playwright.sync_api import Page

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
READ = """async (texts) => {
    const {understood} = await import('/static/js/form/numbers.js');
    return texts.map((text) => understood(text, 60));
}"""


def test_script_and_server_read_the_same_spellings(page: Page) -> None:
    page.goto("/admin/companies/edit/?id=1")
    shown = page.evaluate(READ, SPELLINGS)
    read = [written(text) for text in SPELLINGS]
    assert {
        text: pair for text, *pair in zip(SPELLINGS, shown, read, strict=True) if pair[0] != pair[1]
    } == {}
    # The list has much of both kinds.
    assert min(read.count(None), len(read) - read.count(None)) > 300


@pytest.mark.parametrize(("text", "scale", "read"), [("1.50", 1, "1.5"), ("1.55", 1, None), ("1.0", 0, "1")])
def test_decimals_that_count_for_nothing_are_no_decimals(
    page: Page, text: str, scale: int, read: str | None
) -> None:
    page.goto("/admin/companies/edit/?id=1")
    script = "async ([text, scale]) => (await import('/static/js/form/numbers.js')).understood(text, scale)"
    assert page.evaluate(script, [text, scale]) == read


def written(text: str) -> str | None:
    try:
        number = numbers.read(text)
    except numbers.NotANumber:
        return None
    if number is None:
        return None
    return ("▲" if number < 0 else "") + numbers.write(abs(number))
