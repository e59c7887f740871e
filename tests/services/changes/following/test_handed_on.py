"""What moves because a statement is deleted is told as moved, and what goes with it as gone."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests import factories
from tests.factories import AUTHOR, intent
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.following import indicators
from webapp.services.changes.proposals import Wish

BEFORE = {
    "fiscal_year_start_on": date(2023, 4, 1),
    "fiscal_year_end_on": date(2024, 3, 31),
    "period_start_on": date(2023, 4, 1),
    "period_end_on": date(2024, 3, 31),
}


@pytest.fixture(params=["one by one", "at once"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways in which indicators follow."""
    request.getfixturevalue("connection")
    if request.param == "at once":
        monkeypatch.setattr(indicators, "FEW", 0)


def two_years() -> tuple[Any, Any]:
    prior = factories.statement(**BEFORE, equity_attributable_to_owners=Decimal(400))
    now = factories.statement(
        company_id=prior.company_id,
        profit_attributable_to_owners=Decimal(60),
        equity_attributable_to_owners=Decimal(600),
    )
    return prior, now


def carried(*wishes: Wish) -> ChangeSet:
    change_set = applying.carry_out(proposing.propose(wishes, intent("import")))
    assert change_set is not None
    return change_set


def told(change_set: ChangeSet) -> Any:
    """ROE before and after, then how many are new and how many have gone."""
    db.session.refresh(change_set, ["indicator_moves"])
    kept = change_set.indicator_moves
    assert kept is not None
    for one in kept["moves"]:
        assert db.session.get(FinancialIndicator, one["indicator_id"]) is not None
    roe = [(one["before"], one["after"]) for one in kept["moves"] if one["name"] == "roe"]
    return [tuple(side and Decimal(side) for side in sides) for sides in roe], kept["new"], kept["gone"]


def test_what_a_year_loses_with_the_year_before_is_told() -> None:
    prior, _now = two_years()
    gone = carried(Wish(FinancialStatement, "delete", {}, (prior.id,)))
    assert told(gone) == ([(Decimal("0.12"), None)], 0, 1)


def test_what_a_restatement_has_moved_is_told_as_moved_back_where_it_is_undone() -> None:
    prior, now = two_years()
    values = {**factories.STATEMENT, "company_id": now.company_id, "revision_no": 1, "revision_type": "RES"}
    figures = {"profit_attributable_to_owners": Decimal(30), "equity_attributable_to_owners": Decimal(600)}
    made = carried(Wish(FinancialStatement, "create", values | figures))
    assert told(made) == ([(Decimal("0.12"), Decimal("0.06"))], 0, 0)
    door.undo(made.id, AUTHOR, None)
    undone = db.session.query(ChangeSet).filter_by(undoes_id=made.id).one()
    assert told(undone) == ([(Decimal("0.06"), Decimal("0.12"))], 0, 0)
    assert prior.is_current


def test_all_that_goes_is_counted() -> None:
    prior, now = two_years()
    wishes = [Wish(FinancialStatement, "delete", {}, (one.id,)) for one in (prior, now)]
    assert told(carried(*wishes)) == ([], 0, 2)
