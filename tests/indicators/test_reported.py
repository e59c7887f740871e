"""What indicators are reckoned of, and what companies report themselves of the same: near enough, as it is printed."""

from decimal import Decimal

import pytest

from webapp.indicators.formulas import BY_NAME
from webapp.indicators.reported import REPORTED
from webapp.models.financial_statement import FinancialStatement


def test_each_indicator_names_its_inputs_once() -> None:
    names = [figure.name for figure in BY_NAME["roe"].inputs]
    assert names == [
        "profit_attributable_to_owners",
        "equity_attributable_to_owners",
        "equity_attributable_to_owners",
    ]


@pytest.mark.parametrize(
    ("name", "computed", "reported", "agrees"),
    [
        ("roe", "0.1006", "0.1", True),
        ("roe", "0.1007", "0.1", False),
        ("eps", "100.5", "100", True),
        ("eps", "100.6", "100", False),
        ("eps", "-100.5", "-100", True),
    ],
)
def test_both_agree_as_far_as_what_is_printed_was_rounded(
    name: str, computed: str, reported: str, agrees: bool
) -> None:
    assert REPORTED[name].agrees(Decimal(computed), Decimal(reported)) is agrees


def test_each_stands_beside_a_column_of_the_statement() -> None:
    columns = FinancialStatement.__table__.columns
    assert {one.field for one in REPORTED.values()} <= set(columns.keys())
    assert REPORTED.keys() <= BY_NAME.keys()
