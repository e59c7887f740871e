"""Keys typed into addresses."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp import db
from webapp.models.company import Company
from webapp.models.industry import Industry
from webapp.models.stock_price import StockPrice
from webapp.words import keys


@pytest.mark.parametrize(
    ("model", "typed", "key"),
    [
        (Company, "5", (5,)),
        (Industry, "0050", ("0050",)),
        (StockPrice, "5,2025-06-27", (5, date(2025, 6, 27))),
    ],
)
def test_a_key_is_read_in_its_own_type(model: type[db.Base], typed: str, key: tuple[Any, ...]) -> None:
    assert keys.parse(model, typed) == key


@pytest.mark.parametrize(
    ("model", "typed"),
    [
        (Company, "abc"),
        (Company, "1,2"),
        (Company, ""),
        (Company, None),
        (Company, ("1", "2")),
        (Company, "٣"),
        (Company, "９"),
        (Company, "1\x00"),
        (Company, "9" * 19),
        (Company, "9" * 5000),
        (Company, "1.0"),
        (Industry, "00500"),
        (Industry, "00\x01"),
        (StockPrice, "5"),
        (StockPrice, "5,2025-02-30"),
        (StockPrice, "5,20250627"),
        (StockPrice, "5,2025-06-27,1"),
    ],
)
def test_what_is_no_key_is_none(model: type[db.Base], typed: Any) -> None:
    assert keys.parse(model, typed) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_keys(typed: str) -> None:
    for model in (Company, Industry, StockPrice):
        keys.parse(model, typed)


def test_several_keys_are_all_good_or_none_is() -> None:
    assert keys.parse_all(Company, ["1", "2", "1"]) == [(1,), (2,)]
    assert keys.parse_all(Company, ["1", "x"]) is None
    assert keys.parse_all(Company, []) is None
