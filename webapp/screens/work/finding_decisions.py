"""Decisions on findings, as a list: who accepted what, until when and why. They are made on the page of a finding."""

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.findings.finding_decision import FindingDecision
from webapp.screens.record.base import RecordView, screen


@screen(menu="Work", path="finding-decisions", icon="check", place=16)
class FindingDecisionView(RecordView):
    """Decisions, latest first."""

    plan = ListPlan(
        FindingDecision,
        columns=(
            "rule",
            "table_name",
            "row_key",
            "field",
            "owner",
            "due_on",
            "waived_until",
            "reason",
            "changed_at",
        ),
        link="rule",
        searched=("rule", "row_key", "reason"),
        filtered=("table_name", "owner_id", "due_on", "waived_until"),
        sorts={"changed_at": ("changed_at",)},
        usual_order=("changed_at", True),
        is_large=False,
    )
    form_plan = FormPlan(
        FindingDecision,
        sections=(
            (
                Label("指摘事項の内容", "What is wrong"),
                ("rule", "origin", "table_name", "row_key", "field", "digest"),
            ),
            (Label("判断", "Decision"), ("owner_id", "due_on", "waived_until", "reason")),
        ),
    )
    empty = Label(
        "指摘事項に担当・期限・容認を決めると、ここに並びます。",
        "Whoever assigns or waives a finding makes a decision; they appear here.",
    )
