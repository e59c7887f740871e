"""Names and codes that companies had before."""

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.company_name import CompanyName
from webapp.screens.record.base import RecordView, screen
from webapp.services.changes import row_codec

FOLDED = row_codec.folded_columns(CompanyName)


@screen(menu="Masters", path="company-names", icon="history", place=15)
class CompanyNameView(RecordView):
    """What a company was called, and by which codes it was known, until when."""

    plan = ListPlan(
        CompanyName,
        columns=("value", "kind", "company", "valid_from", "valid_until", "source", "changed_at"),
        link="value",
        searched=("value",),
        filtered=("kind", "company_id", "valid_until"),
        sorts={"value": ("value",), "valid_until": ("valid_until",)},
        usual_order=("valid_until", True),
        is_large=False,
        hidden=FOLDED,
    )
    form_plan = FormPlan(
        CompanyName,
        sections=(
            (Label("旧商号・旧コード", "Former name or code"), ("company_id", "kind", "value")),
            (Label("期間・出典", "Period and source"), ("valid_from", "valid_until", "source")),
        ),
        read_only=FOLDED,
    )
