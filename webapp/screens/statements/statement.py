"""Financial statements."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_admin.base import expose

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists import knowledge
from webapp.lists.plan import ListPlan
from webapp.models import figures
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.screens.record import related_lists
from webapp.screens.record.base import RecordView, screen
from webapp.screens.statements import typed_order
from webapp.screens.statements.sheet import page

DISCLOSED = tuple(figures.Disclosed.__annotations__)
PER_SHARE = tuple(name for name in DISCLOSED if name.startswith(("eps", "bps", "dps")))


@screen(menu="Statements", path="statements", icon="statement", place=10)
class StatementView(RecordView):
    """The figures of companies' periods, latest fiscal year first."""

    plan = ListPlan(
        FinancialStatement,
        columns=(
            "company",
            "fiscal_year_end_on",
            "period_type",
            "scope",
            "revision_type",
            "revenue",
            "operating_income",
            "ordinary_income",
            "profit_attributable_to_owners",
            "total_assets",
            "accounting_standard",
            "is_current",
            "eps_basic",
        ),
        link="fiscal_year_end_on",
        searched=("company", "filing_doc_id"),
        filtered=(
            "company_id",
            "fiscal_year_end_on",
            "period_type",
            "scope",
            "accounting_standard",
            "is_current",
            "revision_type",
            "announced_on",
            "filing_doc_id",
            "revenue",
            "profit",
            "total_assets",
        ),
        sorts={
            "fiscal_year_end_on": ("fiscal_year_end_on",),
            "company": ("company_id", "fiscal_year_end_on"),
            "period_type": ("period_type", "fiscal_year_end_on"),
            "accounting_standard": ("accounting_standard", "fiscal_year_end_on"),
        },
        usual_order=("fiscal_year_end_on", True),
        knows=knowledge.of_statements,
    )
    form_plan = FormPlan(
        FinancialStatement,
        sections=(
            (
                Label("会社・会計期間", "Company and period"),
                (
                    "company_id",
                    "fiscal_year_start_on",
                    "fiscal_year_end_on",
                    "period_type",
                    "period_start_on",
                    "period_end_on",
                    "scope",
                    "accounting_standard",
                    "industry_format",
                    "currency",
                    "rounding_unit",
                ),
            ),
            (
                Label("訂正区分・出典", "Revision and source"),
                ("revision_no", "revision_type", "is_current", "announced_on", "filing_doc_id"),
            ),
            (Label("損益計算書", "Income statement"), typed_order.INCOME_STATEMENT),
            (Label("貸借対照表", "Balance sheet"), typed_order.BALANCE_SHEET),
            (Label("キャッシュ・フロー計算書", "Cash flows"), typed_order.CASH_FLOWS),
            (Label("１株当たり情報", "Per share"), PER_SHARE),
            (
                Label("比率と株式", "Ratios and shares"),
                tuple(name for name in DISCLOSED if name not in PER_SHARE),
            ),
        ),
        # Where a figure comes from is written by whoever reads the filing, not typed.
        read_only=frozenset({"sources", "mapping_version", "based_on_id", "announced_at"}),
        figures_in="rounding_unit",
    )

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """A statement laid out as its standard prints it, and as it was known on a day."""
        return page.answer(self)

    def related(self, row: Any) -> list[dict[str, Any]]:
        return related_lists.lists("statement_is", str(row.id), [(FinancialIndicator.statement_id, row.id)])
