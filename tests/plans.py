"""Change what a screen declares of its list, for one test."""

from typing import Any

import pytest

from webapp import db
from webapp.lists import plan as plans
from webapp.lists.plan import ListPlan


def of(model: type[db.Base]) -> ListPlan:
    """The list of a kind of record."""
    plan = plans.of_model(model)
    assert plan is not None, model
    return plan


def alter(monkeypatch: pytest.MonkeyPatch, model: type[db.Base], **changes: Any) -> None:
    """Let the list of this model be another one until the test ends; plans are frozen for everybody else."""
    for name, value in changes.items():
        monkeypatch.setitem(vars(of(model)), name, value)
