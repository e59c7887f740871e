"""Undoing a change set on screen: what it would do, or in words why it cannot be done."""

from typing import Any

from flask import flash
from flask_babel import gettext, ngettext

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.screens.record import change_messages, displayed_values
from webapp.screens.record.saving import author
from webapp.services.changes import door, row_codec, undoing
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Intent, Moved, Refused
from webapp.services.changes.undoing import CannotUndo, Overtaken, Overtaking, UndoneAlready
from webapp.web import speaking
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


def carry_out(number: int) -> int | None:
    """Undo a change set and say so: the number of the one that did it, or None where the reader knows why not.

    Raises LookupError where there is no such change set.
    """
    outcome = door.undo(number, author(), gettext("Undoes change set %(number)s", number=f"#{number}"))
    if isinstance(outcome, REFUSALS):
        change_set = db.session.get_one(ChangeSet, number)
        flash(f"{gettext('Nothing was undone.')} {sentence(change_set, outcome)}", "error")
    else:
        change_messages.of_undoing(outcome, number)
    return outcome.number if isinstance(outcome, Applied) else None


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
        return _of_rows(refusal.rows)
    if isinstance(refusal, CannotUndo):
        reasons = [speaking.sentence(refusal.saying)]
    elif isinstance(refusal, Refused):
        columns = displayed_values.columns_of(change_set.tables)
        reasons = [change_messages.worded(columns, finding) for finding in refusal.findings]
    else:
        return gettext("Somebody else was saving at the same moment; try again.")
    return gettext("It cannot be undone: %(reason)s.", reason="; ".join(dict.fromkeys(reasons)))


def _of_rows(rows: list[Overtaking]) -> str:
    sentences = [_of_row(row) for row in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        more = len(rows) - MOST_ROWS
        sentences.append(
            ngettext("%(num)s more record has changed.", "%(num)s more records have changed.", more)
        )
    return " ".join(sentences)


def _of_row(row: Overtaking) -> str:
    who = row.changed_by or gettext("Somebody outside this admin")
    if row.change_set_id is not None:
        who = f"{who} (#{row.change_set_id})"
    if not row.fields:
        return gettext("%(who)s has deleted “%(record)s” or made it again since.", who=who, record=row.label)
    names = displayed_values.names_of_columns(row_codec.model_of(row.table_name), row.fields)
    return gettext(
        "%(who)s has changed “%(record)s” since: %(fields)s.", who=who, record=row.label, fields=names
    )
