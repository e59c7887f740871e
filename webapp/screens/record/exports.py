"""A list taken away as a file; sent only when all of it is there."""

import io
import logging
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import BinaryIO
from urllib.parse import quote

from flask import abort, flash, redirect, request, send_file
from flask.typing import ResponseReturnValue

from webapp.lists import file, file_names, query, workbook
from webapp.lists.query import ListQuery
from webapp.screens.record.screen import RecordScreen, refuse
from webapp.services.lists import exporting
from webapp.web import current_person, remembered_unit
from webapp.web.speaking import speech
from webapp.words import keys

CSV_TYPE = "text/csv"
JSONL_TYPE = "application/jsonl"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Under the minute after which proxies give up on an answer without telling why.
SECONDS = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it ends, its type, whether it has every column as stored or the list as shown, and whether
    it has the column by which its rows are known when it comes back."""

    ending: str
    mimetype: str
    is_stored: bool
    comes_back: bool = False


# As the address calls them.
KINDS = {
    "xlsx": Kind("xlsx", XLSX_TYPE, is_stored=False),
    "csv": Kind("csv", CSV_TYPE, is_stored=False),
    "xlsx-all": Kind("xlsx", XLSX_TYPE, is_stored=True),
    "all": Kind("csv", CSV_TYPE, is_stored=True),
}
KINDS |= {f"{name}-back": replace(kind, comes_back=True) for name, kind in KINDS.items()}
# Whatever the list shows: its address has no conditions.
KINDS["whole"] = KINDS["all"]
# For programs, which take numbers and moments as they are.
KINDS["jsonl"] = Kind("jsonl", JSONL_TYPE, is_stored=True)
# The rows that were selected in a list are sent; every list of ours has fewer on a page.
MOST_SELECTED = 1000

log = logging.getLogger("webapp.exports")


def answer(screen: RecordScreen, name: str) -> ResponseReturnValue:
    """The rows that the list's search and filters find, in its order."""
    kind = KINDS.get(name) or abort(404)
    spoken = speech()
    try:
        asked = _asked(screen)
    except query.Misread as misread:
        return refuse(misread)
    if kind.comes_back and asked.known is not None:
        # What was known on another day is looked at, and never written.
        abort(404)
    # Closed by the answer that sends it.
    content = tempfile.TemporaryFile()  # noqa: SIM115 - sent after this function has ended
    try:
        with exporting.within(SECONDS):
            _write(content, kind, asked, title=spoken.say(screen.label))
    except (exporting.TooSlow, workbook.TooManyRows) as refusal:
        content.close()
        flash(_reason(refusal), "error")
        return redirect(asked.address(screen.start))
    except BaseException:  # a worker that is told to end leaves no open file
        content.close()
        raise
    _log(screen, name, asked, content)
    sent = send_file(content, mimetype=kind.mimetype, as_attachment=True, download_name=f"list.{kind.ending}")
    sent.headers["Content-Disposition"] = _disposition(screen, asked, kind)
    sent.call_on_close(content.close)
    return sent


def _asked(screen: RecordScreen) -> ListQuery:
    """What the list finds, in its columns and order; of that the selected rows, where some are sent."""
    asked = screen.understood()
    if request.method == "GET":
        return asked
    typed = keys.parse_all(screen.plan.model, request.form.getlist("rowid")[:MOST_SELECTED])
    return replace(asked, chosen=tuple(typed)) if typed else abort(400)


def _log(screen: RecordScreen, name: str, asked: ListQuery, content: BinaryIO) -> None:
    """Who took what away: no word of what was searched for, as in all logs."""
    facts = {
        "user_id": current_person.signed_in().id,
        "screen": screen.path,
        "kind": name,
        "selected": len(asked.chosen),
        "is_narrowed": bool(asked.chosen or asked.text or asked.asked),
        "bytes": content.seek(0, io.SEEK_END),
    }
    content.seek(0)
    log.info("exported", extra=facts)


def _write(content: BinaryIO, kind: Kind, asked: ListQuery, *, title: str) -> None:
    spoken, until = speech(), time.monotonic() + SECONDS
    unit = asked.unit or remembered_unit.remembered()
    if kind.mimetype == XLSX_TYPE:
        typed = workbook.known(asked, spoken)
        typed += workbook.stored(asked, spoken) if kind.is_stored else workbook.shown(asked, spoken, unit)
        typed += workbook.record(asked, spoken) if kind.comes_back else []
        workbook.write(content, typed, asked, title=title, until=until)
    elif kind.mimetype == JSONL_TYPE:
        file.write_objects(content, asked)
    else:
        written = file.known(asked, spoken)
        written += file.stored(asked, spoken) if kind.is_stored else file.shown(asked, spoken, unit)
        written += file.record(asked, spoken) if kind.comes_back else []
        file.write(content, written, asked)


def _reason(refusal: exporting.TooSlow | workbook.TooManyRows) -> str:
    spoken = speech()
    if isinstance(refusal, exporting.TooSlow):
        return spoken.gettext(
            "The file was not ready after %(seconds)s seconds, so nothing was sent. Narrow the list by filters.",
            seconds=SECONDS,
        )
    return spoken.gettext(
        "A sheet of Excel holds %(most)s rows, so nothing was sent. Narrow the list by filters, or take CSV.",
        most=f"{workbook.MOST_ROWS:,}",
    )


def _disposition(screen: RecordScreen, asked: ListQuery, kind: Kind) -> str:
    """What it is and when, in the reader's language (RFC 5987), and in ASCII for programs that know no other."""
    now, spoken = datetime.now(UTC), speech()
    label = spoken.say(screen.label)
    if kind.is_stored:
        label = f"{label}_{spoken.gettext('all columns')}"
    if kind.comes_back:
        label = f"{label}_{spoken.gettext('to edit')}"
    name = f"{file_names.of(asked, label, now, spoken)}.{kind.ending}"
    known = "".join(f"_{part}" for pair in (asked.known.pairs() if asked.known else ()) for part in pair)
    plain = f"{screen.path}{known}{file_names.of_moment(now)}.{kind.ending}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
