"""Generated requests over every route, role and parameter: none breaks, and nobody writes what they may not.

A short part of it runs with every other test; `make fuzz` sends twenty thousand.
"""

import os
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests import people
from tests.campaigns.asking import Ask, asks, meant
from tests.campaigns.meaning import key_of, real_forms, stored
from tests.campaigns.sending import Sender
from tests.conftest import TOLD
from tests.factories import MAKERS
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.services.accounts import permissions
from webapp.web import gate

pytestmark = pytest.mark.usefixtures("connection")

A_ROUND, A_FEW = 250, 110
ROUNDS = max(1, int(os.environ.get("REQUESTS", "0")) // A_ROUND)
IS_SHORT = "REQUESTS" not in os.environ
# Opening and filling in each form takes longer than all that a short part sends.
WITH_FORMS = {Company, FinancialStatement} if IS_SHORT else set(MAKERS)
SEED = os.environ.get("SEED", "1")


@pytest.mark.parametrize("number", range(ROUNDS))
def test_no_generated_request_breaks_anything_or_writes_what_its_sender_may_not(
    app: Flask, number: int, record_property: Callable[[str, object], None]
) -> None:
    by_model = {model: key_of(stored(model)) for model in MAKERS}
    sender = Sender(app)
    forms = real_forms(app, {model: key for model, key in by_model.items() if model in WITH_FORMS})
    strategy = asks(app, list(by_model.values()), forms)

    # As they are meant, all are stored: of what nobody could save, nothing would be learned by spoiling it.
    for endpoint, form in forms.items():
        sender.send(meant(app, "admin", endpoint, form))
    assert {name for name, form in forms.items() if form.stores and not sender.stored[name]} == set()

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
    assert {200, 302, 400, 403, 404} <= set(sender.answers), sender.answers
    record_property(TOLD, f"answers {dict(sender.answers)}, {sender.stored.total()} of them stored something")


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
        monkeypatch.setitem(app.view_functions, "account.start", gate.requires(permissions.PUBLIC)(view))
        sender.send(ask)
        sender.compare()
    broke, wrote = sender.faults
    assert "TypeError: canary" in broke
    assert "wrote ['users']" in wrote
