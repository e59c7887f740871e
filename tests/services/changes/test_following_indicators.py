"""Indicators follow their inputs: a change of a statement, of the year before it or of a price moves them at once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AUTHOR, intent
from webapp import db
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")
YEAR = {
    "fiscal_year_start_on": date(2024, 4, 1),
    "fiscal_year_end_on": date(2025, 3, 31),
    "period_start_on": date(2024, 4, 1),
    "period_end_on": date(2025, 3, 31),
}
BEFORE = {name: day.replace(year=day.year - 1) for name, day in YEAR.items()}


def indicators() -> dict[int, FinancialIndicator]:
    """What is stored, by statement, read anew."""
    db.session.expire_all()
    return {one.statement_id or 0: one for one in db.session.scalars(select(FinancialIndicator))}


def two_years(**figures: Any) -> tuple[Any, Any]:
    """A year and the one before, of one company."""
    prior = factories.statement(**BEFORE, equity_attributable_to_owners=Decimal(400), revenue=Decimal(800))
    now = factories.statement(company_id=prior.company_id, **YEAR, **figures)
    return prior, now


def change(row: Any, **values: Any) -> Any:
    """Change a stored statement through the door; the change set."""
    wish = Wish(FinancialStatement, "update", values, (row.id,))
    return applying.carry_out(proposing.propose([wish], intent()))


def test_a_saved_statement_has_its_indicators_in_the_same_transaction() -> None:
    profit, equity = Decimal(60), Decimal(600)
    prior, now = two_years(
        profit_attributable_to_owners=profit, equity_attributable_to_owners=equity, revenue=Decimal(1000)
    )
    stored = indicators()[now.id]
    # On the average of 400 and 600, never on the equity at the end alone.
    assert (stored.roe, stored.net_margin, stored.revenue_growth) == (
        Decimal("0.12"),
        Decimal("0.06"),
        Decimal("0.25"),
    )
    assert (stored.prior_statement_id, stored.as_of_on, stored.basis) == (prior.id, date(2025, 3, 31), "FY")
    assert {"roe", "net_margin"}.isdisjoint(stored.statuses)
    assert stored.statuses["per"] == "missing_input"
    assert indicators()[prior.id].statuses["roe"] == "missing_input"


def test_a_correction_of_the_year_before_moves_this_years_and_undoing_moves_it_back() -> None:
    prior, now = two_years(
        profit_attributable_to_owners=Decimal(60), equity_attributable_to_owners=Decimal(600)
    )
    done = change(prior, equity_attributable_to_owners=Decimal(200))
    assert indicators()[now.id].roe == Decimal("0.15")
    door.undo(done.id, AUTHOR, None)
    assert indicators()[now.id].roe == Decimal("0.12")


def test_a_price_moves_what_is_reckoned_with_it_and_a_price_after_the_year_does_not() -> None:
    _prior, now = two_years(eps_basic=Decimal(50), dps_annual=Decimal(30))
    factories.price(
        company_id=now.company_id,
        traded_on=date(2025, 4, 1),
        **dict.fromkeys(("open", "high", "low", "close"), Decimal(9)),
    )
    assert indicators()[now.id].per is None
    factories.price(company_id=now.company_id, traded_on=date(2025, 3, 28))
    stored = indicators()[now.id]
    assert (stored.per, stored.dividend_yield, stored.payout_ratio) == (
        Decimal(20),
        Decimal("0.03"),
        Decimal("0.6"),
    )
    assert stored.price_on == date(2025, 3, 28)


def test_from_a_loss_to_a_profit_there_is_no_rate_and_a_negative_base_has_no_sign() -> None:
    prior, now = two_years(
        profit_attributable_to_owners=Decimal(60), equity_attributable_to_owners=Decimal(-900)
    )
    change(prior, profit_attributable_to_owners=Decimal(-10))
    stored = indicators()[now.id]
    assert (stored.profit_growth, stored.statuses["profit_growth"]) == (None, "turned_profit")
    assert (stored.roe, stored.statuses["roe"]) == (None, "negative_base")


def test_what_is_current_no_more_has_none_and_indicators_are_no_obstacle_to_deleting() -> None:
    _prior, now = two_years(revenue=Decimal(5))
    number = now.id
    assert number in indicators()
    applying.carry_out(
        proposing.propose([Wish(FinancialStatement, "delete", {}, (now.id,))], intent("delete"))
    )
    assert number not in indicators()
