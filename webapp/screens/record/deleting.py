"""Deleting, one record or many: first a page that says what hangs on them, then all or nothing, in one change set."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from webapp import db
from webapp.forms import record_form
from webapp.lists import records
from webapp.lists.counting import COUNTED_UP_TO
from webapp.naming import OWNER
from webapp.rules import change
from webapp.screens.record import change_messages
from webapp.screens.record.saving import author
from webapp.screens.record.screen import RecordScreen
from webapp.services.changes import door, references, row_codec
from webapp.services.changes.door import Outcome
from webapp.services.changes.proposals import Intent, Moved, Wish
from webapp.services.changes.row_codec import Key
from webapp.services.checking import impact
from webapp.web.speaking import speech
from webapp.words import keys, record_names
from webapp.words.watched import moved_indicators

MOST_AT_ONCE = 200


def ask(screen: RecordScreen, ids: Sequence[str]) -> ResponseReturnValue:
    """The page of confirmation for records of typed keys; a missing one ends the request."""
    chosen = _keys(screen, ids)
    rows = _rows_of(screen, chosen)
    if any(key not in rows for key in chosen):
        abort(404)
    return _page(screen, [rows[key] for key in chosen])


def delete_or_ask(screen: RecordScreen, ids: Sequence[str]) -> ResponseReturnValue:
    """Delete records of typed keys where somebody has been asked; ask otherwise."""
    if request.form.get("confirmed") != "1":
        return ask(screen, ids)
    chosen = _keys(screen, ids)
    rows = _rows_of(screen, chosen)
    if all(key in rows for key in chosen):
        _delete(screen, chosen)
    elif (before := door.sent_before(_wishes(screen, chosen), _intent())) and before.is_same:
        change_messages.of_deletion(before, len(chosen))
    else:
        abort(404)
    return redirect(screen.return_url())


def delete_selected(screen: RecordScreen, ids: Sequence[str]) -> ResponseReturnValue:
    """The same for the rows that were selected in a list."""
    if not ids:
        flash(speech().gettext("No record is selected."), "error")
        return redirect(screen.return_url())
    return delete_or_ask(screen, ids)


def _intent() -> Intent:
    reason = request.form.get("change_reason", "").strip() or None
    token = record_form.token_of(request.form.get("save_token"))
    return Intent("delete", author(), reason=reason, save_token=token)


def _delete(screen: RecordScreen, chosen: Sequence[Key]) -> None:
    """Delete all of them or none, and say so."""
    seen = _versions_seen(len(chosen))
    outcome: Outcome = Moved() if seen is None else door.carry(_wishes(screen, chosen, seen), _intent())
    change_messages.of_deletion(outcome, len(chosen))


def _wishes(screen: RecordScreen, chosen: Sequence[Key], seen: Sequence[int] | None = None) -> list[Wish]:
    versions: Sequence[int | None] = seen or [None] * len(chosen)
    return [
        Wish(screen.plan.model, change.DELETE, {}, key, version)
        for key, version in zip(chosen, versions, strict=True)
    ]


def _keys(screen: RecordScreen, ids: Sequence[str]) -> list[Key]:
    """Typed keys; one of no record or too many end the request."""
    typed = keys.parse_all(screen.plan.model, ids)
    if typed is None or len(typed) > MOST_AT_ONCE:
        # An address names what is there, or nothing; a list sends what it was given.
        abort(404 if request.method == "GET" else 400)
    return typed


def _rows_of(screen: RecordScreen, chosen: Sequence[Key]) -> dict[Key, Any]:
    model = screen.plan.model
    statement = records.visible(model).where(row_codec.has_key(model, chosen))
    statement = statement.options(*record_names.joined(model, (OWNER,)))
    return {keys.of_row(row): row for row in db.session.scalars(statement).unique()}


def _page(screen: RecordScreen, rows: Sequence[Any]) -> str:
    hanging = _hanging(screen, rows)
    blocked = speech().gettext("Other records refer to this one. Delete or move them first.")
    target = ".delete_view" if len(rows) == 1 else ".action_view"
    seen = ",".join(str(getattr(row, "version", 0)) for row in rows)
    return screen.page(
        "admin/model/delete.html",
        records=[(keys.write(keys.of_row(row)), record_names.of(row, speech())) for row in rows],
        hangs_on=hanging,
        blocked_by=blocked if hanging else None,
        moves=() if hanging else _moves(screen.plan.model, rows),
        delete_url=screen.address(target, seen=seen),
        return_url=screen.return_url(),
        save_token=record_form.new_token(),
    )


def _moves(model: type[db.Base], rows: Sequence[Any]) -> Sequence[str]:
    """Which indicators would move without these records, in sentences."""
    if not impact.is_moved_by(model):
        return ()
    columns = row_codec.table_of(model).columns
    going = [{column.name: getattr(row, column.name) for column in columns} for row in rows]
    return moved_indicators.foreseen_of(impact.of_deletion(model, going), speech())


def _hanging(screen: RecordScreen, rows: Sequence[Any]) -> list[tuple[str, int]]:
    """What belongs to these records, kind by kind, counted up to 10,000."""
    kinds = []
    for model, refers in references.to(screen.plan.model, [keys.of_row(row) for row in rows]):
        if model.follows_others:
            continue
        if number := references.count(model, refers, up_to=COUNTED_UP_TO):
            kinds.append((speech().say(model.label), number))
    return kinds


def _versions_seen(count: int) -> list[int] | None:
    """The versions that the page of confirmation showed, in the order of its records; None where that is broken."""
    versions = [record_form.version_of(part) for part in request.args.get("seen", "").split(",")]
    known = [version for version in versions if version is not None]
    return known if len(known) == len(versions) == count else None
