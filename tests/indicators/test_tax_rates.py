"""The tax rate of the law by fiscal year, reckoned anew of the taxes that it is made of."""

from datetime import date
from decimal import Decimal

import pytest

from webapp.indicators.tax_rates import STATUTORY_TAX_RATE
from webapp.rules.expressions import NOW

# Of 法人税: 地方法人税 and 住民税 with the 超過税率 of 東京都; since 2014-10 they have shared the same 20.7 %.
LOCAL = Decimal("0.207")
# From when: 法人税; what is added to it (復興特別法人税, 防衛特別法人税); 事業税 on income with its 超過税率 and what
# the state takes of it beside, a multiple of the 標準税率 (地方法人特別税, since 2019-10 特別法人事業税).
TAXES = {
    date(2004, 4, 1): ("0.30", "0", "0.0756 + 0 * 0"),
    date(2010, 4, 1): ("0.30", "0", "0.0326 + 0.029 * 1.48"),
    date(2012, 4, 1): ("0.255", "0.10", "0.0326 + 0.029 * 1.48"),
    date(2014, 4, 1): ("0.255", "0", "0.0326 + 0.029 * 1.48"),
    date(2015, 4, 1): ("0.239", "0", "0.034 + 0.031 * 0.935"),
    date(2016, 4, 1): ("0.234", "0", "0.0088 + 0.007 * 4.142"),
    date(2018, 4, 1): ("0.232", "0", "0.0088 + 0.007 * 4.142"),
    date(2020, 4, 1): ("0.232", "0", "0.0118 + 0.01 * 2.6"),
    date(2026, 4, 1): ("0.232", "0.04", "0.0118 + 0.01 * 2.6"),
}


def rate(begins_on: date) -> Decimal | None:
    return STATUTORY_TAX_RATE.value({NOW: {"fiscal_year_start_on": begins_on}})


def sum_of(terms: str) -> Decimal:
    own, beside = terms.split(" + ")
    standard, multiple = beside.split(" * ")
    return Decimal(own) + Decimal(standard) * Decimal(multiple)


@pytest.mark.parametrize("begins_on", TAXES)
def test_a_rate_is_what_comes_of_the_taxes_of_its_years(begins_on: date) -> None:
    of_state, added, of_business = TAXES[begins_on]
    business = sum_of(of_business)
    due = Decimal(of_state) * (1 + LOCAL + Decimal(added)) + business
    # 事業税 is an expense of the year after: 企業会計基準適用指針第28号 第4項.
    assert rate(begins_on) == round(due / (1 + business), 4)


@pytest.mark.parametrize(
    ("begins_on", "expected"),
    [
        (date(2004, 3, 31), None),
        (date(2004, 4, 1), "0.4069"),
        (date(2012, 1, 1), "0.4069"),
        (date(2014, 3, 31), "0.3801"),
        (date(2015, 1, 1), "0.3564"),
        (date(2016, 3, 1), "0.3306"),
        (date(2018, 3, 31), "0.3086"),
        (date(2026, 3, 31), "0.3062"),
        (date(2026, 4, 1), "0.3152"),
    ],
)
def test_a_rate_is_that_of_the_day_on_which_the_fiscal_year_begins(
    begins_on: date, expected: str | None
) -> None:
    assert rate(begins_on) == (None if expected is None else Decimal(expected))
