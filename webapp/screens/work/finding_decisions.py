"""Decisions on findings, as a list: who accepted what, until when and why. They are made on the page of a finding."""

from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan, SpecialCell
from webapp.models.findings.finding import FiledFinding
from webapp.models.findings.finding_decision import FindingDecision
from webapp.screens.record.base import RecordView, screen
from webapp.screens.work import finding_words
from webapp.words import formatters, labels
from webapp.words.speech import Speech
from webapp.words.watched import finding_sentences


def _what(decision: FindingDecision, speech: Speech) -> Markup | str:
    """The finding in its words, which lead to it; of a record that is gone only what it was and its key are known."""
    finding = decision.finding
    if finding is None:
        return f"{labels.of_tables([decision.table_name], speech)} {decision.row_key}"
    return formatters.link(
        url_for("quality.details_view", id=finding.id), finding_sentences.sentence(finding, speech)
    )


def _loads() -> tuple[Any, ...]:
    """Loader options for the findings and their companies."""
    company = joinedload(FiledFinding.company)
    return (joinedload(FindingDecision.finding).options(company),)


@screen(menu="Work", path="finding-decisions", icon="check", place=16)
class FindingDecisionView(RecordView):
    """Decisions, latest first."""

    plan = ListPlan(
        FindingDecision,
        columns=(
            "rule",
            "what",
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
        special={
            "what": SpecialCell(
                Label("指摘事項の内容", "What is wrong"), _what, finding_words.READS[:4], _loads, is_wide=True
            )
        },
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
