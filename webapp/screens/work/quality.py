"""Quality: what is wrong with stored rows, who looks after it, and what was accepted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.actions import action
from flask_admin.base import expose
from markupsafe import Markup
from sqlalchemy import select

from webapp import db
from webapp.forms import record_form
from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan, SpecialCell
from webapp.models.findings.finding import FiledFinding
from webapp.models.user import User
from webapp.rules import calendar
from webapp.screens.record import change_messages, forms
from webapp.screens.record.base import READ_ONLY, RecordView, screen
from webapp.screens.record.saving import author
from webapp.screens.work import finding_words
from webapp.services.accounts import permissions
from webapp.services.changes.door import Applied, SentBefore
from webapp.services.changes.proposals import Intent, Refused
from webapp.services.checking import deciding
from webapp.web import guard
from webapp.web.speaking import speech
from webapp.words import formatters, keys
from webapp.words.speech import Speech

MOST_AT_ONCE = 200
ASSIGN, WAIVE, TAKE_BACK = "assign", "waive", "take-back"


def _field_cell(finding: FiledFinding, speech: Speech) -> Markup | None:
    address = finding_words.address_of_field(finding)
    return None if address is None else formatters.link(address, speech.gettext("To the field"))


@screen(menu="Work", path="quality", icon="alert", place=15)
class QualityView(RecordView):
    """Findings, latest first; what is closed and what is waived stays in reach of the filters."""

    rights = READ_ONLY | {"decide_view": permissions.WRITE, "action_view": permissions.WRITE}
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
                Label("指摘の内容", "What is wrong"),
                finding_words.sentence,
                finding_words.READS,
                finding_words.loads,
                is_wide=True,
            ),
            "place": SpecialCell(
                Label("項目へ", "To the field"), _field_cell, ("table_name", "row_key", "field")
            ),
        },
        hidden=frozenset({"message", "params", "observed", "expected", "digest"}),
    )
    form_plan = FormPlan(FiledFinding)
    empty = Label(
        "指摘事項はありません。取込や規則が見つけたことが、解消されるまでここに並びます。",
        "There are no findings. What imports and rules find appears here until it no longer holds.",
    )

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One finding, and what can be decided on it."""
        finding = self.get_one(request.args.get("id"))
        return forms.missing(self) if finding is None else self._page([finding])

    @expose("/decide/", methods=("POST",))
    def decide_view(self) -> ResponseReturnValue:
        """Assign findings, accept their figures until a day, or take that back."""
        chosen = self._chosen(request.form.getlist("rowid"))
        verb, spoken = request.form.get("verb"), speech()
        values, sentence = _wanted(verb, spoken)
        if sentence is not None:
            flash(sentence, "error")
            return self._page(chosen), 422
        token = record_form.token_of(request.form.get("save_token"))
        outcome = deciding.decide(
            [finding.id for finding in chosen], values, Intent("edit", author(), save_token=token)
        )
        if isinstance(outcome, Applied):
            change_messages.done(outcome.number, change_messages.said(outcome, spoken))
        elif isinstance(outcome, Refused):
            for finding in outcome.findings:
                flash(change_messages.worded(self.plan.table_columns, finding, spoken), "error")
            return self._page(chosen), 422
        elif isinstance(outcome, SentBefore):
            number = f"#{outcome.change_set.id}"
            flash(spoken.gettext("This was saved already, as change set %(number)s.", number=number), "info")
        else:
            flash(spoken.gettext("Nothing was decided: somebody else was quicker. Look again."), "error")
        return redirect(guard.safe_next(request.form.get("url")) or self.address(".index_view"), 303)

    # Said when it is shown.
    @action("decide", "Decide…")
    def action_decide(self, ids: Sequence[str]) -> ResponseReturnValue:
        """Ask what is to be decided on the selected findings."""
        if not ids:
            flash(speech().gettext("No record is selected."), "error")
            return redirect(self.return_url())
        return self._page(self._chosen(ids))

    def _chosen(self, ids: Sequence[str]) -> list[FiledFinding]:
        """The findings of typed keys; too many, or one that is gone, end the request."""
        typed = keys.parse_all(FiledFinding, ids)
        if not typed or len(typed) > MOST_AT_ONCE:
            abort(400)
        numbers = [key[0] for key in typed]
        wanted = select(FiledFinding).where(FiledFinding.id.in_(numbers)).options(*finding_words.loads())
        findings = list(db.session.scalars(wanted.order_by(FiledFinding.id)))
        if len(findings) != len(set(numbers)):
            abort(404)
        return findings

    def _page(self, chosen: Sequence[FiledFinding]) -> str:
        spoken = speech()
        people = select(User.id, User.name).where(User.is_active, User.role != "viewer").order_by(User.name)
        return self.page(
            "quality/details.html",
            name=finding_words.sentence(chosen[0], spoken) if len(chosen) == 1 else None,
            chosen=[
                (finding, finding_words.sentence(finding, spoken), finding_words.address_of_field(finding))
                for finding in chosen
            ],
            people=db.session.execute(people).all(),
            may_decide="decide_view" in self.allowed(),
            today=calendar.today().isoformat(),
            save_token=record_form.new_token(),
            return_url=self.return_url(),
        )


def _wanted(verb: str | None, speech: Speech) -> tuple[dict[str, Any], str | None]:
    """What a decision sets, or a sentence that says what is missing."""
    reason = request.form.get("reason", "").strip()
    owner = request.form.get("owner_id", "")
    if verb == ASSIGN:
        is_known = owner == "" or (owner.isascii() and owner.isdigit() and _is_there(int(owner)))
        if not is_known:
            return {}, speech.gettext("Choose somebody of the list.")
        return {"owner_id": int(owner) if owner else None, "due_on": _day("due_on")}, None
    if verb == WAIVE:
        until = _day("waived_until")
        if until is None or until < calendar.today() or not reason:
            return {}, speech.gettext("Say until when and why it is accepted; the day is today or later.")
        return {"waived_until": until, "reason": reason}, None
    if verb == TAKE_BACK:
        return {"waived_until": None}, None
    return {}, speech.gettext("This form is incomplete. Open the record again.")


def _is_there(number: int) -> bool:
    return number < 2**63 and db.session.get(User, number) is not None


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
