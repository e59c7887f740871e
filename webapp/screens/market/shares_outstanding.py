"""Shares outstanding."""

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.screens.record.base import RecordView, screen


@screen(menu="Market data", path="shares", icon="rows", place=30)
class SharesOutstandingView(RecordView):
    """Shares issued and a company's own among them by their days, latest first."""

    plan = ListPlan(
        SharesOutstanding,
        columns=("as_of_on", "company", "issued", "treasury", "data_source"),
        link="as_of_on",
        searched=("company",),
        filtered=("company_id", "as_of_on", "issued"),
        sorts={"as_of_on": ("as_of_on", "company_id"), "company": ("company_id", "as_of_on")},
        usual_order=("as_of_on", True),
    )
    form_plan = FormPlan(
        SharesOutstanding,
        sections=(
            (
                Label("会社・基準日", "Company and day of the count"),
                ("company_id", "as_of_on", "data_source"),
            ),
            (Label("株式数", "Number of shares"), ("issued", "treasury")),
        ),
    )
