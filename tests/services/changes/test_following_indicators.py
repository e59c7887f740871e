"""Indicators follow their inputs: a change of a statement, of the year before it or of a price moves them at once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AUTHOR, intent
from webapp import db
from webapp.models.company import Company
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.corporate_action import CorporateAction
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
    chosen = select(FinancialIndicator).where(FinancialIndicator.basis == "FY")
    return {one.statement_id or 0: one for one in db.session.scalars(chosen)}


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
    _prior, now = two_years(revenue=Decimal(500))
    number = now.id
    assert number in indicators()
    applying.carry_out(
        proposing.propose([Wish(FinancialStatement, "delete", {}, (now.id,))], intent("delete"))
    )
    assert number not in indicators()


def at(as_of_on: date, basis: str) -> FinancialIndicator:
    """What is stored of a day, by basis, read anew."""
    db.session.expire_all()
    chosen = select(FinancialIndicator).where(
        FinancialIndicator.as_of_on == as_of_on, FinancialIndicator.basis == basis
    )
    return db.session.scalars(chosen).one()


def half_year(company_id: int, year: int, kind: str, revenue: int) -> Any:
    """The first six months of a fiscal year."""
    own = {
        "fiscal_year_start_on": date(year, 4, 1),
        "fiscal_year_end_on": date(year + 1, 3, 31),
        "period_start_on": date(year, 4, 1),
        "period_end_on": date(year, 9, 30),
    }
    return factories.statement(company_id=company_id, period_type=kind, revenue=Decimal(revenue), **own)


def test_the_last_twelve_months_are_the_year_and_what_this_one_has_come_to_less_the_same_of_the_one_before() -> (
    None
):
    _prior, now = two_years(revenue=Decimal(1000), operating_income=Decimal(100))
    half = half_year(now.company_id, 2025, "HY", 600)
    assert at(date(2025, 9, 30), "TTM").statuses["operating_margin"] == "missing_input"
    # Q2 and HY are the same six months.
    before = half_year(now.company_id, 2024, "Q2", 400)
    change(before, operating_income=Decimal(30))
    change(half, operating_income=Decimal(50))
    stored = at(date(2025, 9, 30), "TTM")
    assert stored.statement_id == half.id
    assert stored.operating_margin == Decimal("0.1")
    assert half.id not in {
        one.statement_id
        for one in db.session.scalars(select(FinancialIndicator).where(FinancialIndicator.basis == "FY"))
    }
    change(before, revenue=Decimal(500))
    assert at(date(2025, 9, 30), "TTM").operating_margin == Decimal("0.10909091")


def test_three_months_are_what_has_been_added_since_the_quarter_before() -> None:
    company = factories.company().id
    first = half_year(company, 2024, "HY", 300)
    chosen = select(FinancialIndicator.basis).where(FinancialIndicator.statement_id == first.id)
    assert set(db.session.scalars(chosen)) == {"TTM"}
    factories.statement(
        company_id=company,
        period_type="Q1",
        revenue=Decimal(100),
        operating_income=Decimal(20),
        **{**YEAR, "period_end_on": date(2024, 6, 30)},
    )
    change(first, operating_income=Decimal(30))
    assert at(date(2024, 6, 30), "QTR").operating_margin == Decimal("0.2")
    stored = at(date(2024, 9, 30), "QTR")
    assert (stored.operating_margin, stored.statuses["roe"]) == (Decimal("0.05"), "not_applicable")


def test_a_split_between_the_price_and_the_count_of_shares_is_in_neither_twice() -> None:
    """分割 five for one: traded without from 28 March, counted from 1 April."""
    figures = {"shares_issued": 110, "treasury_share_count": 10, "dps_annual": Decimal(50)}
    _prior, now = two_years(equity_attributable_to_owners=Decimal(5000), **figures)
    factories.price(company_id=now.company_id, traded_on=date(2025, 3, 31))
    assert indicators()[now.id].market_cap == Decimal(100_000)
    split = factories.corporate_action(
        company_id=now.company_id,
        ex_on=date(2025, 3, 28),
        effective_on=date(2025, 4, 1),
        ratio_from=Decimal(1),
        ratio_to=Decimal(5),
    )
    stored = indicators()[now.id]
    assert (stored.market_cap, stored.pbr, stored.dividend_yield) == (
        Decimal(500_000),
        Decimal(100),
        Decimal("0.01"),
    )
    assert stored.shares_on == date(2025, 3, 31)
    applying.carry_out(
        proposing.propose([Wish(CorporateAction, "delete", {}, (split.id,))], intent("delete"))
    )
    assert indicators()[now.id].market_cap == Decimal(100_000)


def test_shares_that_a_statement_does_not_count_are_those_that_were_counted_last() -> None:
    _prior, now = two_years(shares_issued=110)
    factories.price(company_id=now.company_id, traded_on=date(2025, 3, 31))
    stored = indicators()[now.id]
    assert (stored.market_cap, stored.market_cap_gross) == (None, Decimal(110_000))
    factories.shares(company_id=now.company_id, as_of_on=date(2025, 2, 28), issued=100, treasury=20)
    factories.shares(company_id=now.company_id, as_of_on=date(2025, 4, 30), issued=100, treasury=99)
    stored = indicators()[now.id]
    assert (stored.market_cap, stored.shares_on) == (Decimal(80_000), date(2025, 2, 28))


def test_a_change_set_keeps_what_it_has_moved_and_an_undoing_what_it_moves_back() -> None:
    prior, now = two_years(
        profit_attributable_to_owners=Decimal(60), equity_attributable_to_owners=Decimal(600)
    )
    done = change(prior, equity_attributable_to_owners=Decimal(200))
    (moved,) = [one for one in done.indicator_moves["moves"] if one["name"] == "roe"]
    assert (moved["before"], moved["after"], moved["as_of_on"]) == ("0.12000000", "0.15000000", "2025-03-31")
    assert done.indicator_moves["moved"] == len(done.indicator_moves["moves"])
    undone = door.undo(done.id, AUTHOR, None)
    assert isinstance(undone, door.Applied)
    assert undone.moves is not None
    (moved,) = [one for one in undone.moves["moves"] if one["name"] == "roe"]
    assert (moved["before"], moved["after"]) == ("0.15000000", "0.12000000")
    assert change(now, employees=7).indicator_moves["moved"] == 0
    company = change_of_company(now.company_id)
    assert company.indicator_moves is None


def change_of_company(company_id: int) -> Any:
    """A change that moves no indicator."""
    wish = Wish(Company, "update", {"name_en": "Other"}, (company_id,))
    return applying.carry_out(proposing.propose([wish], intent()))
