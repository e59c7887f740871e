"""What many pages share is made once, and never shown to those for whom it was not made."""

import re

import pytest
from flask import Flask, render_template_string

from tests.screens.browsing import Browser
from webapp.web import fragments, speaking

SIDE = re.compile(r'<nav class="side".*?</nav>', re.DOTALL)
KEPT = "{{ kept('kept.html', who=who) }}"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Flask:
    app = Flask(__name__)
    made: list[str] = []
    speaking.install(app)
    fragments.install(app)

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
    monkeypatch.setattr(fragments, "MOST", 2)
    with bare.test_request_context():
        for who in ("a", "b", "a", "c", "a", "b"):
            render_template_string(KEPT, who=who)
    assert bare.extensions["made"] == ["a", "b", "c", "b"]


def test_a_drawing_is_found_below_the_path_of_the_application(bare: Flask) -> None:
    for root in ("", "/below", ""):
        with bare.test_request_context(environ_overrides={"SCRIPT_NAME": root}):
            drawing = render_template_string("{{ icon_of('plus') }}")
        assert f'href="{root}/static/icons.svg#plus"' in drawing
