"""Of which months a statement is: how long its year and its period are, and that one begins where another ends.

57 of some 30,000 fiscal years are shorter or longer than a year, of 92 to 488 days; 36 times a year-end has moved.
"""

from decimal import Decimal

from webapp.label import Label
from webapp.rules.accounting.rule import AT_LEAST, REVIEW, Relation, Rule, Scope, outside, within
from webapp.rules.expressions import EARLIER, PREVIOUS, Days, Expression, Figure, Number
from webapp.rules.fields import Saying

F = Figure
NOTHING = Number(Decimal(0))
YEAR_LENGTH = Saying("The fiscal year is %(observed)s long").message
PERIOD_LENGTH = Saying(
    "%(observed)s have passed since the start of the fiscal year: is the period right?"
).message
NOT_FROM_THE_START = Saying(
    "The period begins %(observed)s after its fiscal year; figures count from its start"
).message
NOT_TO_THE_END = Saying("The period of a whole year ends %(observed)s before it").message
GAP = Saying("%(observed)s lie between this fiscal year and the one before").message
OVERLAP = Saying("This fiscal year begins before the one before ends").message
FALLS = Saying("%(total)s %(figure)s is less than that up to an earlier day of the year, %(before)s").message
YEAR_OF_LAW = (
    "会社計算規則 第59条第2項 (事業年度は1年を超えない), 企業内容等の開示に関する内閣府令 第三号様式"
)
CUMULATIVE = "企業会計基準第12号 四半期財務諸表に関する会計基準 第7項 (期首からの累計期間)"


def _days(  # noqa: PLR0913  # a row of the table of rules
    number: str,
    label: Label,
    field: str,
    days: Expression,
    relation: Relation,
    *,
    message: str,
    periods: frozenset[str] | None = None,
    source: str = YEAR_OF_LAW,
) -> Rule:
    return Rule(
        id=number,
        label=label,
        field=field,
        observed=days,
        expected=NOTHING,
        allowed=NOTHING,
        relation=relation,
        scope=Scope(periods=periods),
        unit="days",
        figures_in="days",
        message=message,
        source=source,
    )


def _rising(field: str) -> Rule:
    return Rule(
        id="M-rising",
        label=Label("累計額は期中に減らない", "What is counted from the start of the year does not fall"),
        field=field,
        observed=F(field),
        expected=F(field, EARLIER),
        allowed=NOTHING,
        relation=AT_LEAST,
        severity=REVIEW,
        message=FALLS,
        source=CUMULATIVE,
    )


ANNUAL = frozenset({"FY"})
SINCE_START = Days(F("fiscal_year_start_on"), F("period_end_on")) + 1
BETWEEN_YEARS = Days(F("fiscal_year_end_on", PREVIOUS), F("fiscal_year_start_on")) - 1

PERIODS = (
    _days(
        "D-year",
        Label("事業年度の長さ", "The length of the fiscal year"),
        "fiscal_year_end_on",
        Days(F("fiscal_year_start_on"), F("fiscal_year_end_on")) + 1,
        within("350", "380"),
        message=YEAR_LENGTH,
        periods=ANNUAL,
    ),
    # A gap of a year and more is a statement that is missing, and none of its neighbours is wrong.
    _days(
        "D-gap",
        Label("前の事業年度との間隔", "No days between fiscal years"),
        "fiscal_year_start_on",
        BETWEEN_YEARS,
        outside(("1", "300")),
        message=GAP,
        periods=ANNUAL,
    ),
    _days(
        "D-overlap",
        Label("前の事業年度との重複", "Fiscal years do not overlap"),
        "fiscal_year_start_on",
        BETWEEN_YEARS,
        AT_LEAST,
        message=OVERLAP,
        periods=ANNUAL,
    ),
    _days(
        "D-start",
        Label("会計期間は事業年度の初日から", "Periods count from the start of the fiscal year"),
        "period_start_on",
        Days(F("fiscal_year_start_on"), F("period_start_on")),
        within("0", "0"),
        message=NOT_FROM_THE_START,
        source=CUMULATIVE,
    ),
    _days(
        "D-end",
        Label("通期の会計期間は事業年度の末日まで", "A whole year ends with the fiscal year"),
        "period_end_on",
        Days(F("period_end_on"), F("fiscal_year_end_on")),
        within("0", "0"),
        message=NOT_TO_THE_END,
        periods=ANNUAL,
    ),
    _days(
        "D-Q1",
        Label("第1四半期の長さ", "The length of the first quarter"),
        "period_end_on",
        SINCE_START,
        within("80", "100"),
        message=PERIOD_LENGTH,
        periods=frozenset({"Q1"}),
        source=CUMULATIVE,
    ),
    _days(
        "D-HY",
        Label("半期（第2四半期累計）の長さ", "The length of half a year"),
        "period_end_on",
        SINCE_START,
        within("170", "195"),
        message=PERIOD_LENGTH,
        periods=frozenset({"Q2", "HY"}),
        source=CUMULATIVE,
    ),
    _days(
        "D-Q3",
        Label("第3四半期累計の長さ", "The length of three quarters"),
        "period_end_on",
        SINCE_START,
        within("260", "285"),
        message=PERIOD_LENGTH,
        periods=frozenset({"Q3"}),
        source=CUMULATIVE,
    ),
    # What can only grow: no profit, which a bad quarter takes away again.
    *map(_rising, ("revenue", "cost_of_revenue", "sga_expenses", "depreciation_amortization")),
)
