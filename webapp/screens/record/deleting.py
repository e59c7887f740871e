"""Deleting, one record or many: first a page that says what hangs on them, then all or nothing, in one change set."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.actions import action
from flask_admin.base import expose
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, inspect, literal, or_, select

from webapp import db
from webapp.forms import record_form
from webapp.lists import records
from webapp.lists.counting import COUNTED_UP_TO
from webapp.rules import change
from webapp.screens.record import change_messages
from webapp.screens.record.saving import FormView, author
from webapp.services.changes import door, row_codec
from webapp.services.changes.door import Applied, Outcome
from webapp.services.changes.proposals import Intent, Moved, Wish
from webapp.services.changes.row_codec import Key
from webapp.web import speaking
from webapp.words import keys, record_names

MOST_AT_ONCE = 200


def _token() -> str | None:
    return record_form.token_of(request.form.get("save_token"))


def _intent() -> Intent:
    reason = request.form.get("change_reason", "").strip() or None
    return Intent("delete", author(), reason=reason, save_token=_token())


class DeleteView(FormView):
    """Deleting, over Flask-Admin's own URLs and its list of actions."""

    confirm_template = "admin/model/delete.html"

    @expose("/delete/confirm/")
    def confirm_delete_view(self) -> ResponseReturnValue:
        """Ask before one record is deleted."""
        return self._ask(self._chosen([request.args.get("id", "")]))

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> ResponseReturnValue:
        """Delete one record, or ask first where nobody has been asked."""
        return self._delete_or_ask([request.form.get("id", "")])

    @expose("/action/", methods=("POST",))
    def action_view(self) -> ResponseReturnValue:
        """Do something with the selected rows."""
        name = request.form.get("action", "")
        if name not in self._actions_data or not self.is_action_allowed(name):
            abort(403)
        response = self._actions_data[name][0](request.form.getlist("rowid"))
        return response or redirect(self.return_url())

    @action("delete", lazy_gettext("Delete"))  # type: ignore[arg-type]  # lazy words are taken
    def action_delete(self, ids: list[str]) -> Any:
        if not ids:
            flash(gettext("No record is selected."), "error")
            return None
        return self._delete_or_ask(ids)

    def _delete_or_ask(self, ids: Sequence[str]) -> ResponseReturnValue:
        if request.form.get("confirmed") != "1":
            return self._ask(self._chosen(ids))
        chosen = self._keys(ids)
        rows = self._rows_of(chosen)
        if all(key in rows for key in chosen):
            self._delete([rows[key] for key in chosen])
        elif (before := door.sent_before(self._wishes(chosen), _intent())) and before.is_same:
            change_messages.of_deletion(before, len(chosen))
        else:
            abort(404)
        return redirect(self.return_url())

    def delete_model(self, model: Any) -> bool:
        return self._delete([model])

    def _delete(self, rows: Sequence[Any]) -> bool:
        """Whether all of them are deleted; otherwise none is, and the reader knows why."""
        seen = self._versions_seen(len(rows))
        wishes = self._wishes([keys.of_row(row) for row in rows], seen)
        outcome: Outcome = Moved() if seen is None else door.carry(wishes, _intent())
        change_messages.of_deletion(outcome, len(rows))
        return isinstance(outcome, Applied)

    def _wishes(self, gone: Sequence[Key], seen: Sequence[int] | None = None) -> list[Wish]:
        versions: Sequence[int | None] = seen or [None] * len(gone)
        return [
            Wish(self.model, change.DELETE, {}, key, version)
            for key, version in zip(gone, versions, strict=True)
        ]

    def _keys(self, ids: Sequence[str]) -> list[Key]:
        """Typed keys; a malformed one or too many end the request."""
        wanted = keys.parse_all(self.model, ids)
        if wanted is None or len(wanted) > MOST_AT_ONCE:
            abort(400)
        return wanted

    def _chosen(self, ids: Sequence[str]) -> list[Any]:
        """The records of typed keys; a missing one, a malformed one or too many end the request."""
        wanted = self._keys(ids)
        found = self._rows_of(wanted)
        if any(key not in found for key in wanted):
            abort(404)
        return [found[key] for key in wanted]

    def _rows_of(self, wanted: Sequence[Key]) -> dict[Key, Any]:
        statement = records.visible(self.model).where(row_codec.has_key(self.model, wanted))
        statement = statement.options(*record_names.joined(self.model, ("company",)))
        return {keys.of_row(row): row for row in db.session.scalars(statement).unique()}

    def _ask(self, rows: Sequence[Any]) -> str:
        hanging = self._hanging(rows)
        blocked = gettext("Other records refer to this one. Delete or move them first.") if hanging else None
        target = ".delete_view" if len(rows) == 1 else ".action_view"
        seen = ",".join(str(getattr(row, "version", 0)) for row in rows)
        return self.page(
            self.confirm_template,
            records=[(keys.write(keys.of_row(row)), str(row)) for row in rows],
            hangs_on=hanging,
            blocked_by=blocked,
            delete_url=self.get_url(target, seen=seen),
            return_url=self.return_url(),
            save_token=record_form.new_token(),
        )

    def _hanging(self, rows: Sequence[Any]) -> list[tuple[str, int]]:
        """What belongs to these records, kind by kind, counted up to 10,000."""
        found = []
        for relation in inspect(self.model).relationships:
            if relation.direction.name != "ONETOMANY":
                continue
            pairs = relation.local_remote_pairs
            theirs = [
                remote.in_([getattr(row, str(local.key)) for row in rows])
                for local, remote in pairs
                if remote is not None
            ]
            some = select(literal(1)).select_from(relation.mapper.class_).where(or_(*theirs))
            counted = select(func.count()).select_from(some.limit(COUNTED_UP_TO).subquery())
            if number := int(db.session.scalar(counted) or 0):
                found.append((speaking.say(relation.mapper.class_.label), number))
        return found

    def _versions_seen(self, count: int) -> list[int] | None:
        """The versions that the page of confirmation showed, in the order of its records; None where that is broken."""
        parts = request.args.get("seen", "").split(",")
        if len(parts) != count or not all(
            part.isascii() and part.isdigit() and len(part) < 10 for part in parts
        ):
            return None
        return [int(part) for part in parts]
