"""Decisions on findings, as a list: who accepted what, until when and why. They are made on the page of a finding."""

from collections.abc import Iterator
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan, SpecialCell
from webapp.models.findings.finding import FiledFinding
from webapp.models.findings.finding_decision import FindingDecision
from webapp.screens.record import details, displayed_values, forms
from webapp.screens.record.base import RecordView, screen
from webapp.screens.record.details import Fact
from webapp.screens.work import finding_words
from webapp.screens.work.standing import decisions
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import formatters, labels
from webapp.words.speech import Speech
from webapp.words.watched import finding_sentences


def _what(decision: FindingDecision, spoken: Speech) -> Markup | str:
    """The finding in its words, which lead to it; of a record that is gone only what it was and its key are known."""
    finding = decision.finding
    if finding is None:
        return f"{labels.of_tables([decision.table_name], spoken)} {decision.row_key}"
    return formatters.link(
        url_for("quality.details_view", id=finding.id), finding_sentences.sentence(finding, spoken)
    )


def _loads() -> tuple[Any, ...]:
    """Loader options for the findings and their companies."""
    company = joinedload(FiledFinding.company)
    return (joinedload(FindingDecision.finding).options(company),)


def _place(decision: FindingDecision) -> Iterator[Fact]:
    """The field that it is on, by its label; of a finding on a whole record there is none."""
    column = displayed_values.columns_of([decision.table_name]).get(decision.field or "")
    if column is not None:
        label = labels.of_column(row_codec.table_of(FindingDecision).columns["field"])
        yield Fact(speech().say(label), "", speech().say(labels.of_column(column)))


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

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """A decision, with the finding in its words: the key of a record and the name of a column say nothing."""
        row = self.get_one(request.args.get("id"))
        if row is None:
            return forms.missing(self)
        if row.finding is not None:
            # With its company, and all that its sentence says.
            decisions.of_numbers([row.finding.id])
        sections = details.sections(self, row, speech(), but=frozenset({"row_key", "field"}))
        facts = [details.fact(self.plan, row, "what", speech(), self.links()), *_place(row)]
        first = sections[0]._replace(facts=[*facts, *sections[0].facts])
        return details.page(self, row, sections=[first, *sections[1:]])
