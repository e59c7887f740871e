"""Financial indicators: computed, so nobody types them."""

from webapp.forms.record_form import FormPlan
from webapp.indicators.formulas import BY_NAME
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.financial_indicator import IDENTITY, FinancialIndicator
from webapp.screens.record.base import READ_ONLY, RecordView, screen


@screen(menu="Statements", path="indicators", icon="indicator", place=30)
class IndicatorView(RecordView):
    """Ratios of companies, latest first."""

    rights = READ_ONLY
    plan = ListPlan(
        FinancialIndicator,
        columns=(
            "company",
            "as_of_on",
            "basis",
            "scope",
            "roe",
            "roa",
            "operating_margin",
            "net_margin",
            "equity_ratio",
            "per",
            "pbr",
            "dividend_yield",
            "market_cap",
        ),
        link="as_of_on",
        searched=("company",),
        filtered=("company_id", "as_of_on", "basis", "statement_id", "roe", "per", "pbr"),
        sorts={
            "as_of_on": ("as_of_on",),
            "company": IDENTITY,
            "basis": ("basis", "as_of_on"),
        },
        usual_order=("as_of_on", True),
    )
    form_plan = FormPlan(
        FinancialIndicator,
        sections=(
            (
                Label("会社・基準日", "Company and date"),
                ("company_id", "as_of_on", "basis", "scope", "accounting_standard"),
            ),
            (Label("財務指標", "Indicators"), tuple(BY_NAME)),
            (
                Label("計算の入力", "What they are reckoned of"),
                (
                    "statement_id",
                    "prior_statement_id",
                    "price_on",
                    "formula_version",
                    "computed_at",
                    "inputs_digest",
                    "statuses",
                ),
            ),
        ),
    )
    empty = Label(
        "指標は財務諸表と株価から計算され、入力はしません。まだ計算されたものがありません。",
        "Indicators are computed from statements and prices and never typed. None has been computed yet.",
    )
