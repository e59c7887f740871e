"""Change sets: who changed what, when and why, with every field before and after."""

from functools import partial

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from markupsafe import Markup

from webapp import db
from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan, SpecialCell
from webapp.models.change_set import ChangeSet
from webapp.screens import job_rows
from webapp.screens.record import details, forms, undo
from webapp.screens.record.base import READ_ONLY, RecordView, screen
from webapp.screens.work import (
    change_set_items,
    change_set_search,
    comparing,
    deciding,
    feed_pages,
    indicator_moves,
    shown_findings,
    summaries,
)
from webapp.services.accounts import permissions
from webapp.services.changes import row_codec, sittings
from webapp.services.queueing import deferring, watching
from webapp.web import way_back
from webapp.web.speaking import speech
from webapp.words import formatters, keys, labels
from webapp.words.speech import Speech

HEADER = row_codec.table_of(ChangeSet).c


def _tables_cell(change_set: ChangeSet, speech: Speech) -> str:
    return labels.of_tables(change_set.tables, speech)


def _other_tables_cell(change_set: ChangeSet, speech: Speech) -> str:
    return labels.of_tables(change_set.other_tables or (), speech)


def _counts_cell(change_set: ChangeSet, speech: Speech) -> str:
    if (change_set.sitting_size or 0) > 1:
        return speech.ngettext("%(num)s cell", "%(num)s cells", change_set.sitting_size or 0)
    return " · ".join(f"{label} {number:,}" for label, number in summaries.counted(change_set, speech))


