"""Languages: what was chosen, then what the browser asks for, then Japanese.

What many pages share is made once, and never shown to those for whom it was not made.
"""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string, session
from flask_babel import get_timezone

from tests.screens.browsing import Browser
from webapp.web import speaking

SIDE = re.compile(r'<nav class="side".*?</nav>', re.DOTALL)
KEPT = "{{ kept('kept.html', who=who) }}"


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


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Flask:
    app = Flask(__name__)
    made: list[str] = []
    speaking.install(app)

    class Template:
        def render(self, context: dict[str, str]) -> str:
            made.append(context["who"])
            return f"<p>{context['who']}</p>"

    monkeypatch.setattr(app.jinja_env, "get_template", lambda _name: Template())
    app.extensions["made"] = made
    return app


def side_of(app: Flask, role: str, path: str, language: str = "en") -> str:
    found = SIDE.search(Browser(app, role, language).get(path).text)
    assert found is not None
    return found[0]


@pytest.mark.usefixtures("connection")
def test_each_role_screen_and_language_has_its_own_sidebar(app: Flask) -> None:
    for _ in range(2):  # the second time from what was kept
        assert "Users" in side_of(app, "admin", "/admin/companies/")
        assert "Users" not in side_of(app, "viewer", "/admin/companies/")
        japanese = side_of(app, "admin", "/admin/companies/", "ja")
        assert "利用者" in japanese
        assert "Users" not in japanese
        here = re.findall(
            r'<a href="([^"]+)" aria-current="page"', side_of(app, "admin", "/admin/industries/")
        )
        assert here == ["/admin/industries/"]


def test_a_piece_is_made_once_for_each_key(bare: Flask) -> None:
    with bare.test_request_context():
        pages = [render_template_string(KEPT, who=who) for who in ("a", "b", "a", "b")]
    assert pages == ["<p>a</p>", "<p>b</p>", "<p>a</p>", "<p>b</p>"]
    assert bare.extensions["made"] == ["a", "b"]


def test_what_is_asked_for_least_makes_room(bare: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "MOST_PIECES", 2)
    with bare.test_request_context():
        for who in ("a", "b", "a", "c", "a", "b"):
            render_template_string(KEPT, who=who)
    assert bare.extensions["made"] == ["a", "b", "c", "b"]


def test_a_drawing_is_found_below_the_path_of_the_application(bare: Flask) -> None:
    for root in ("", "/below", ""):
        with bare.test_request_context(environ_overrides={"SCRIPT_NAME": root}):
            drawing = render_template_string("{{ icon_of('plus') }}")
        assert f'href="{root}/static/icons.svg#plus"' in drawing
