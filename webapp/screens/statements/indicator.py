"""Financial indicators: computed, so nobody types them."""

from webapp.db import Label
from webapp.models import ratios
from webapp.models.financial_indicator import FinancialIndicator
from webapp.screens.record.base import READ_ONLY, RecordView, screen


@screen(FinancialIndicator, menu="Statements", path="indicators", icon="indicator", place=30)
class IndicatorView(RecordView):
    """Ratios of companies, latest first."""

    rights = READ_ONLY
    name_columns = ("as_of_on", "basis")
    column_list = (
        "company",
        "as_of_on",
        "basis",
        "roe",
        "roa",
        "operating_margin",
        "net_margin",
        "equity_ratio",
        "per",
        "pbr",
        "dividend_yield",
        "market_cap",
    )
    link_column = "as_of_on"
    column_searchable_list = ("company",)
    column_filters = ("company_id", "as_of_on", "basis", "statement_id", "roe", "per", "pbr")
    sorts = {
        "as_of_on": ("as_of_on",),
        "company": ("company_id", "as_of_on", "basis", "formula_version"),
        "basis": ("basis", "as_of_on"),
    }
    column_default_sort = ("as_of_on", True)
    empty = Label(
        "指標は財務諸表と株価から計算され、入力はしません。まだ計算されたものがありません。",
        "Indicators are computed from statements and prices and never typed. None has been computed yet.",
    )
    form_sections = (
        (
            Label("対象", "What it is"),
            ("company_id", "as_of_on", "basis", "statement_id", "formula_version", "computed_at"),
        ),
        (Label("指標", "Indicators"), tuple(ratios.Ratios.__annotations__)),
    )
