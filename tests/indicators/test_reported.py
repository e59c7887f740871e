"""What indicators are reckoned of, and what companies report themselves of the same."""

from decimal import Decimal

from webapp.indicators.formulas import BY_NAME
from webapp.indicators.reported import REPORTED


def test_each_indicator_names_its_inputs_once() -> None:
    names = [figure.name for figure in BY_NAME["roe"].inputs]
    assert names == [
        "profit_attributable_to_owners",
        "equity_attributable_to_owners",
        "equity_attributable_to_owners",
    ]


def test_what_a_company_reports_agrees_within_what_it_prints() -> None:
    ratio, share = REPORTED["roe"], REPORTED["eps"]
    assert ratio.agrees(Decimal("0.1006"), Decimal("0.1"))
    assert not ratio.agrees(Decimal("0.1007"), Decimal("0.1"))
    assert share.agrees(Decimal("100.5"), Decimal(100))
    assert not share.agrees(Decimal("100.6"), Decimal(100))
    assert share.agrees(Decimal("-100.5"), Decimal(-100))
