"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.words import numbers
from webapp.words.numbers import NotANumber


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0", "0"),
        ("1,234,567", "1234567"),
        ("１２３", "123"),
        ("１，２３４．５", "1234.5"),
        ("△5", "-5"),
        ("▲1,000", "-1000"),
        ("(5)", "-5"),
        ("（１，２３４）", "-1234"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("－５", "-5"),
        ("+5", "5"),
        ("　12　", "12"),
        ("0012", "12"),
        ("-0", "0"),
        ("1.50", "1.50"),
    ],
)
def test_a_number_is_read_as_it_is_written_in_japan(typed: str, meant: str) -> None:
    assert numbers.read(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["", "  ", "　"])
def test_blank_is_nothing(typed: str) -> None:
    assert numbers.read(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "1e5",
        "1E+1000000",
        "1_000",
        "0x10",
        "1,5",
        "12,34",
        "1,0000",
        ",1",
        "1,",
        "1.",
        ".5",
        "1.2.3",
        "--5",
        "△△5",
        "(5",
        "5)",
        "(-5)",
        "()",
        "-",
        "２²",
        "①",
        "½",
        "٣",
        "五",
        "1 000",
        "1\x00",
        "9" * 61,
    ],
)
def test_what_nobody_means_as_a_number_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber):
        numbers.read(typed)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**19), max_value=10**19))
def test_what_is_written_reads_back_the_same(number: Decimal) -> None:
    assert numbers.read(numbers.write(number)) == number


def test_decimals_are_cut_only_for_the_eye_and_by_halves_up() -> None:
    assert numbers.write(Decimal("12.345"), least=2, most=2) == "12.35"
    assert numbers.write(Decimal("12.3"), least=2, most=4) == "12.30"
    assert numbers.write(Decimal("12.34567"), least=2, most=4) == "12.3457"
    assert numbers.write(1234567) == "1,234,567"


@pytest.mark.parametrize("text", [None, "", " 1", "-1", "1.0", "²", "１", "٣", "9" * 19, "9" * 5000])
def test_what_is_no_whole_number_of_plain_digits_is_none(text: str | None) -> None:
    assert numbers.whole(text) is None


def test_a_whole_number_has_at_most_so_many_digits() -> None:
    assert numbers.whole("9" * 18) == 10**18 - 1
    assert (numbers.whole("0123456789", most=10), numbers.whole("0123456789", most=9)) == (123456789, None)
