"""Units of money: lists show what is chosen, cut off and never rounded; files keep every yen."""

from decimal import Decimal

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser
from webapp.words import units

STATEMENTS = "/admin/statements/"


@pytest.mark.parametrize(
    ("yen", "word", "shown"),
    [
        ("1999999", "million", 1),
        ("-1999999", "million", -1),
        ("999999", "million", 0),
        ("-999999", "million", 0),
        ("1999", "thousand", 1),
        ("19999999999", "hundred-million", 199),
        ("99999999999999999999", "million", 99999999999999),
        ("-5", "yen", -5),
    ],
)
def test_amounts_are_cut_toward_zero(yen: str, word: str, shown: int) -> None:
    assert units.UNITS[word].of(Decimal(yen)) == shown


@pytest.mark.usefixtures("connection")
class TestLists:
    def test_the_unit_of_the_address_is_in_head_and_cells_and_links(self, app: Flask) -> None:
        factories.statement(revenue=1_999_999_999, operating_income=-700_000)
        browser = Browser(app)
        assert "1,999,999,999" in browser.get(STATEMENTS).text
        page = browser.get(STATEMENTS, unit="million").text
        assert "1,999</td>" in page
        assert "</span>0</span></td>" in page, "a small loss is still a loss"
        assert "1,999,999,999" not in page
        assert '<span class="unit"> (million yen)</span>' in page
        head = page[page.index("<thead>") : page.index("</thead>")]
        assert "unit=million" in head

    def test_a_choice_is_remembered_until_another_one(self, app: Flask) -> None:
        factories.statement(revenue=1_999_999_999)
        browser = Browser(app)
        browser.get(STATEMENTS, unit="thousand")
        assert "1,999,999</td>" in browser.get(STATEMENTS).text
        browser.get(STATEMENTS, unit="yen")
        assert "1,999,999,999</td>" in browser.get(STATEMENTS).text

    def test_a_unit_that_is_none_is_yen(self, app: Flask) -> None:
        factories.statement(revenue=1_999_999_999)
        for unit in ("", "dollar", "0", "x" * 5000):
            assert "1,999,999,999</td>" in Browser(app).get(STATEMENTS, unit=unit).text

    def test_whole_files_and_details_keep_every_yen(self, app: Flask) -> None:
        row = factories.statement(revenue=1_999_999_999)
        key = row.id
        browser = Browser(app)
        browser.get(STATEMENTS, unit="million")
        file = browser.get("/admin/statements/export/all/", unit="million")
        assert "1999999999" in file.text
        file.close()
        assert "1,999,999,999" in browser.get("/admin/statements/details/", id=key).text

    def test_lists_without_money_offer_no_unit(self, app: Flask) -> None:
        factories.company()
        assert "Unit:" not in Browser(app).get("/admin/companies/").text
        assert "Unit: yen" in Browser(app).get("/admin/prices/").text
