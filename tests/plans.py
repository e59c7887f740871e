"""Change what a screen declares of its list, for one test."""

from dataclasses import replace
from typing import Any

import pytest

from webapp import db, screens
from webapp.discovering import import_all
from webapp.lists import counting, reading
from webapp.lists import plan as plans
from webapp.lists.plan import ListPlan
from webapp.screens.record import registry

# A screen declares its list: whoever asks here first may have made no application yet.
import_all(screens.__path__, screens.__name__)


def of(model: type[db.Base]) -> ListPlan:
    """The list of a kind of record."""
    plan = plans.of_model(model)
    assert plan is not None, model
    return plan


def alter(monkeypatch: pytest.MonkeyPatch, model: type[db.Base], **changes: Any) -> None:
    """Let the list of this model be another one until the test ends.

    Another plan, not the same one changed: what is worked out once is kept by plan, and would outlive the test.
    """
    altered = replace(of(model), **changes)
    monkeypatch.setitem(plans._plans, model, altered)
    for screen in registry.declared():
        if screen.model is model:
            monkeypatch.setattr(screen.view, "plan", altered)


def count_up_to(
    monkeypatch: pytest.MonkeyPatch, model: type[db.Base], number: int, *, estimated_from: int | None = None
) -> None:
    """Let the list of this model be counted no further than this until the test ends: its statements hold the limit."""
    monkeypatch.setattr(reading, "COUNTED_UP_TO", number)
    if estimated_from is not None:
        monkeypatch.setattr(counting, "ESTIMATED_FROM", estimated_from)
    alter(monkeypatch, model)
