"""Whatever is rendered once and kept, everybody gets the page that would be made for them anew."""

import itertools
import random
import re
import sys
from collections.abc import Sequence
from functools import _lru_cache_wrapper, cache
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import meta

from tests import factories, people
from tests.screens.test_every_screen import MAKERS, ROOT, screens
from webapp import db
from webapp.rules.people.account import LANGUAGE, ROLES
from webapp.web import speaking
from webapp.words import keys, speech, units

pytestmark = pytest.mark.usefixtures("connection")

# A place where the application is not alone on its host.
ROOTS = ("", "/below")
# Where money is shown in yen, and where not.
UNITS = (units.YEN.word, "million")
# What no two answers share: tokens of forms, and the moment of printing.
TOKEN = re.compile(
    r'(data-stored-as=|<(?:input|meta)\b[^>]*name="(?:csrf_token|save_token|csrf-token)"[^>]*(?:value|content)=)"[^"]*"'
)
PRINTED = re.compile(r'<p class="printed">.*?</p>')
KEPT = re.compile(r"""\bkept\(\s*'([^']+)'""")
# What differs between readers and stands nowhere in what a piece is given.
AMBIENT = {"current_user", "csrf_token", "g", "get_flashed_messages", "request", "session"}


class Asked(NamedTuple):
    """One page for one kind of reader."""

    path: str
    role: str
    language: str
    unit: str
    root: str


def readers(units_shown: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Role, language, unit and root: beside each reader one who differs from them in nothing but one of these.

    Every role reads in every language; elsewhere than at the first root and in the first unit in one of them, another
    with every run, since what is made for some roles alone is made for them in either language.
    """
    own = [
        (role, language, units_shown[0], ROOTS[0])
        for role, language in itertools.product(ROLES, LANGUAGE.words)
    ]
    elsewhere = list(itertools.product(units_shown, ROOTS))[1:]
    in_one = [(role, random.choice(list(LANGUAGE.words))) for role in ROLES]
    return own + [(*one, unit, root) for one in in_one for unit, root in elsewhere]


def asked_of(screen: Any) -> list[Asked]:
    """The list in each unit, a record and the forms, for every kind of reader."""
    maker = MAKERS.get(screen.model)
    key = "" if maker is None else keys.write(keys.of_row(maker()))
    db.session.commit()
    pages = {
        "index_view": ("", UNITS if screen.view.plan.money else UNITS[:1]),
        "details_view": (f"details/?id={key}" if key else None, UNITS[:1]),
        "create_view": ("new/", UNITS[:1]),
        "edit_view": (f"edit/?id={key}" if key else None, UNITS[:1]),
    }
    return [
        Asked(f"/admin/{screen.path}/{path}", role, language, unit, root)
        for view, (path, shown_in) in pages.items()
        if view in screen.view.rights and path is not None
        for role, language, unit, root in readers(shown_in)
    ]


def answer(clients: dict[str, FlaskClient], asked: Asked) -> str:
    """The page, without what is never the same twice."""
    response = clients[asked.role].get(
        asked.path,
        query_string=None if "?" in asked.path else {"unit": asked.unit},
        headers={"Accept-Language": asked.language},
        environ_overrides={"SCRIPT_NAME": asked.root},
    )
    page = PRINTED.sub("", TOKEN.sub(r"\1", response.text))
    return f"{response.status} {page}"


@cache
def remembering() -> list["_lru_cache_wrapper[Any]"]:
    """Every function of the application that keeps its answers."""
    modules = [module for name, module in sys.modules.items() if name.startswith("webapp.")]
    values = [value for module in modules for value in vars(module).values()]
    return [
        value for value in values if isinstance(value, _lru_cache_wrapper) and value is not speech.of_language
    ]


def forget_everything(app: Flask) -> None:
    """As when the application has just been started."""
    for function in remembering():
        function.cache_clear()
    speaking.keep_pieces(app)


@pytest.mark.parametrize("screen", screens(), ids=lambda screen: screen.path)
def test_every_reader_gets_the_page_that_is_made_for_them(app: Flask, screen: Any) -> None:
    factories.statement()
    clients = {role: people.signed_in(app, people.user(role)) for role in ROLES}
    asked = asked_of(screen)
    fresh = {}
    for one in asked:
        forget_everything(app)
        fresh[one] = answer(clients, one)
    assert len(set(fresh.values())) > len(LANGUAGE.words) * len(ROOTS)
    # What readers share, all but the first are handed; and what a page keeps for itself, some ask for again.
    for one in random.sample(asked, len(asked)) + random.sample(asked, len(asked) // 4):
        assert answer(clients, one) == fresh[one], one


def test_what_a_kept_piece_shows_comes_from_what_it_is_given(app: Flask) -> None:
    folder = ROOT / "templates"
    kept = {name for path in folder.rglob("*.html") for name in KEPT.findall(path.read_text())}
    assert len(kept) > 2
    for name in kept:
        template = app.jinja_env.parse((folder / name).read_text())
        assert not meta.find_undeclared_variables(template) & AMBIENT, name
