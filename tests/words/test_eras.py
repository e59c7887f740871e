"""Years of the eras: named as filings name them, and only a hint."""

from datetime import date

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser
from webapp.words import eras, formatters, speech


@pytest.mark.parametrize(
    ("day", "japanese", "english"),
    [
        (date(2025, 3, 31), "令和7年", "Reiwa 7"),
        (date(2019, 12, 31), "令和元年", "Reiwa 1"),
        (date(2019, 5, 1), "令和元年", "Reiwa 1"),
        (date(2019, 4, 30), "平成31年", "Heisei 31"),
        (date(1989, 1, 8), "平成元年", "Heisei 1"),
        (date(1989, 1, 7), "昭和64年", "Showa 64"),
        (date(1926, 12, 25), "昭和元年", "Showa 1"),
        (date(1926, 12, 24), "大正15年", "Taisho 15"),
        (date(1912, 7, 30), "大正元年", "Taisho 1"),
        (date(1912, 7, 29), "明治45年", "Meiji 45"),
        (date(1873, 1, 1), "明治6年", "Meiji 6"),
        (date(1872, 12, 31), None, None),
        (date(1, 1, 1), None, None),
        (date(9999, 12, 31), "令和7981年", "Reiwa 7981"),
    ],
)
def test_a_day_has_the_year_of_its_era(day: date, japanese: str | None, english: str | None) -> None:
    for language, expected in (("ja", japanese), ("en", english)):
        assert eras.year(day, speech.of_language(language)) == expected


def test_a_date_without_an_era_is_a_date_and_no_date_is_nothing() -> None:
    japanese = speech.of_language("ja")
    assert formatters.day_with_era(date(1800, 1, 2), japanese) == "1800/01/02"
    assert formatters.day_with_era(None, japanese) is None


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize(("language", "era"), [("ja", "令和7年"), ("en", "Reiwa 7")])
def test_the_era_stands_beside_a_date_on_its_page_and_in_its_form_but_not_in_lists(
    app: Flask, language: str, era: str
) -> None:
    key = factories.statement(fiscal_year_end_on=date(2025, 3, 31)).id
    browser = Browser(app, language=language)
    assert era in browser.get("/admin/statements/details/", id=key).text
    form = browser.get("/admin/statements/edit/", id=key).text
    assert f'<output class="era" for="fiscal_year_end_on">{era}</output>' in form
    assert era not in browser.get("/admin/statements/").text
