"""When an indicator has a value, to how many decimals, and what is said where it has none."""

from decimal import Decimal

import pytest

from webapp.indicators.formulas import BY_NAME
from webapp.indicators.indicator import (
    MISSING,
    NEGATIVE_BASE,
    NOT_APPLICABLE,
    NOT_COMPARABLE,
    OK,
    OLDER,
    TURNED_LOSS,
    TURNED_PROFIT,
    Computed,
)
from webapp.rules.expressions import NOW, PRIOR


def computed(name: str, **figures: str | None) -> Computed:
    held = {key: None if value is None else Decimal(value) for key, value in figures.items()}
    return BY_NAME[name].compute({NOW: {"basis": "FY", **held}})


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("50", "60", ("0.2", OK)),
        ("50", "0", ("-1", OK)),
        ("50", "-1", (None, TURNED_LOSS)),
        ("0", "1", (None, TURNED_PROFIT)),
        ("-50", "1", (None, TURNED_PROFIT)),
        ("-50", "0", (None, NEGATIVE_BASE)),
        ("-50", "-60", (None, NEGATIVE_BASE)),
        ("0", "0", (None, NEGATIVE_BASE)),
        ("1", "-1", (None, TURNED_LOSS)),
        ("1", "1", ("0", OK)),
        (None, "60", (None, MISSING)),
        ("50", None, (None, MISSING)),
    ],
)
def test_from_a_loss_or_into_one_there_is_no_rate_of_growth(
    before: str | None, now: str | None, expected: tuple[str | None, str]
) -> None:
    figure = "profit_attributable_to_owners"
    rows = {
        NOW: {"basis": "FY", figure: now and Decimal(now)},
        PRIOR: {figure: before and Decimal(before)},
    }
    value, status = expected
    assert BY_NAME["profit_growth"].compute(rows) == (value and Decimal(value), status)


@pytest.mark.parametrize(
    ("name", "figures", "value"),
    [
        ("equity_ratio", {"equity_attributable_to_owners": "2", "total_assets": "3"}, "0.66666667"),
        # Halves go away from zero, as on paper.
        ("net_margin", {"profit_attributable_to_owners": "5", "revenue": "1000000000"}, "0.00000001"),
        ("net_margin", {"profit_attributable_to_owners": "-5", "revenue": "1000000000"}, "-0.00000001"),
        ("net_margin", {"profit_attributable_to_owners": "4.9", "revenue": "1000000000"}, "0"),
        ("eps", {"profit_attributable_to_owners": "100", "average_shares": "3"}, "33.3333"),
        ("eps", {"eps_basic": "0.00005"}, "0.0001"),
        ("fcf", {"operating_cash_flow": "1.5", "investing_cash_flow": "0"}, "2"),
    ],
)
def test_a_value_is_rounded_to_the_decimals_of_its_column(
    name: str, figures: dict[str, str], value: str
) -> None:
    assert computed(name, **figures) == (Decimal(value), OK)


@pytest.mark.parametrize(
    ("name", "figure", "digits"),
    [("net_margin", "profit_attributable_to_owners", 10), ("eps", "eps_basic", 14)],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_what_its_column_cannot_hold_is_not_compared(name: str, figure: str, digits: int, sign: int) -> None:
    limit, one = Decimal(10) ** digits, {"revenue": "1"}
    assert computed(name, **one, **{figure: str(sign * limit)}) == (None, NOT_COMPARABLE)
    assert computed(name, **one, **{figure: str(sign * (limit - 1))}) == (sign * (limit - 1), OK)


def test_an_amount_has_twenty_digits_at_most() -> None:
    most = Decimal(10) ** 20 - 1
    assert computed("fcf", operating_cash_flow=str(most), investing_cash_flow="0") == (most, OK)
    assert computed("fcf", operating_cash_flow=str(most), investing_cash_flow="1") == (None, NOT_COMPARABLE)


def test_a_figure_that_two_sides_need_is_named_once() -> None:
    growth = [(figure.name, figure.part) for figure in BY_NAME["revenue_growth"].inputs]
    assert growth == [("revenue", NOW), ("revenue", PRIOR)]
    assert [figure.name for figure in BY_NAME["fcf"].inputs] == ["operating_cash_flow", "investing_cash_flow"]


@pytest.mark.parametrize(
    ("name", "part"), [("revenue_growth", PRIOR), ("profit_growth", PRIOR), ("revenue_cagr_3y", OLDER)]
)
def test_years_that_lasted_otherwise_give_no_rate_and_years_as_long_do(name: str, part: str) -> None:
    figures = {"revenue": Decimal(8), "profit_attributable_to_owners": Decimal(8)}
    for months, status in ((9, NOT_COMPARABLE), (12, OK)):
        facts = {NOW: {"basis": "FY", "lasted": 12, **figures}, part: {"lasted": months, **figures}}
        facts[NOW] |= {one: 2 * amount for one, amount in figures.items()}
        came_to = BY_NAME[name].compute(facts)
        assert came_to.status == status


def test_whoever_pays_no_interest_has_no_coverage_of_it_to_measure() -> None:
    assert computed("interest_coverage", operating_income="5", interest_expense="0") == (None, NOT_APPLICABLE)
    assert computed("interest_coverage", operating_income="5") == (None, MISSING)
    assert computed("interest_coverage", operating_income="5", interest_expense="-1") == (None, NEGATIVE_BASE)
