"""The 33 sectors of the exchange."""

from typing import Any

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.company import Company
from webapp.models.industry import Industry
from webapp.screens.record import related_lists
from webapp.screens.record.base import RecordView, screen


@screen(menu="Masters", path="industries", icon="industry", place=20)
class IndustryView(RecordView):
    """Sectors with the 17 that they belong to."""

    plan = ListPlan(
        Industry,
        columns=("code", "name_ja", "name_en", "sector17_code", "sector17_name_ja", "changed_at"),
        link="code",
        searched=("code", "name_ja", "name_en", "sector17_name_ja", "sector17_name_en"),
        filtered=("sector17_code",),
        sorts={"code": ("code",), "sector17_code": ("sector17_code", "code")},
        usual_order=("code", False),
        is_large=False,
    )
    form_plan = FormPlan(
        Industry,
        sections=(
            (Label("33業種", "Sector"), ("code", "name_ja", "name_en")),
            (Label("17業種", "17-sector"), ("sector17_code", "sector17_name_ja", "sector17_name_en")),
        ),
    )

    def related(self, row: Any) -> list[dict[str, Any]]:
        return related_lists.lists("industry_code_is", row.code, [(Company.industry_code, row.code)])
