"""Stock prices."""

from webapp.db import Label
from webapp.models.stock_price import StockPrice
from webapp.screens.record.base import RecordView, screen


@screen(StockPrice, menu="Market data", path="prices", icon="price", place=10)
class PriceView(RecordView):
    """Prices of trading days, latest first."""

    name_columns = ("traded_on",)
    column_list = (
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
    )
    link_column = "traded_on"
    column_searchable_list = ("company",)
    column_filters = ("company_id", "traded_on", "close", "volume")
    # Millions of rows: only what an index has in its order.
    sorts = {"traded_on": ("traded_on", "company_id"), "company": ("company_id", "traded_on")}
    column_default_sort = ("traded_on", True)
    form_sections = (
        (Label("対象", "What it is"), ("company_id", "traded_on", "data_source")),
        (Label("株価", "Prices"), ("open", "high", "low", "close", "adjusted_close")),
        (Label("売買", "Trading"), ("volume", "turnover")),
    )
