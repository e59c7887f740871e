"""A list taken away as a file; sent only when all of it is there."""

import tempfile
from datetime import UTC, datetime

from flask import abort, flash, redirect, send_file
from flask.typing import ResponseReturnValue

from webapp.lists import file
from webapp.screens.record.screen import RecordScreen
from webapp.services.lists import exporting
from webapp.web import remembered_unit
from webapp.web.speaking import speech
from webapp.words.moments import JST

AS_SHOWN, AS_STORED = "csv", "all"
KINDS = (AS_SHOWN, AS_STORED)
# Under the minute after which proxies give up on an answer without telling why.
SECONDS = 50


def answer(screen: RecordScreen, kind: str) -> ResponseReturnValue:
    """The rows that the list's search and filters find, in its order."""
    if kind not in KINDS:
        abort(404)
    asked, spoken = screen.asked(), speech()
    unit = asked.unit or remembered_unit.remembered()
    written = file.stored(asked, spoken) if kind == AS_STORED else file.shown(asked, spoken, unit)
    # Closed by the answer that sends it.
    content = tempfile.TemporaryFile()  # noqa: SIM115 - sent after this function has ended
    try:
        with exporting.within(SECONDS):
            file.write(content, written, asked)
    except exporting.TooSlow:
        content.close()
        flash(
            spoken.gettext(
                "The file was not ready after %(seconds)s seconds, so nothing was sent. Narrow the list by filters.",
                seconds=SECONDS,
            ),
            "error",
        )
        return redirect(asked.address(screen.start))
    except BaseException:
        content.close()
        raise
    label = spoken.say(screen.label)
    name = f"{label}_{datetime.now(UTC).astimezone(JST):%Y%m%d_%H%M%S}.csv"
    sent = send_file(content, mimetype="text/csv", as_attachment=True, download_name=name)
    sent.call_on_close(content.close)
    return sent