@screen(menu="Work", path="change-sets", icon="history", place=10)
class ChangeSetView(RecordView):
    """Change sets, newest first."""

    rights = READ_ONLY | dict.fromkeys(("undo", "cancel"), permissions.WRITE)
    plan = ListPlan(
        ChangeSet,
        columns=(
            "id",
            "what",
            "kind",
            "status",
            "author_name",
            "applied_at",
            "reason",
            "table_name",
            "counts",
            "source",
        ),
        link="id",
        searched=("what", "author_name", "reason", "source"),
        search=change_set_search.found,
        filtered=("table_name", "kind", "status", "author_name", "created_at", "applied_at"),
        sorts={
            "id": ("id",),
            "status": ("status",),
            "kind": ("kind",),
            "table_name": ("table_name",),
        },
        usual_order=("id", True),
        special={
            "what": SpecialCell(
                Label("変更内容", "What changed"),
                summaries.what,
                ("table_name", "other_tables", "counts", "sitting_size"),
                summaries.loading,
                is_wide=True,
            ),
            "table_name": SpecialCell(
                labels.of_column(HEADER.table_name), _tables_cell, ("table_name", "other_tables")
            ),
            "other_tables": SpecialCell(
                labels.of_column(HEADER.other_tables), _other_tables_cell, ("other_tables",)
            ),
            "counts": SpecialCell(labels.of_column(HEADER.counts), _counts_cell, ("counts", "sitting_size")),
        },
        # The token of a form is nobody else's business.
        hidden=frozenset(
            {"save_token", "sitting_id", "sitting_size", "feed", "source_says", "indicator_moves"}
        ),
        entries=sittings.is_entry,
    )
    form_plan = FormPlan(ChangeSet)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One change set with its items."""
        change_set = self.get_one(request.args.get("id"))
        if change_set is None:
            return forms.missing(self)
        asked_for = change_set_items.asked()
        job = watching.of_change_set(change_set.id)
        is_worked_on = job is not None and not job.has_ended
        may_undo = "undo" in self.allowed() and change_set.undone_by is None and not is_worked_on
        offered = undo.offer(change_set) if may_undo else None
        return self.page(
            "change_sets/details.html",
            change_set=change_set,
            title=summaries.what(change_set, speech()),
            kind=summaries.title(change_set),
            state=summaries.tone(change_set),
            state_label=summaries.state(change_set),
            facts=self._facts(change_set),
            counts=summaries.counted(change_set, speech()),
            may_decide=deciding.is_offered(change_set) and not is_worked_on,
            job=None if job is None else job_rows.shown(job),
            may_cancel=is_worked_on and "cancel" in self.allowed(),
            page=change_set_items.page_of(change_set, asked_for),
            feed=feed_pages.of(change_set),
            moves=indicator_moves.of(change_set),
            asked_for=asked_for,
            address_of=partial(self._address_of_items, change_set),
            findings=[shown_findings.of(change_set.tables, one) for one in change_set.findings],
            undo=offered,
            undo_moves=indicator_moves.of_undoing(change_set) if offered and not offered["refusal"] else (),
            cells=(
                len(sittings.not_undone(change_set))
                if "undo" in self.allowed() and change_set.sitting_size
                else 0
            ),
            return_url=self.return_url(),
        )

    @expose("/undo/", methods=("POST",))
    def undo(self) -> ResponseReturnValue:
        """Undo a change set by another one."""
        key = keys.parse(ChangeSet, request.form.get("id"))
        if key is None:
            abort(404)
        number, leaves_touched = int(key[0]), request.form.get("others") == "1"
        try:
            if request.form.get("sitting") == "1":
                done = undo.carry_out_sitting(number)
            elif undo.is_left_to_a_worker(number, leaves_touched=leaves_touched):
                return redirect(self.address(".details_view", id=number))
            else:
                done = undo.carry_out(number, leaves_touched=leaves_touched)
        except LookupError:
            abort(404)
        shown = number if done is None else done
        return redirect(
            way_back.safe_next(request.form.get("url")) or self.address(".details_view", id=shown)
        )

    @expose("/cancel/", methods=("POST",))
    def cancel(self) -> ResponseReturnValue:
        """End the job that writes or undoes a change set."""
        change_set = self.get_one(request.form.get("id"))
        if change_set is None:
            abort(404)
        with db.transaction():
            is_heeded = deferring.cancel_of(change_set.id)
        comparing.tell_cancelled(is_heeded=is_heeded)
        return redirect(self.address(".details_view", id=change_set.id), 303)

    def _facts(self, change_set: ChangeSet) -> details.Section:
        names = ["author_name", "reason", "source", "created_at", "decided_at", "decided_how"]
        names += ["decided_by_id"] if change_set.decided_by_id is not None else []
        names += ["applied_at", "import_file_id"]
        link_of = self.links()
        facts = [details.fact(self.plan, change_set, name, speech(), link_of) for name in names]
        return details.gathered(None, [*facts, *self._undoings(change_set)], speech())

    def _undoings(self, change_set: ChangeSet) -> list[details.Fact]:
        """Which change set this one undoes, and which one undid it."""
        pairs = (
            (speech().gettext("Undoes"), change_set.undoes),
            (speech().gettext("Undone by"), change_set.undone_by),
        )
        return [
            details.Fact(label, "", formatters.link(self.address(".details_view", id=other.id), str(other)))
            for label, other in pairs
            if other is not None
        ] + self._sitting(change_set)

    def _sitting(self, change_set: ChangeSet) -> list[details.Fact]:
        """The cells that were edited in one sitting, each with its change set."""
        links = [
            formatters.link(self.address(".details_view", id=number), f"#{number}")
            for number in sittings.of(change_set)
        ]
        label = speech().gettext("Edited in one sitting")
        return [details.Fact(label, "", Markup(", ").join(links))] if links else []

    def _address_of_items(self, change_set: ChangeSet, text: str, action: str, field: str, page: int) -> str:
        """Other items of this change set, and the same way back."""
        asked = {"search": text, "action": action, "field": field, "page": page or None}
        return self.address(
            ".details_view",
            id=change_set.id,
            **{name: value for name, value in asked.items() if value},
            url=request.args.get("url"),
            _anchor="items",
        )
