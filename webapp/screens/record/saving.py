"""Saving what was typed into a form: every create and edit becomes one change set, through the one door."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Protocol

from markupsafe import Markup

from webapp import db
from webapp.forms import record_form
from webapp.forms.record_form import RecordForm
from webapp.models.columns import Curated
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.screens.record import change_messages, registry
from webapp.screens.record.screen import RecordScreen
from webapp.services.changes import door, row_codec, row_conflicts
from webapp.services.changes.door import Applied, Outcome, SentBefore, Unchanged, Waiting
from webapp.services.changes.proposals import Author, Intent, Moved, Wish
from webapp.web import current_person
from webapp.web.speaking import speech
from webapp.words import formatters, keys, record_names


class Writer(Protocol):
    """Who writes what was typed; where it cannot be written, the form says why and still holds what was typed."""

    def create(self, screen: RecordScreen, form: RecordForm) -> bool:
        """Whether a new record is stored, or waits to be."""

    def update(self, screen: RecordScreen, form: RecordForm, row: Any) -> bool:
        """Whether the record is now as typed, or waits to be."""


def author() -> Author:
    """Who is making the change of this request."""
    person = current_person.signed_in()
    return Author(person.name, person.id, person.role)


def as_opened(row: Any, sent_version: str | None) -> Any:
    """The record as it was when the form that is sent now was filled; as it is, where that is the same or not known.

    Fields that show what they showed then are not their editor's, whatever somebody else has made of them since.
    """
    version = record_form.version_of(sent_version)
    if version is None or not isinstance(row, Curated) or version == row.version:
        return row
    assert isinstance(row, db.Base)
    seen = row_conflicts.as_seen(type(row), keys.of_row(row), version)
    if seen is None:
        return row
    present = {column.name: getattr(row, column.name) for column in row_codec.table_of(type(row)).columns}
    return SimpleNamespace(**{**present, **seen})


class ChangeSetWriter:
    """Writes records by change sets."""

    def create(self, screen: RecordScreen, form: RecordForm) -> bool:
        """Whether the new record is stored, or waits to be."""
        outcome = _write(screen, Wish(screen.plan.model, change.CREATE, form.values()), form)
        if isinstance(outcome, SentBefore):
            return outcome.is_same
        return isinstance(outcome, Applied | Waiting)

    def update(self, screen: RecordScreen, form: RecordForm, row: Any) -> bool:
        """Whether the record is now as typed, or waits to be."""
        version = form.base_version()
        if version is None:
            form.say(speech().gettext("This form is incomplete. Open the record again."))
            return False
        wish = Wish(screen.plan.model, change.UPDATE, form.values(), keys.of_row(row), version)
        outcome = _write(screen, wish, form)
        if isinstance(outcome, SentBefore):
            return outcome.is_same
        return isinstance(outcome, Applied | Waiting | Unchanged)


def _write(screen: RecordScreen, wish: Wish, form: RecordForm) -> Outcome:
    """Carry a wish through the one door, and say what came of it."""
    kind = "create" if wish.action == change.CREATE else "edit"
    intent = Intent(kind, author(), reason=form.change_reason.data, save_token=form.token())
    outcome = door.carry([wish], intent)
    if isinstance(outcome, Moved):
        form.moved = outcome
        return outcome
    if isinstance(outcome, SentBefore):
        outcome = _sent_before(screen, outcome, wish, form)
        if not outcome.is_same:
            return outcome
    change_messages.of_form(outcome, form, screen.plan.table_columns, _rival)
    return outcome


def _rival(finding: Finding) -> Markup | None:
    rival = rival_of(finding)
    return None if rival is None else formatters.link(*rival)


def rival_of(finding: Finding) -> tuple[str, str] | None:
    """Address and name, in the reader's language, of the record that has the key which was wanted."""
    table, key = finding.params.get("table"), finding.params.get("key")
    if table is None or key is None:
        return None
    model = row_codec.model_of(str(table))
    view = registry.view_of(model)
    record = None if view is None else view.get_one(str(key))
    if view is None or record is None:
        return None
    url = view.get_url(f"{view.endpoint}.details_view", id=key)
    return url, record_names.of(record, speech())


def _sent_before(screen: RecordScreen, before: SentBefore, wish: Wish, form: RecordForm) -> SentBefore:
    """The same form once more; words in it where it wants something else now, or its record has gone since."""
    form.repeats = before.change_set
    if before.is_same and screen.get_one(before.change_set.items[0].row_key) is not None:
        return before
    form.save_token.data = None
    url = screen.address("change_sets.details_view", id=before.change_set.id)
    is_new = wish.action == change.CREATE
    form.say(change_messages.of_other_use(before.change_set, url, is_new=is_new))
    return replace(before, is_same=False)
