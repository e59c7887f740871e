"""Figures are typed in the order in which a report prints them."""

import pytest

from webapp.models import figures
from webapp.screens.statements import typed_order
from webapp.screens.statements.sheet import layouts
from webapp.words.statement_labels import Basis

PARTS = {
    "income": (typed_order.INCOME_STATEMENT, figures.IncomeStatement),
    "balance": (typed_order.BALANCE_SHEET, figures.BalanceSheet),
    "cash": (typed_order.CASH_FLOWS, figures.CashFlows),
}


@pytest.mark.parametrize("part", PARTS)
def test_every_figure_of_a_part_is_typed_once(part: str) -> None:
    order, model = PARTS[part]
    assert sorted(order) == sorted(model.__annotations__)


@pytest.mark.parametrize("part", ["income", "balance"])
def test_a_report_of_most_companies_is_typed_from_the_top_down(part: str) -> None:
    order, _model = PARTS[part]
    printed = next(one for one in layouts.of(Basis("JGAAP", "consolidated")) if one.name == part)
    names = [line.field for line in printed.lines]
    assert list(order[: len(names)]) == names


def test_what_the_sum_is_of_stands_before_the_sum() -> None:
    places = {name: place for place, name in enumerate(typed_order.CASH_FLOWS)}
    assert places["depreciation_amortization"] < places["operating_cash_flow"]
    assert places["capex_ppe"] < places["investing_cash_flow"]
    assert places["dividends_paid"] < places["financing_cash_flow"]
