"""Show what would come of a change of many rows, or write what was shown; alike however rows and values were said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from webapp.lists.query import ListQuery
from webapp.screens.record import change_messages
from webapp.screens.record.saving import author
from webapp.screens.record.screen import RecordScreen
from webapp.screens.record.wide import preview
from webapp.screens.record.wide.preview import Preview
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Intent
from webapp.services.changes.row_codec import Key
from webapp.services.intake.wide import bulk
from webapp.services.intake.wide.bulk import Previewed, Wanting
from webapp.web.speaking import speech

STEP, SHOWN = "bulk-step", "bulk-shown"
PREVIEW, WRITE = "preview", "write"
STEPS = (PREVIEW, WRITE)
REFUSED = 422
# The page that was sent, once more, with its preview where there is one.
Show = Callable[[Preview | None], str]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which rows are meant, what is wanted of them, and why."""

    keys: Sequence[Key]
    wanting: Wanting
    reason: str | None


def carry_out(screen: RecordScreen, asked: ListQuery, wish: Wish, show: Show) -> ResponseReturnValue:
    """What the form asks for: the preview; or the list that `asked` is, once what was shown is written."""
    model, intent = screen.plan.model, Intent("edit", author(), reason=wish.reason)
    if request.form.get(STEP) != WRITE:
        return _outcome(screen, asked, bulk.preview(model, wish.keys, wish.wanting, intent), show)
    outcome = bulk.carry(model, wish.keys, wish.wanting, intent, shown=request.form.get(SHOWN, ""))
    if isinstance(outcome, Previewed):
        flash(speech().gettext("Something has changed since the preview. Look again."), "warning")
    return _outcome(screen, asked, outcome, show)


def _outcome(screen: RecordScreen, asked: ListQuery, outcome: Any, show: Show) -> ResponseReturnValue:
    if isinstance(outcome, Previewed):
        return show(preview.of(screen, outcome))
    if isinstance(outcome, Applied):
        change_messages.done(outcome.number, change_messages.said(outcome, speech()))
        return redirect(replace(asked, chosen=()).address(screen.start))
    for sentence in preview.refusals(screen, outcome):
        flash(sentence, "error")
    return show(None), REFUSED
