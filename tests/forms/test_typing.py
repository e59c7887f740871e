"""Whatever somebody types into a form, it is stored as they see it or refused at its field; nothing breaks.

A few tries with every test, sixty of each form by `make fuzz`.
"""

import os
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.screens.browsing import Browser
from tests.screens.test_every_screen import MAKERS, a_row, screens
from webapp import db
from webapp.forms import record_form
from webapp.words import speech

pytestmark = pytest.mark.usefixtures("connection")

# What has broken forms before, beside what Hypothesis thinks of.
NASTY = (
    "\x00",
    "\ud800",
    "%ED%A0%80",
    "９" * 30,
    "△",
    "()",
    "1e400",
    "-0",
    "0" * 50 + "1",
    "9999-12-31",
    "0001-01-01",
    "0000-00-00",
    "9999-12-31T23:59:59.999999",
    "0001-01-01T00:00",
    "2024-06-01T00:00+99:99",
    "2024-06-01T00:00Z",
    "\r\n",
    "\u2028",
    "\u200b",
    "ﷺ" * 100,
    "' OR 1=1 --",
    "{{ 7*7 }}",
    "%s%(x)s",
    "=1+1",
    "1,2",
    "-1",
)
TRIES = 60 if "REQUESTS" in os.environ else 8
typed = st.sampled_from(NASTY) | st.text(max_size=30)


def names(model: type[db.Base], *, is_new: bool) -> list[str]:
    (view,) = [screen.view for screen in screens() if screen.model is model]
    made: Any = record_form.form_class(view.form_plan, speech.of_language("en"), is_new=is_new)
    return [name for name in dir(made) if hasattr(getattr(made, name), "field_class")]


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
@settings(
    max_examples=TRIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_typing_breaks_a_form(app: Flask, model: type[db.Base], data: st.DataObject) -> None:
    browser = Browser(app)
    key = a_row(model)
    (path,) = [screen.path for screen in screens() if screen.model is model]
    chosen = data.draw(
        st.lists(st.sampled_from(names(model, is_new=False)), min_size=1, max_size=4, unique=True)
    )
    changes = {name: data.draw(typed) for name in chosen}
    answer = browser.save(f"/admin/{path}/edit/", {n: _sendable(text) for n, text in changes.items()}, id=key)
    # Of another version of the record it is a conflict.
    allowed = (200, 302, 400, 409) if "row_version" in changes else (200, 302, 400)
    assert answer.status_code in allowed, (changes, answer.status)
    assert browser.get(f"/admin/{path}/details/", id=key).status_code == 200
    assert browser.get(f"/admin/{path}/").status_code == 200


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
@settings(
    max_examples=TRIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_typing_breaks_a_new_record(app: Flask, model: type[db.Base], data: st.DataObject) -> None:
    browser = Browser(app)
    company = str(factories.company().id)
    db.session.commit()
    (path,) = [screen.path for screen in screens() if screen.model is model]
    sent = {name: _sendable(data.draw(typed)) for name in names(model, is_new=True)}
    if data.draw(st.booleans()) and "company_id" in sent:
        sent["company_id"] = company
    assert browser.post(f"/admin/{path}/new/", sent).status_code in (200, 302, 400)


def _sendable(text: str) -> str:
    """As a browser sends it: it has no lone surrogates to send."""
    return text.encode("utf-8", "replace").decode()
