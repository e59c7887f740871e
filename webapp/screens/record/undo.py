"""Undoing a change set on screen: what it would do, or in words why it cannot be done."""

from typing import Any

from flask import flash

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.screens.record import change_messages, displayed_values, names_now
from webapp.screens.record.saving import author
from webapp.services.changes import door, row_codec, undoing
from webapp.services.changes.door import Applied, Outcome
from webapp.services.changes.proposals import Moved, Refused
from webapp.services.changes.undoing import CannotUndo, Overtaken, Overtaking, UndoneAlready
from webapp.services.queueing import long_changes
from webapp.services.queueing.deferring import WaitsAlready
from webapp.web.speaking import speech
from webapp.words import formatters, labels, stored_sentences
from webapp.words.speech import Speech

MOST_ROWS = 3
REFUSALS = (CannotUndo, UndoneAlready, Overtaken, Refused, Moved)


def offer(change_set: ChangeSet) -> dict[str, Any]:
    """What undoing would do now, as counts, or why it cannot be done; nothing is written.

    `others`: how many records could be undone without those that stand in the way.
    """
    spoken = speech()
    try:
        look = undoing.look(change_set)
    except REFUSALS as refusal:
        return {"refusal": sentence(change_set, refusal, spoken), "counts": [], "others": 0}
    if look.overtaken is not None:
        said = sentence(change_set, look.overtaken, spoken)
        return {"refusal": said, "counts": [], "others": look.overtaken.others}
    counts = [
        (spoken.say(label), number)
        for name, label in labels.COUNTS.items()
        if (number := look.counts.get(name))
    ]
    return {"refusal": None, "counts": counts, "others": 0}


def carry_out(number: int, *, leaves_touched: bool = False) -> int | None:
    """Undo a change set and say so: the number of the one that did it, or None where the reader knows why not.

    `leaves_touched`: without the records that somebody has changed since.
    Raises LookupError where there is no such change set.
    """
    reason = undoing.reason_of(number)
    return _told(number, door.undo(number, author(), reason, leaves_touched=leaves_touched))


def is_left_to_a_worker(number: int, *, leaves_touched: bool) -> bool:
    """Whether a worker is to undo it, as that takes longer than anybody waits for a page; then it is said."""
    change_set = db.session.get(ChangeSet, number)
    if change_set is None or change_set.status != "applied" or change_set.undone_by is not None:
        return False
    if not long_changes.takes_long(change_set):
        return False
    spoken = speech()
    try:
        with db.transaction():
            long_changes.undo_later(number, author(), leaves_touched=leaves_touched)
    except WaitsAlready:
        flash(spoken.gettext("A worker is to undo this change set already."), "error")
    else:
        sentence = spoken.gettext(
            "Change set %(number)s is undone by a worker; this page shows how far that has come.",
            number=f"#{number}",
        )
        flash(sentence, "success")
    return True


def carry_out_sitting(number: int) -> int | None:
    """The same for all cells that were edited in one sitting, by the number of any of them."""
    return _told(number, door.undo_sitting(number, author(), undoing.reason_of))


def _told(number: int, outcome: Outcome) -> int | None:
    spoken = speech()
    if isinstance(outcome, REFUSALS):
        change_set = db.session.get_one(ChangeSet, number)
        flash(f"{spoken.gettext('Nothing was undone.')} {sentence(change_set, outcome, spoken)}", "error")
    else:
        change_messages.of_undoing(outcome, number)
    return outcome.number if isinstance(outcome, Applied) else None


def sentence(change_set: ChangeSet, refusal: Exception, speech: Speech) -> str:
    """Why a change set cannot be undone."""
    if isinstance(refusal, UndoneAlready):
        return speech.gettext(
            "%(who)s undid it already at %(when)s, with change set %(number)s.",
            who=stored_sentences.author(refusal.by.author_name, speech),
            when=formatters.instant(refusal.by.applied_at, speech),
            number=f"#{refusal.by.id}",
        )
    if isinstance(refusal, Overtaken):
        return _of_rows(refusal, speech)
    if isinstance(refusal, CannotUndo):
        reasons = [speech.sentence(refusal.saying)]
    elif isinstance(refusal, Refused):
        columns = displayed_values.columns_of(change_set.tables)
        reasons = [change_messages.worded(columns, finding, speech) for finding in refusal.findings]
    else:
        return speech.gettext("Somebody else was saving at the same moment; try again.")
    return speech.gettext("It cannot be undone: %(reason)s.", reason="; ".join(dict.fromkeys(reasons)))


def _of_rows(overtaken: Overtaken, speech: Speech) -> str:
    sentences = [_of_row(row, speech) for row in overtaken.rows[:MOST_ROWS]]
    if overtaken.number > MOST_ROWS:
        more = overtaken.number - MOST_ROWS
        sentences.append(
            speech.ngettext("%(num)s more record has changed.", "%(num)s more records have changed.", more)
        )
    return " ".join(sentences)


def _of_row(row: Overtaking, speech: Speech) -> str:
    record = names_now.of_row((row.table_name, row.row_key), row.label, speech)
    if row.is_referred_to:
        return speech.gettext("Other records refer to “%(record)s” by now.", record=record)
    who = stored_sentences.author(row.changed_by, speech)
    if row.change_set_id is not None:
        who = f"{who} (#{row.change_set_id})"
    if not row.fields:
        return speech.gettext(
            "%(who)s has deleted “%(record)s” or made it again since.", who=who, record=record
        )
    names = displayed_values.names_of_columns(row_codec.model_of(row.table_name), row.fields)
    return speech.gettext(
        "%(who)s has changed “%(record)s” since: %(fields)s.", who=who, record=record, fields=names
    )
