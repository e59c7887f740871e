import contextlib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.files import cells
from webapp.files.cells import RefusedCell
from webapp.files.rows import RefusedRow
from webapp.rules import company

ROW = cells.Row(("コード", "銘柄名"), ("１３０１０", "極洋\x07"))


def test_a_value_is_found_under_its_heading() -> None:
    assert ROW.value("コード", cells.ticker_symbol) == "1301"
    assert ROW.text("コード") == "１３０１０"


def test_a_refused_value_is_named_by_column_text_and_reason() -> None:
    with pytest.raises(RefusedRow) as refused:
        ROW.value("銘柄名", cells.text)
    assert (refused.value.column, refused.value.value) == ("銘柄名", "極洋 ")
    assert refused.value.reason == "The text holds a control character or another invisible one."


def test_a_code_is_taken_from_the_first_row_that_has_it() -> None:
    seen: set[str | None] = set()
    assert ROW.first_of_its_kind("コード", cells.ticker_symbol, seen) == "1301"
    with pytest.raises(RefusedRow, match="An earlier row of the file has the same code"):
        ROW.first_of_its_kind("コード", cells.ticker_symbol, seen)


def test_blank_codes_are_not_the_same_code() -> None:
    seen: set[str | None] = set()
    blank = cells.Row(("コード",), ("",))
    assert [blank.first_of_its_kind("コード", cells.ticker_symbol, seen) for _ in range(2)] == [None, None]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("", None),
        (" \u3000", None),
        ("\u3000株式会社　サカタのタネ ", "株式会社　サカタのタネ"),
        ("ＮＥＸＴ　ＦＵＮＤＳ", "ＮＥＸＴ　ＦＵＮＤＳ"),
        ("ﾄﾖﾀ ㈱髙﨑", "ﾄﾖﾀ ㈱髙﨑"),
        ("ト゛ヨタ", "ト゛ヨタ"),
        ("か\u3099す", "がす"),
        ("中山\ufa1b", "中山\u798f"),
        ("Société\u00a0Générale", "Société\u00a0Générale"),
        ("\U00020bb7野家", "\U00020bb7野家"),
        ("葛\U000e0100城", "葛\U000e0100城"),
    ],
)
def test_text_stays_as_the_source_spells_it(raw: str, value: str | None) -> None:
    assert cells.text(raw) == value


@pytest.mark.parametrize(
    "mark", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u200b", "\u202e", "\ufeff", "\ue000"]
)
def test_an_invisible_character_is_refused(mark: str) -> None:
    with pytest.raises(RefusedCell, match="control character or another invisible one"):
        cells.text(f"極{mark}洋")


@pytest.mark.parametrize("converted", ["\ufffd島屋", "????????", "??(US)"])
def test_a_lost_character_is_refused(converted: str) -> None:
    with pytest.raises(RefusedCell, match="lost in an earlier conversion"):
        cells.text(converted)
    assert cells.text("Who?") == "Who?"


def test_required_text_must_be_there() -> None:
    assert cells.required_text("極洋") == "極洋"
    with pytest.raises(RefusedCell, match="The value is missing"):
        cells.required_text("　")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("１３０１", "1301"),
        ("130a", "130A"),
        ("1301.0", "1301"),
        ('="1301"', "1301"),
        ("'1301", "1301"),
        ('=""', None),
        (" - ", None),
        ("－", None),
        ("", None),
        ("1.5", "1.5"),
    ],
)
def test_a_code_is_half_width_and_upper_case(raw: str, value: str | None) -> None:
    assert cells.code(raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [("", None), ("13760", "1376"), ("130A0", "130A"), ("１３０ａ０", "130A"), ("1A1A0", "1A1A")],
)
def test_the_zero_of_common_stock_is_taken_off_a_securities_code(raw: str, value: str | None) -> None:
    assert cells.ticker_symbol(raw) == value


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("1376", "5 characters"),
        ("137600", "5 characters"),
        ("25935", "another class of share"),
        ("94346", "another class of share"),
        ("130AA", "another class of share"),
        ("03760", "not a securities code"),
        ("130B0", "not a securities code"),
        ("1O010", "not a securities code"),
        ("13A10", "not a securities code"),
        ("13 10", "not a securities code"),
        ("१३०१0", "not a securities code"),
    ],
)
def test_what_is_no_common_stock_code_is_refused(raw: str, reason: str) -> None:
    with pytest.raises(RefusedCell, match=reason):
        cells.ticker_symbol(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("", None),
        *(
            (raw, "5070001000715")
            for raw in ("5070001000715", "５０７０００１０００７１５", "5,070,001,000,715")
        ),
    ],
)
def test_a_corporate_number_is_13_digits(raw: str, value: str | None) -> None:
    assert cells.corporate_number(raw) == value


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("507000100071", "13 digits"),
        ("E070001000715", "13 digits"),
        *((raw, "A spreadsheet has rounded") for raw in ("5.07E+12", "5,07E+12", "5.07e12", "5070001000000")),
        ("6070001000715", "check digit"),
        ("5070001000751", "check digit"),
    ],
)
def test_a_wrong_corporate_number_is_refused(raw: str, reason: str) -> None:
    with pytest.raises(RefusedCell, match=reason):
        cells.corporate_number(raw)


