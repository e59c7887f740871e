"""The documents of EDINET."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose

from webapp.files import edinet_documents
from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.screens.record import details, forms, related_lists
from webapp.screens.record.base import CURATED, RecordView, screen
from webapp.screens.statements import difference_pages, facts_pages, filing_names, tracing
from webapp.services.accounts import permissions
from webapp.web.speaking import speech


@screen(menu="Statements", path="filings", icon="filing", place=20)
class FilingView(RecordView):
    """Filings, newest first."""

    rights = CURATED | {"facts_view": permissions.READ, "difference_view": permissions.READ}
    plan = ListPlan(
        Filing,
        columns=(
            "doc_id",
            "company",
            "document_type",
            "submitted_at",
            "period_end_on",
            "description",
            "amendment_status",
            "withdrawal_status",
        ),
        link="doc_id",
        searched=("doc_id", "company"),
        filtered=(
            "company_id",
            "document_type",
            "submitted_at",
            "period_end_on",
            "amendment_status",
            "withdrawal_status",
            "disclosure_status",
            "ordinance_code",
            "form_code",
            "parent_doc_id",
        ),
        sorts={
            "submitted_at": ("submitted_at",),
            "company": ("company_id", "submitted_at"),
            "document_type": ("document_type", "submitted_at"),
        },
        usual_order=("submitted_at", True),
    )
    form_plan = FormPlan(
        Filing,
        sections=(
            (Label("書類", "Document"), ("doc_id", "company_id", "document_type", "submitted_at")),
            (
                Label("登録", "Register"),
                (
                    "ordinance_code",
                    "form_code",
                    "description",
                    "submission_no",
                    "has_xbrl",
                    "has_pdf",
                    "has_csv",
                ),
            ),
            (Label("期間", "Period"), ("period_start_on", "period_end_on")),
            (
                Label("状態", "State"),
                (
                    "parent_doc_id",
                    "withdrawal_status",
                    "withdrawn_at",
                    "amendment_status",
                    "disclosure_status",
                    "edited_at",
                    "file_hash",
                ),
            ),
        ),
    )

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One filing, and where EDINET shows it."""
        row = self.get_one(request.args.get("id"))
        if row is None:
            return forms.missing(self)
        has_facts = row.document_type in edinet_documents.IN_SCOPE
        viewer = tracing.viewer_of(row.doc_id)
        named = filing_names.heading(row, speech())
        return details.page(self, row, "filings/details.html", viewer=viewer, has_facts=has_facts, **named)

    @expose("/facts/")
    def facts_view(self) -> ResponseReturnValue:
        """Every fact of a filing, with the figures that it became."""
        return facts_pages.answer(self)

    @expose("/difference/")
    def difference_view(self) -> ResponseReturnValue:
        """An amendment beside what it amends, fact by fact."""
        return difference_pages.answer(self)

    def related(self, row: Any) -> list[dict[str, Any]]:
        return related_lists.lists(
            "filing_doc_is", row.doc_id, [(FinancialStatement.filing_doc_id, row.doc_id)]
        )
