"""Stock prices."""

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.market.price_day import PriceDay
from webapp.models.stock_price import StockPrice
from webapp.screens.record.base import RecordView, screen


@screen(menu="Market data", path="prices", icon="price", place=10)
class PriceView(RecordView):
    """Prices of trading days, latest first."""

    plan = ListPlan(
        StockPrice,
        columns=(
            "traded_on",
            "company",
            "open",
            "high",
            "low",
            "close",
            "adjusted_close",
            "volume",
            "turnover",
            "data_source",
        ),
        link="traded_on",
        searched=("company",),
        filtered=("company_id", "traded_on", "close", "volume"),
        # Millions of rows: only what an index has in its order.
        sorts={"traded_on": ("traded_on", "company_id"), "company": ("company_id", "traded_on")},
        usual_order=("traded_on", True),
        days=PriceDay.traded_on,
    )
    form_plan = FormPlan(
        StockPrice,
        sections=(
            (Label("会社・取引日", "Company and day"), ("company_id", "traded_on", "data_source")),
            (Label("株価", "Prices"), ("open", "high", "low", "close", "adjusted_close")),
            (Label("売買", "Trading"), ("volume", "turnover")),
        ),
    )
