"""Undoing a change set on screen: what it would do, or in words why it cannot be done."""

from typing import Any

from flask import flash
from flask_babel import gettext, ngettext
from sqlalchemy.exc import SQLAlchemyError

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.screens.record import change_messages, displayed_values
from webapp.screens.record.saving import author, worded
from webapp.services.changes import row_codec, undoing
from webapp.services.changes.proposing import Intent, Moved, Refused
from webapp.services.changes.undoing import CannotUndo, Overtaken, Overtaking, UndoneAlready
from webapp.web import database_errors, speaking
from webapp.web.speaking import speech
from webapp.words import formatters, labels

MOST_ROWS = 3
REFUSALS = (CannotUndo, UndoneAlready, Overtaken, Refused, Moved)


def offer(change_set: ChangeSet) -> dict[str, Any]:
    """What undoing would do now, as counts, or why it cannot be done; nothing is written."""
    try:
        proposal = undoing.propose(change_set, Intent("undo", author()))
    except REFUSALS as refusal:
        return {"refusal": sentence(change_set, refusal), "counts": []}
    counts = [
        (speaking.say(label), number)
        for name, label in labels.COUNTS.items()
        if (number := proposal.counts.get(name))
    ]
    return {"refusal": None, "counts": counts}


def carry_out(number: int) -> ChangeSet | None:
    """Undo a change set and say so; None where nothing was written, and the reader knows why.

    Raises LookupError where there is no such change set.
    """
    reason = gettext("Undoes change set %(number)s", number=f"#{number}")
    try:
        with db.transaction():
            done = undoing.undo(number, author(), reason)
    except REFUSALS as refusal:
        change_set = db.session.get_one(ChangeSet, number)
        flash(f"{gettext('Nothing was undone.')} {sentence(change_set, refusal)}", "error")
        return None
    except SQLAlchemyError as error:
        flash(database_errors.sentence(error), "error")
        return None
    told = gettext(
        "Change set %(number)s was undone, as change set %(new)s.", number=f"#{number}", new=f"#{done.id}"
    )
    change_messages.done(done, told)
    return done


def sentence(change_set: ChangeSet, refusal: Exception) -> str:
    """Why a change set cannot be undone."""
    if isinstance(refusal, UndoneAlready):
        return gettext(
            "%(who)s undid it already at %(when)s, with change set %(number)s.",
            who=refusal.by.author_name,
            when=formatters.instant(refusal.by.applied_at, speech()),
            number=f"#{refusal.by.id}",
        )
    if isinstance(refusal, Overtaken):
        return _of_rows(change_set, refusal.rows)
    if isinstance(refusal, CannotUndo):
        reasons = [speaking.sentence(refusal.saying)]
    elif isinstance(refusal, Refused):
        columns = row_codec.table_of(row_codec.model_of(change_set.table_name)).columns
        reasons = [worded(columns, found) for found in refusal.findings]
    else:
        return gettext("Somebody else was saving at the same moment; try again.")
    return gettext("It cannot be undone: %(reason)s.", reason="; ".join(dict.fromkeys(reasons)))


def _of_rows(change_set: ChangeSet, rows: list[Overtaking]) -> str:
    told = [_of_row(change_set, row) for row in rows[:MOST_ROWS]]
    if more := len(rows) - MOST_ROWS if len(rows) > MOST_ROWS else 0:
        told.append(ngettext("%(num)s more record has changed.", "%(num)s more records have changed.", more))
    return " ".join(told)


def _of_row(change_set: ChangeSet, row: Overtaking) -> str:
    who = row.changed_by or gettext("Somebody outside this admin")
    if row.change_set_id is not None:
        who = f"{who} (#{row.change_set_id})"
    if not row.fields:
        return gettext("%(who)s has deleted “%(record)s” or made it again since.", who=who, record=row.label)
    names = displayed_values.names_of_columns(row_codec.model_of(change_set.table_name), row.fields)
    return gettext(
        "%(who)s has changed “%(record)s” since: %(fields)s.", who=who, record=row.label, fields=names
    )
