"""Many rows edited at once: the chosen ones, or all that a list finds; first looked at, then written as one change set.

The address is that of the list with its query. Everything else is sent: which rows (`bulk-rows`), which fields
(`bulk-field`), what is done to each (`bulk-how-…`, and its field as in the form of a record), and what was shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace
from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from webapp.forms import record_form
from webapp.forms.inputs import ColumnField
from webapp.forms.record_form import RecordForm
from webapp.lists import query, records
from webapp.lists.query import ListQuery
from webapp.screens.record.screen import RecordScreen, refuse
from webapp.screens.record.wide import carrying
from webapp.screens.record.wide.carrying import REFUSED
from webapp.screens.record.wide.preview import Preview
from webapp.services.changes.row_codec import Key
from webapp.services.intake.wide import bulk
from webapp.services.intake.wide.bulk import CLEAR, FILL, MOST_ROWS, REPLACE, SET, Doing
from webapp.web import remembered_unit
from webapp.web.speaking import speech
from webapp.words import keys
from webapp.words.marked import _

ROWS, FIELD, HOW, SOUGHT, INSTEAD = "bulk-rows", "bulk-field", "bulk-how-", "bulk-sought-", "bulk-instead-"
ALL, CHOSEN = "all", "chosen"
WAYS = {SET: _("Set to"), CLEAR: _("Make empty"), REPLACE: _("Replace text"), FILL: _("Fill down")}


@dataclass(frozen=True, slots=True)
class Part:
    """A field that is edited: what can be done to it, what is chosen, and the texts to look for and to put there."""

    field: ColumnField
    ways: Mapping[str, str]
    how: str
    sought: str
    instead: str


@dataclass(frozen=True, slots=True)
class Page:
    """What was asked for: the rows in the order of the list, the form of the chosen fields, and its parts."""

    screen: RecordScreen
    asked: ListQuery
    keys: Sequence[Key]
    form: RecordForm
    parts: Sequence[Part]

    @property
    def is_of_all(self) -> bool:
        """Whether it is about everything that the list finds."""
        return not self.asked.chosen


def answer(screen: RecordScreen) -> ResponseReturnValue:
    """The page for all that the list finds; what would come of it, or its writing."""
    try:
        asked = screen.understood()
    except query.Misread as misread:
        return refuse(misread)
    rows, step = request.form.get(ROWS, ALL if request.method == "GET" else ""), request.form.get(
        carrying.STEP
    )
    if rows == CHOSEN and not request.form.getlist("rowid"):
        flash(speech().gettext("No record is selected."), "error")
        return redirect(asked.address(screen.start))
    if rows == CHOSEN:
        asked = _of_keys(screen, asked, request.form.getlist("rowid"))
    elif rows != ALL:
        abort(400)
    # A list sends which rows, and nothing else.
    page = _page(screen, asked, is_sent=step is not None)
    if step not in carrying.STEPS or not page.parts:
        return _shown(page)
    if not _is_valid(page) or len(page.keys) > MOST_ROWS:
        return _shown(page), REFUSED
    wish = carrying.Wish(page.keys, bulk.doing(_doings(page)), page.form.change_reason.data)
    return carrying.carry_out(screen, asked, wish, partial(_shown, page))


def fields_of(screen: RecordScreen) -> list[ColumnField]:
    """The fields that can be edited in many rows: those of the form of a record."""
    return list(screen.form_class(is_new=False)(None).columns())


def _of_keys(screen: RecordScreen, asked: ListQuery, ids: Sequence[str]) -> ListQuery:
    typed = keys.parse_all(screen.plan.model, ids)
    if typed is None:
        abort(400)
    return replace(asked, chosen=tuple(typed))


def _page(screen: RecordScreen, asked: ListQuery, *, is_sent: bool) -> Page:
    names = {field.name: field for field in fields_of(screen)}
    chosen = [name for name in names if is_sent and name in request.form.getlist(FIELD)]
    whole = screen.form_class(is_new=False)
    blank = SimpleNamespace(**dict.fromkeys(chosen))
    unit = asked.unit or remembered_unit.remembered()
    sent = request.form if is_sent else None
    form = record_form.of_some(whole, chosen)(sent, obj=blank, figures_unit=unit.yen)
    parts = [_part(screen, form[name]) for name in chosen]
    return Page(screen, asked, records.keys_of(asked, MOST_ROWS), form, parts)


def _part(screen: RecordScreen, field: ColumnField) -> Part:
    name = field.name
    ways = {
        how: speech().gettext(label)
        for how, label in WAYS.items()
        if bulk.is_possible(screen.plan.model, name, how)
    }
    how = request.form.get(HOW + name, SET)
    # Blank means nothing here, until somebody says that it is to be set or cleared.
    field.flags.required = False
    return Part(
        field,
        ways,
        how if how in ways else SET,
        request.form.get(SOUGHT + name, ""),
        request.form.get(INSTEAD + name, ""),
    )


def _is_valid(page: Page) -> bool:
    """Whether every field says what is to be done; otherwise the reasons stand at the fields."""
    spoken = speech()
    wrong = False
    for part in page.parts:
        field: Any = part.field
        if part.how == SET:
            field.validate(page.form)
            if not field.errors and field.data is None:
                field.errors = [spoken.gettext("has no value; to empty it, choose “Make empty”")]
        else:
            field.errors = []
        if part.how == REPLACE and not part.sought:
            field.errors = [spoken.gettext("says no text that is to be replaced")]
        wrong = wrong or bool(field.errors)
    reason: Any = page.form.change_reason
    return bool(reason.validate(page.form)) and not wrong


def _doings(page: Page) -> list[Doing]:
    return [
        Doing(part.field.name, part.how, part.field.data, part.sought, part.instead) for part in page.parts
    ]


def _shown(page: Page, shown: Preview | None = None) -> str:
    screen, number = page.screen, len(page.keys)
    list_address = replace(page.asked, chosen=()).address(screen.start)
    _path, mark, text = list_address.partition("?")
    edited = {part.field.name for part in page.parts}
    return screen.page(
        "admin/model/bulk.html",
        form=page.form,
        parts=page.parts,
        preview=shown,
        number=number,
        is_too_many=number > MOST_ROWS,
        most=MOST_ROWS,
        scope=ALL if page.is_of_all else CHOSEN,
        rowids=[keys.write(key) for key in page.asked.chosen],
        choices=[(field.name, field.label.text, field.name in edited) for field in fields_of(screen)],
        target=f"{screen.address('.bulk_view')}{mark}{text}",
        list_address=list_address,
    )
