"""Corporate actions."""

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.market.corporate_action import CorporateAction
from webapp.screens.record.base import RecordView, screen


@screen(menu="Market data", path="corporate-actions", icon="sort", place=20)
class CorporateActionView(RecordView):
    """Splits, mergers and others by their ex-dates, latest first."""

    plan = ListPlan(
        CorporateAction,
        columns=("ex_on", "company", "kind", "ratio_from", "ratio_to", "effective_on", "data_source"),
        link="ex_on",
        searched=("company",),
        filtered=("company_id", "kind", "ex_on"),
        sorts={"ex_on": ("ex_on", "id")},
        usual_order=("ex_on", True),
    )
    form_plan = FormPlan(
        CorporateAction,
        sections=(
            (Label("会社・種類", "Company and kind"), ("company_id", "kind", "ex_on", "effective_on")),
            (Label("株数の変化", "Change of shares"), ("ratio_from", "ratio_to", "data_source")),
        ),
    )
