"""Quality: what is wrong with stored rows, who looks after it, and what was accepted."""

from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.actions import action
from flask_admin.base import expose
from markupsafe import Markup

from webapp.forms import record_form
from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists import query, records
from webapp.lists.plan import ListPlan, SpecialCell
from webapp.models.findings.finding import FiledFinding
from webapp.screens.record import change_messages, forms
from webapp.screens.record.base import READ_ONLY, RecordView, screen
from webapp.screens.record.saving import author
from webapp.screens.record.screen import refuse
from webapp.screens.work import finding_words
from webapp.screens.work.standing import decisions, trend_page
from webapp.services.accounts import permissions
from webapp.services.changes.door import Applied, SentBefore
from webapp.services.changes.proposals import Intent, Refused
from webapp.services.checking import deciding
from webapp.web import way_back
from webapp.web.speaking import speech
from webapp.words import formatters, keys
from webapp.words.speech import Speech
from webapp.words.watched import finding_sentences

# Of rows that were selected, and of all that a list finds: each becomes a decision of one change set.
MOST_AT_ONCE, MOST_OF_ALL = 200, 5000


def _field_cell(finding: FiledFinding, speech: Speech) -> Markup | None:
    address = finding_words.address_of_field(finding)
    return None if address is None else formatters.link(address, speech.gettext("To the field"))


@screen(menu="Work", path="quality", icon="alert", place=15)
class QualityView(RecordView):
    """Findings, latest first; what is closed and what is waived stays in reach of the filters."""

    rights = READ_ONLY | {
        "trend_view": permissions.READ,
        "all_view": permissions.WRITE,
        "decide_view": permissions.WRITE,
        "action_view": permissions.WRITE,
    }
    plan = ListPlan(
        FiledFinding,
        columns=(
            "what",
            "place",
            "severity",
            "status",
            "rule",
            "company",
            "first_seen_at",
            "owner",
            "due_on",
            "waived_until",
        ),
        link="what",
        searched=("company",),
        filtered=(
            "status",
            "severity",
            "rule",
            "table_name",
            "company_id",
            "owner_id",
            "due_on",
            "first_seen_at",
        ),
        sorts={"status": ("status", "first_seen_at")},
        usual_order=("first_seen_at", True),
        is_large=False,
        special={
            "what": SpecialCell(
                Label("指摘事項の内容", "What is wrong"),
                finding_sentences.sentence,
                finding_words.READS,
                finding_words.loads,
                is_wide=True,
            ),
            "place": SpecialCell(
                Label("項目へ", "To the field"), _field_cell, ("table_name", "row_key", "field", "params")
            ),
        },
        hidden=frozenset({"message", "params", "observed", "expected", "digest"}),
    )
    form_plan = FormPlan(FiledFinding)
    empty = Label(
        "指摘事項はありません。取込やルールが見つけたことが、解消されるまでここに並びます。",
        "There are no findings. What imports and rules find appears here until it no longer holds.",
    )

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One finding, and what can be decided on it."""
        finding = self.get_one(request.args.get("id"))
        return forms.missing(self) if finding is None else decisions.page(self, [finding.id])

    @expose("/trend/")
    def trend_view(self) -> ResponseReturnValue:
        """How findings come and go."""
        return trend_page.answer(self)

    @expose("/all/", methods=("GET", "POST"))
    def all_view(self) -> ResponseReturnValue:
        """Decide on everything that the list finds."""
        try:
            asked = self.understood()
        except query.Misread as misread:
            return refuse(misread)
        numbers = [key[0] for key in records.keys_of(asked, MOST_OF_ALL)]
        spoken = speech()
        if not numbers or len(numbers) > MOST_OF_ALL:
            sentence = spoken.gettext(
                "Narrow the list to %(most)s findings at most.", most=f"{MOST_OF_ALL:,}"
            )
            flash(sentence if numbers else spoken.gettext("No record is selected."), "error")
            return redirect(asked.address(self.start))
        text = asked.address(self.start).partition("?")[2]
        if request.method == "GET":
            return decisions.page(self, numbers, of_all=text)
        return self._decide(numbers, of_all=text)

    @expose("/decide/", methods=("POST",))
    def decide_view(self) -> ResponseReturnValue:
        """Assign findings, accept their figures until a day, or take that back."""
        return self._decide(self._chosen(request.form.getlist("rowid")))

    def _decide(self, numbers: Sequence[int], *, of_all: str | None = None) -> ResponseReturnValue:
        spoken = speech()
        values, sentence = decisions.typed(spoken)
        if sentence is not None:
            flash(sentence, "error")
            return decisions.page(self, numbers, of_all=of_all), 422
        if request.form.get("seen") != decisions.seen(numbers):
            flash(spoken.gettext("Something has changed since the preview. Look again."), "warning")
            return decisions.page(self, numbers, of_all=of_all), 422
        token = record_form.token_of(request.form.get("save_token"))
        outcome = deciding.decide(numbers, values, Intent("edit", author(), save_token=token))
        if isinstance(outcome, Applied):
            change_messages.done(outcome.number, change_messages.said(outcome, spoken))
        elif isinstance(outcome, Refused):
            for finding in outcome.findings:
                flash(change_messages.worded(self.plan.table_columns, finding, spoken), "error")
            return decisions.page(self, numbers, of_all=of_all), 422
        elif isinstance(outcome, SentBefore):
            number = f"#{outcome.change_set.id}"
            flash(spoken.gettext("This was saved already, as change set %(number)s.", number=number), "info")
        else:
            flash(spoken.gettext("Nothing was decided: somebody else was quicker. Look again."), "error")
        return redirect(way_back.safe_next(request.form.get("url")) or self.address(".index_view"), 303)

    # Said when it is shown.
    @action("decide", "Decide…")
    def action_decide(self, ids: Sequence[str]) -> ResponseReturnValue:
        """Ask what is to be decided on the selected findings."""
        if not ids:
            flash(speech().gettext("No record is selected."), "error")
            return redirect(self.return_url())
        return decisions.page(self, self._chosen(ids))

    def acts(self) -> list[tuple[str, str, str]]:
        """How findings come and go, and what they are found by."""
        spoken = speech()
        return [
            (self.address(".trend_view"), "history", spoken.gettext("How findings come and go")),
            (url_for("rules.index"), "review", spoken.gettext("Rules and indicators")),
        ]

    def _chosen(self, ids: Sequence[str]) -> list[int]:
        """The findings of typed keys; too many, or one that is gone, end the request."""
        typed = keys.parse_all(FiledFinding, ids)
        if not typed or len(typed) > MOST_AT_ONCE:
            abort(400)
        numbers = sorted({key[0] for key in typed})
        if len(decisions.of_numbers(numbers)) != len(numbers):
            abort(404)
        return numbers
