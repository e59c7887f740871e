"""Profit beside that of the year before, which may be anything: how far it has swung, and whether its sign turned."""

from decimal import Decimal

from webapp.label import Label
from webapp.rules.accounting.comparisons import ANNUAL, NOTHING, OF_YEARS
from webapp.rules.accounting.rule import AT_LEAST, AT_MOST, FINANCIAL, NOTE, Rule, Scope
from webapp.rules.expressions import Absolute, Figure, Number
from webapp.rules.fields import Saying

PROFIT = Figure("profit")
SWUNG = Saying("%(total)s %(figure)s has moved from %(before)s by more than 15 %% of total assets").message
TURNED = Saying("%(total)s has turned from %(before)s to %(figure)s").message

PROFITS = (
    Rule(
        id="Y-profit",
        label=Label("当期純利益の変動", "The swing of profit"),
        field="profit",
        observed=Absolute(PROFIT - PROFIT.prior) / Figure("total_assets"),
        expected=Number(Decimal("0.15")),
        allowed=NOTHING,
        relation=AT_MOST,
        severity=NOTE,
        scope=Scope(periods=ANNUAL, other_formats=FINANCIAL),
        unit="ratio",
        message=SWUNG,
        source=OF_YEARS,
        of_equal_years=True,
    ),
    # Of a profit and a loss the product is below zero.
    Rule(
        id="Y-turned",
        label=Label("当期純利益の黒字・赤字の転換", "From profit to loss, or from loss to profit"),
        field="profit",
        observed=PROFIT * PROFIT.prior,
        expected=NOTHING,
        allowed=NOTHING,
        relation=AT_LEAST,
        severity=NOTE,
        scope=Scope(periods=ANNUAL),
        message=TURNED,
        source=OF_YEARS,
    ),
)
