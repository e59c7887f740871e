"""Saving a form: every create and edit becomes one change set, and nothing that was typed is lost on the way."""

from dataclasses import replace
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_babel import gettext

from webapp.forms import record_form
from webapp.forms.record_form import RecordForm
from webapp.lists import next_record, query
from webapp.lists.next_record import Standing
from webapp.rules import change
from webapp.screens.record import change_messages, conflicts, history
from webapp.screens.record.lists import ListView
from webapp.services.changes import door, resubmission
from webapp.services.changes.door import Applied, Outcome, SentBefore, Unchanged, Waiting
from webapp.services.changes.proposals import Author, Intent, Moved, Wish
from webapp.web import current_person, guard
from webapp.web.speaking import speech
from webapp.words import formatters, keys

CONFLICT = 409
# Buttons of the save bar beside Save.
NEXT, ADD = "_next", "_add_another"


def author() -> Author:
    """Who is making the change of this request."""
    person = current_person.signed_in()
    return Author(person.name, person.id, person.role)


class FormView(ListView):
    """Creating and editing, over Flask-Admin's own URLs."""

    form_plan: ClassVar[record_form.FormPlan]

    create_template = "admin/model/create.html"
    edit_template = "admin/model/edit.html"

    def scaffold_form(self) -> Any:
        return self._made(is_new=True)

    def get_edit_form(self) -> Any:
        return self._made(is_new=False)

    def edit_form(self, obj: Any = None) -> Any:
        """The form of a stored record, as sent or as stored."""
        form = super().edit_form(obj)
        if obj is not None:
            record_form.know_names(form, obj)
            if not form.row_version.raw_data:
                form.row_version.data = str(getattr(obj, "version", ""))
        return form

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """A new record."""
        form = self.create_form()
        if self.validate_form(form) and self.create_model(form):
            return redirect(self._way_out())
        return self._form_page(form, None), CONFLICT if form.repeats else 200

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """A stored record."""
        row = self.get_one(request.args.get("id"))
        if row is None:
            return self._missing()
        form = self.edit_form(row)
        place = self._standing(row) if NEXT in request.form else None
        if self.validate_form(form) and self.update_model(form, row):
            return redirect(self._next(place, form) if place else self._way_out())
        if form.moved:
            return self._after_conflict(form)
        return self._form_page(form, row), CONFLICT if form.repeats else 200

    @expose("/beside/")
    def beside_view(self) -> ResponseReturnValue:
        """From the form of a record to that of the next one, or the one before, in the list that one came from."""
        row = self.get_one(request.args.get("id"))
        if row is None:
            return self._missing()
        is_backward = request.args.get("way") == "previous"
        key = next_record.beside(self._standing(row), is_backward=is_backward)
        if key is None:
            told = (
                gettext("This is the first record of the list.")
                if is_backward
                else gettext("This is the last record of the list.")
            )
            flash(told, "info")
        return redirect(
            self.address(".edit_view", id=keys.write(key or keys.of_row(row)), url=self.return_url())
        )

    def create_model(self, form: Any) -> Any:
        """The stored record, True where it is stored later, or None with the reasons at their fields."""
        outcome = self.write(Wish(self.model, change.CREATE, form.values()), form)
        match outcome:
            case Applied():
                return self.get_one(outcome.created[0])
            case SentBefore():
                return outcome.is_same
        return isinstance(outcome, Waiting) or None

    def update_model(self, form: Any, model: Any) -> bool:
        """Whether the record is now as typed; otherwise the form says why, and still holds what was typed."""
        version = form.base_version()
        if version is None:
            form.say(gettext("This form is incomplete. Open the record again."))
            return False
        wish = Wish(self.model, change.UPDATE, form.values(), keys.of_row(model), version)
        outcome = self.write(wish, form)
        if isinstance(outcome, SentBefore):
            return outcome.is_same
        return isinstance(outcome, Applied | Waiting | Unchanged)

    def write(self, wish: Wish, form: RecordForm) -> Outcome:
        """Carry a wish through the one door, and say what came of it."""
        kind = "create" if wish.action == change.CREATE else "edit"
        intent = Intent(kind, author(), reason=form.change_reason.data, save_token=form.token())
        outcome = door.carry([wish], intent)
        if isinstance(outcome, Moved):
            form.moved = outcome
            return outcome
        if isinstance(outcome, SentBefore):
            outcome = self._sent_before(outcome, wish, form)
            if not outcome.is_same:
                return outcome
        change_messages.of_form(outcome, form, self.plan.table_columns)
        return outcome

    def return_url(self) -> str:
        """Where the reader came from, if that is one of our pages; otherwise the list."""
        return guard.safe_next(request.values.get("url")) or self.address(".index_view")

    def _way_out(self) -> str:
        back = self.return_url()
        return self.address(".create_view", url=back) if ADD in request.form else back

    def _standing(self, row: Any) -> Standing:
        values = {column.name: getattr(row, column.name) for column in self.plan.table_columns}
        path, _mark, text = self.return_url().partition("?")
        try:
            asked = query.parse(self.plan, text if path == self.address(".index_view") else "")
        except query.Unreadable:
            asked = query.parse(self.plan, "")
        return next_record.standing(asked, values)

    def _next(self, place: Standing, form: RecordForm) -> str:
        """The form of the record that came after this one before it was saved."""
        if form.repeats is not None:
            (item,) = form.repeats.items
            place = place.moved_to(resubmission.before(item, self.model))
        key = next_record.beside(place)
        if key is None:
            flash(gettext("That was the last record of the list."), "info")
            return self.return_url()
        return self.address(".edit_view", id=keys.write(key), url=self.return_url())

    def _sent_before(self, before: SentBefore, wish: Wish, form: RecordForm) -> SentBefore:
        """The same form once more; words in it where it wants something else now, or its record has gone since."""
        form.repeats = before.change_set
        if before.is_same and self.get_one(before.change_set.items[0].row_key) is not None:
            return before
        form.save_token.data = None
        url = self.address("change_sets.details_view", id=before.change_set.id)
        is_new = wish.action == change.CREATE
        form.say(change_messages.of_other_use(before.change_set, url, is_new=is_new))
        return replace(before, is_same=False)

    def _missing(self) -> ResponseReturnValue:
        """No such record: back to the list; but whoever has typed something gets to keep it."""
        if request.method != "POST":
            flash(gettext("This record does not exist."), "error")
            return redirect(self.get_url(".index_view"))
        form: Any = self.create_form()
        form.validate()
        form.save_token.data = None
        form.say(
            gettext("This record has been deleted meanwhile. Your entries are still here; nothing was saved.")
        )
        return self._form_page(form, None), CONFLICT

    def _after_conflict(self, form: Any) -> ResponseReturnValue:
        row = self.get_one(request.args.get("id"))
        if row is None:
            return self._missing()
        fresh: Any = self._edit_form_class(None, obj=row)
        record_form.know_names(fresh, row)
        self._template_args["conflicts"] = conflicts.told(form, self.model, form.moved)
        self._template_args["conflict_by"] = form.moved.changed_by or gettext("Somebody outside this admin")
        self._template_args["conflict_at"] = formatters.instant(form.moved.changed_at, speech())
        return self._form_page(conflicts.informed(form, fresh, form.moved), row), CONFLICT

    def _form_page(self, form: Any, row: Any) -> str:
        template = self.create_template if row is None else self.edit_template
        if form.token() is None:
            form.save_token.data = record_form.new_token()
        events = history.of_row(row) if row is not None else []
        return self.page(template, form=form, model=row, return_url=self.return_url(), history=events)

    def _made(self, *, is_new: bool) -> type[RecordForm]:
        if ("create_view" if is_new else "edit_view") not in self.rights:
            return RecordForm
        return record_form.form_class(self.form_plan, is_new=is_new)
