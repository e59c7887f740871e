"""The company master."""

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists import search
from webapp.lists.plan import ListPlan
from webapp.models.company import Company
from webapp.models.company_name import CompanyName
from webapp.models.filing import Filing
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice
from webapp.screens.masters import merging
from webapp.screens.record import details, forms, related_lists
from webapp.screens.record.base import CURATED, RecordView, screen
from webapp.services.accounts import permissions
from webapp.services.changes import row_codec

FOLDED = row_codec.folded_columns(Company)


@screen(menu="Masters", path="companies", icon="company", place=10)
class CompanyView(RecordView):
    """Listed companies, those that were, and filers that never were."""

    # Whoever may edit and delete may merge.
    rights = CURATED | {"merge_view": permissions.WRITE}

    plan = ListPlan(
        Company,
        columns=(
            "ticker_symbol",
            "name_ja",
            "listing_status",
            "market_division",
            "industry",
            "fiscal_year_end_month",
            "edinet_code",
            "name_en",
            "changed_at",
        ),
        link="name_ja",
        searched=("ticker_symbol", "edinet_code", "name_ja", "name_en", "name_kana"),
        search=search.company,
        had_before=search.had_before,
        filtered=(
            "listing_status",
            "market_division",
            "industry_code",
            "ticker_symbol",
            "edinet_code",
            "fiscal_year_end_month",
            "filer_type",
            "has_consolidated",
            "capital_stock",
            "listed_on",
            "delisted_on",
        ),
        sorts={
            "ticker_symbol": ("ticker_symbol",),
            "name_ja": ("name_ja_folded",),
            "listing_status": ("listing_status", "ticker_symbol"),
            "market_division": ("market_division", "ticker_symbol"),
            "industry": ("industry_code", "ticker_symbol"),
            "edinet_code": ("edinet_code",),
        },
        usual_order=("ticker_symbol", False),
        is_large=False,
        hidden=FOLDED,
    )
    form_plan = FormPlan(
        Company,
        sections=(
            (
                Label("コード", "Codes"),
                ("ticker_symbol", "edinet_code", "corporate_number"),
            ),
            (
                Label("名称", "Names"),
                ("name_ja", "name_en", "name_kana"),
            ),
            (
                Label("上場", "Listing"),
                ("listing_status", "market_division", "industry_code", "listed_on", "delisted_on"),
            ),
            (
                Label("開示", "Disclosure"),
                (
                    "filer_type",
                    "edinet_industry",
                    "industry_format",
                    "has_consolidated",
                    "fiscal_year_end_month",
                    "fiscal_year_end_day",
                ),
            ),
            (
                Label("会社概要", "Profile"),
                ("head_office_address", "established_on", "capital_stock", "website_url", "description"),
            ),
        ),
        read_only=FOLDED,
    )

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """A company, with the rows that were merged into it; a row that was leads to where it is now."""
        row = self.get_one(request.args.get("id"))
        if row is not None:
            return details.page(self, row, "companies/details.html", merged=merging.merged_rows(row))
        into = merging.merged_into(request.args.get("id"))
        return forms.missing(self) if into is None else redirect(self.address(".details_view", id=into))

    @expose("/merge/", methods=("GET", "POST"))
    def merge_view(self) -> ResponseReturnValue:
        """One company that stands twice becomes one row."""
        return merging.answer(self)

    def related(self, row: Any) -> list[dict[str, Any]]:
        market = (StockPrice, CorporateAction, SharesOutstanding)
        of_company = (CompanyName, FinancialStatement, FinancialIndicator, *market, Filing)
        known_as = row.edinet_code or f"#{row.id}"
        return related_lists.lists(
            "company_is", known_as, [(model.company_id, row.id) for model in of_company]
        )