# Whatever ends in so many noughts is taken for rounded.
TWELVE_DIGITS = st.from_regex(r"[0-9]{12}(?<!0{6})", fullmatch=True)


@given(TWELVE_DIGITS, st.integers(0, 11), st.integers(1, 8))
def test_the_check_digit_finds_every_single_wrong_digit_but_a_nine_for_a_zero(
    base: str, place: int, off: int
) -> None:
    digit = company.check_digit(base)
    assert 1 <= digit <= 9
    assert cells.corporate_number(f"{digit}{base}") == f"{digit}{base}"
    wrong = (int(base[place]) + off) % 10
    changed = f"{base[:place]}{wrong}{base[place + 1 :]}"
    # The remainder is taken by 9, which cannot tell 0 from 9.
    assert (company.check_digit(changed) == digit) == ({wrong, int(base[place])} == {0, 9})


@pytest.mark.parametrize(
    ("raw", "value"),
    [("", None), ("0", 0), ("10065", 10065), ("10,065", 10065), ("１，４９１", 1491), ("007", 7)],
)
def test_a_whole_number_may_have_separators_and_zero_is_not_blank(raw: str, value: int | None) -> None:
    assert cells.whole_number(raw) == value


@pytest.mark.parametrize("raw", ["-1", "△5", "1.5", "1,00", "1_000", "1e3", "NaN", "-", "百", "٣"])
def test_what_is_no_whole_number_is_refused(raw: str) -> None:
    with pytest.raises(RefusedCell, match="not a whole number from zero up"):
        cells.whole_number(raw)


def test_a_number_that_no_column_holds_is_refused() -> None:
    with pytest.raises(RefusedCell, match="too large"):
        cells.whole_number("9" * 15)


DAYS = (
    "20250530 20250530.0 2025-05-30 2025/5/30 ２０２５０５３０ 2025.5.30 2025-05-30T00:00:00 45807"
    " 令和7年5月30日 R7.5.30 r07/05/30 平成37年5月30日"
)


@pytest.mark.parametrize("raw", DAYS.split(" "))
def test_a_day_is_read_in_each_spelling(raw: str) -> None:
    assert cells.calendar_date(raw) == date(2025, 5, 30)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "not a date"),
        ("-", "not a date"),
        ("2025", "not a date"),
        ("20250230", "no such day"),
        ("00000101", "no such day"),
        ("R0.0.1", "no such day"),
        ("5/30/2025", "not a date"),
    ],
)
def test_what_is_no_day_is_refused(raw: str, reason: str) -> None:
    with pytest.raises(RefusedCell, match=reason):
        cells.calendar_date(raw)


PARSERS: list[Callable[[str], object]] = [
    cells.text,
    cells.required_text,
    cells.code,
    cells.ticker_symbol,
    cells.corporate_number,
    cells.whole_number,
    cells.calendar_date,
]


@pytest.mark.parametrize("parse", PARSERS)
@given(raw=st.text())
def test_any_text_is_parsed_or_refused(parse: Callable[[str], object], raw: str) -> None:
    with contextlib.suppress(RefusedCell):
        parse(raw)
