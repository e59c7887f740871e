"""Languages: what was chosen, then what the browser asks for, then Japanese."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask, session
from flask_babel import get_timezone

from tests.screens.browsing import Browser
from webapp.web import speaking


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("", "ja"),
        ("*", "ja"),
        ("fr", "ja"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("fr,en;q=0.5", "en"),
        ("en;q=0.5,ja;q=0.9", "ja"),
        (";;;q=x", "ja"),
    ],
)
def test_the_browsers_wish_counts_and_japanese_comes_first(app: Flask, asked: str, answered: str) -> None:
    with app.test_request_context(headers={"Accept-Language": asked}):
        assert speaking.speech().language == answered


def test_a_choice_counts_more_than_the_browsers_wish(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        session[speaking.CHOSEN] = "en"
        assert speaking.speech().language == "en"
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        session[speaking.CHOSEN] = "fr"
        assert speaking.speech().language == "ja"


def test_times_are_shown_as_in_japan(app: Flask) -> None:
    with app.test_request_context():
        assert str(get_timezone()) == "Asia/Tokyo"


@pytest.mark.usefixtures("connection")
def test_a_page_says_for_paper_when_it_was_made_in_the_readers_language(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, hour, told in (("en", 1, "2027-01-02 10:03"), ("ja", 4, "2027/01/02 13:03")):
        moment = datetime(2027, 1, 2, hour, 3, 59, tzinfo=UTC)
        monkeypatch.setattr(speaking, "datetime", SimpleNamespace(now=lambda _zone, moment=moment: moment))
        page = Browser(app, language=language).get("/admin/companies/").text
        assert f'<p class="printed">Stock Code Admin · {told}' in page
