"""What the pages of uploads show: of each where it stands, and of one everything that it would do."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from flask import url_for

from webapp.files.looking import WORKBOOK
from webapp.files.rows import WrongFile
from webapp.models.change_set import ChangeSet
from webapp.models.upload import Upload
from webapp.rules.people import upload as rules
from webapp.screens import job_rows
from webapp.screens.record import displayed_values, undo
from webapp.screens.work import (
    change_set_items,
    distributions,
    feed_pages,
    indicator_moves,
    preview_findings,
    summaries,
)
from webapp.services.accounts import permissions
from webapp.services.intake import kinds
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.uploading import uploads
from webapp.services.queueing import watching
from webapp.web import current_person
from webapp.web.speaking import speech
from webapp.words import formatters, labels, wrong_files
from webapp.words.marked import _

# How a report counts rows by reason, and what is said in front of each.
REASONS = {
    "left_out": _("Left out, %(kind)s"),
    "left_alone": _("Left as they are, %(kind)s"),
    "repeated": _("Taken as updates, %(kind)s"),
    "closed": _("Closed as %(kind)s"),
}
# What stands for the encoding of a file that is no text.
EXCEL = "Excel"


def entries(theirs: Sequence[Upload]) -> list[dict[str, Any]]:
    """Uploads as their list shows them."""
    compared_now = watching.compared_now([upload.id for upload in theirs])
    return [entry(upload, is_compared=upload.id in compared_now) for upload in theirs]


def entry(upload: Upload, *, is_compared: bool) -> dict[str, Any]:
    """An upload in a few words: what it is, where it stands, and what came of it.

    `is_compared`: whether a worker is at it, or is to be.
    """
    state, tone = (speech().gettext("Being compared"), "info") if is_compared else _state(upload)
    kind = _kind(upload)
    known = uploads.imported_as(upload) if upload.change_set is None else None
    return {
        "id": upload.id,
        "name": upload.name,
        "url": url_for("uploads.preview", id=upload.id),
        "kind": None if kind is None else speech().say(kind.label),
        "encoding": EXCEL if upload.encoding == WORKBOOK else upload.encoding,
        "size": f"{upload.size_bytes:,}",
        "sha256": upload.sha256,
        "received_at": formatters.instant(upload.uploaded_at, speech()),
        "state": state,
        "tone": tone,
        "refusal": _refusal(upload),
        "change_set": _address(upload.change_set),
        "known_as": _address(known),
    }


def preview(upload: Upload) -> dict[str, Any]:
    """Everything that the preview of an upload shows."""
    change_set, kind = upload.change_set, _kind(upload)
    asked_for = change_set_items.asked()
    page = None if change_set is None else change_set_items.page_of(change_set, asked_for)
    # One record is read by itself.
    spread = change_set if page is not None and page.number > 1 else None
    is_waiting = change_set is None or change_set.status == "proposed"
    job = watching.of_upload(upload.id) if change_set is None else watching.of_change_set(change_set.id)
    is_worked_on = job is not None and not job.has_ended
    return {
        "upload": entry(upload, is_compared=is_worked_on and change_set is None),
        "kinds": [(name, speech().say(kind.label)) for name, kind in sorted(kinds.KINDS.items())],
        "chosen": upload.kind,
        "recognised": upload.recognised_as,
        "is_whole": upload.is_whole,
        "code": upload.code or "",
        "is_by_hand": kind is not None and kind.is_by_hand,
        "is_list": kind is None or kind.is_list,
        "takes_code": kind is None or kind.takes_code,
        "is_waiting": is_waiting and not is_worked_on,
        "facts": _facts(upload),
        "counts": _counts(upload),
        "fields": _fields(upload),
        "findings": preview_findings.page_of(upload),
        "spreads": [] if spread is None else distributions.spreads(spread),
        "ranges": [] if spread is None else [*distributions.ranges(spread)],
        "change_set": change_set,
        "may_decide": change_set is not None and is_waiting and not is_worked_on,
        "job": None if job is None else job_rows.shown(job),
        "may_cancel": is_worked_on,
        "moves": None if change_set is None else indicator_moves.of(change_set),
        **_undo(None if is_worked_on else change_set),
        "is_ahead": is_waiting,
        "page": page,
        "feed": None if change_set is None else feed_pages.of(change_set),
        "asked_for": asked_for,
        "address_of": partial(_address_of_items, upload),
    }


def report(upload: Upload) -> dict[str, Any]:
    """What the command line prints as JSON, with what has become of it since."""
    kept: dict[str, Any] = upload.report or {}
    change_set = upload.change_set
    return kept if change_set is None else {**kept, "status": change_set.status}


def _state(upload: Upload) -> tuple[str, str]:
    """Where an upload stands, and the word of the style sheet for it."""
    spoken = speech()
    if upload.change_set is not None:
        return summaries.state(upload.change_set), summaries.tone(upload.change_set)
    return {
        rules.COMPARED: (spoken.gettext("Nothing to change."), "good"),
        rules.REFUSED: (spoken.gettext("Not taken"), "bad"),
        rules.RECEIVED: (spoken.gettext("Not compared yet"), "waiting"),
    }[upload.status]


def _kind(upload: Upload) -> ImportKind | None:
    return kinds.KINDS.get(upload.kind or "")


def _refusal(upload: Upload) -> str | None:
    said = upload.refusal
    if said is None:
        return None
    error = WrongFile(expected=said["expected"], found=said["found"], **said["values"])
    error.part = said.get("part")
    return wrong_files.sentence(error, speech())


def _address(change_set: ChangeSet | None) -> tuple[str, str] | None:
    """The name of a change set, and where it is shown."""
    if change_set is None:
        return None
    return f"#{change_set.id}", url_for("change_sets.details_view", id=change_set.id)


def _facts(upload: Upload) -> list[tuple[str, str]]:
    """What was read of the file as a whole."""
    outcome = upload.report
    if outcome is None:
        return []
    spoken = speech()
    return [
        (spoken.gettext("As of"), formatters.day(date.fromisoformat(outcome["as_of_on"]), spoken) or "—"),
        (spoken.gettext("Rows"), f"{outcome['rows']:,}"),
    ]


def _counts(upload: Upload) -> list[tuple[str, int]]:
    """How many rows there are of each outcome, and by reason those that nothing is done with; no zeros."""
    outcome, kind = upload.report, _kind(upload)
    if outcome is None or kind is None:
        return []
    spoken = speech()
    said = labels.COUNTS | {"kept": labels.KEPT}
    counts = [(spoken.say(said[name]), number) for name, number in outcome["counts"].items() if number]
    return counts + [
        (spoken.gettext(sentence, kind=kind.word(reason)), number)
        for name, sentence in REASONS.items()
        for reason, number in outcome[name].items()
        if number
    ]


def _fields(upload: Upload) -> list[tuple[str, int]]:
    """In how many rows each field would change, most first."""
    outcome = upload.report
    if outcome is None:
        return []
    columns = displayed_values.columns_of(preview_findings.tables_of(upload))
    named = [
        (speech().say(labels.of_column(columns[name])) if name in columns else name, number)
        for name, number in outcome["fields"].items()
    ]
    return sorted(named, key=lambda pair: -pair[1])


def _undo(change_set: ChangeSet | None) -> dict[str, Any]:
    """What undoing would do, and which indicators it would move, once it is written."""
    may_write = permissions.allows(current_person.signed_in().role, permissions.WRITE)
    is_written = change_set is not None and change_set.status == "applied" and change_set.undone_by is None
    if change_set is None or not (is_written and may_write):
        return {"undo": None}
    offered = undo.offer(change_set)
    return {
        "undo": offered,
        "undo_moves": () if offered["refusal"] else indicator_moves.of_undoing(change_set),
    }


def _address_of_items(upload: Upload, text: str, action: str, field: str, page: int) -> str:
    """Other items of what it would change."""
    asked: dict[str, Any] = {"search": text, "action": action, "field": field, "page": page or None}
    given = {name: value for name, value in asked.items() if value}
    return url_for("uploads.preview", id=upload.id, **given, _anchor="items")
