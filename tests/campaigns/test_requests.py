"""Generated requests over every route, role and parameter: none breaks, and nobody writes what they may not.

A short part of it runs with every other test; `make fuzz` sends twenty thousand.
"""

import os
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests import people
from tests.campaigns.asking import Ask, Form, asks
from tests.campaigns.sending import Sender
from tests.factories import MAKERS
from tests.screens.browsing import Browser
from webapp import db
from webapp.screens.record import registry
from webapp.services.accounts import permissions
from webapp.web import guard

pytestmark = pytest.mark.usefixtures("connection")

A_ROUND, A_FEW = 250, 120
# A cell of a spreadsheet that is laid over a list.
RANGE = {"paste-text": "1", "bulk-step": "preview", "change_reason": "a test"}
ROUNDS = max(1, int(os.environ.get("REQUESTS", "0")) // A_ROUND)
IS_SHORT = "REQUESTS" not in os.environ
SEED = os.environ.get("SEED", "1")


def stored_keys() -> list[str]:
    """A row of everything, and the keys of them all."""
    keys = []
    for model, make in MAKERS.items():
        row = make()
        db.session.commit()
        keys.append(
            ",".join(str(getattr(row, column.name)) for column in model.__table__.primary_key.columns)
        )
    return keys


def real_forms(app: Flask, keys: list[str]) -> dict[str, Form]:
    """Endpoint -> the form of its page; whether a token goes with it is decided for each request."""
    browser, forms = Browser(app, "admin"), {}
    by_model = dict(zip(MAKERS, keys, strict=True))
    for screen in registry.declared():
        endpoint = screen.path.replace("-", "_")
        if screen.model not in by_model:
            continue
        key, here = by_model[screen.model], f"/admin/{screen.path}"
        row = urlencode({"id": key})
        whole = browser.form(f"{here}/edit/", id=key)
        forms[f"{endpoint}.edit_view"] = Form(row, whole)
        forms[f"{endpoint}.create_view"] = Form("", browser.form(f"{here}/new/"))
        forms[f"{endpoint}.delete_view"] = Form(
            "seen=1", {"id": key, "confirmed": "1", "change_reason": "a test"}
        )
        forms[f"{endpoint}.action_view"] = Form("", {"action": "delete", "rowid": key, "confirmed": "1"})
        forms[f"{endpoint}.ajax_lookup"] = Form("name=company_id", {})
        cell = next((name for name in whole if name not in ("row_version", "save_token", "csrf_token")), "")
        forms[f"{endpoint}.check_view"] = Form(row, whole)
        forms[f"{endpoint}.paste_view"] = Form("", {**RANGE, "rowid": key})
        forms[f"{endpoint}.cell_view"] = Form(f"{row}&name={cell}", {**whole, "change_reason": "a test"})
    return {name: Form(form.query, without_token(form.fields)) for name, form in forms.items()}


def without_token(form: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in form.items() if name != "csrf_token"}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_no_generated_request_breaks_anything_or_writes_what_its_sender_may_not(
    app: Flask, number: int
) -> None:
    keys = stored_keys()
    sender = Sender(app)
    strategy = asks(app, keys, real_forms(app, keys))

    # The same again for the same seed, as much as the numbers of the rows allow.
    @seed(f"{SEED} {number}")
    @settings(
        max_examples=A_FEW if IS_SHORT else A_ROUND,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def send(ask: Ask) -> None:
        sender.send(ask)

    send()
    sender.compare()
    assert sender.faults == []
    # Some of each: a generator that only ever meets closed doors would find nothing.
    assert {200, 302, 303, 400, 403, 404} <= set(sender.answers), sender.answers


def test_a_view_that_breaks_and_one_that_writes_unasked_would_be_found(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks() -> str:
        raise TypeError("canary")

    def writes() -> str:
        people.user("viewer")
        return "done"

    sender = Sender(app)
    ask = Ask("viewer", "account.start", "GET", "/", "", "")
    for view in (breaks, writes):
        monkeypatch.setitem(app.view_functions, "account.start", guard.requires(permissions.PUBLIC)(view))
        sender.send(ask)
        sender.compare()
    broke, wrote = sender.faults
    assert "TypeError: canary" in broke
    assert "wrote ['users']" in wrote
