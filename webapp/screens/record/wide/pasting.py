"""A range of cells pasted from a spreadsheet over rows and columns of a list, from one cell on: first looked at, then
written as one change set.

The address is that of the list with its query. Sent are the rows of its page in their order (`rowid`), the row and the
column at which the range begins, its text, and whether blank cells are to empty what they are laid over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace

from flask import abort, request
from flask.typing import ResponseReturnValue

from webapp.files import pasted
from webapp.forms import record_form
from webapp.forms.record_form import RecordForm
from webapp.lists import pasting, query, reading, records
from webapp.lists.query import ListQuery
from webapp.screens.record.screen import RecordScreen, refuse
from webapp.screens.record.wide import carrying
from webapp.screens.record.wide.carrying import REFUSED
from webapp.screens.record.wide.preview import Preview
from webapp.services.changes.row_codec import Key
from webapp.services.intake.wide import bulk
from webapp.services.intake.wide import pasting as service
from webapp.web import remembered_unit
from webapp.web.speaking import speech
from webapp.words import keys
from webapp.words.units import UNITS, YEN, Unit

ROW, COLUMN, TEXT, BLANKS, UNIT = "paste-row", "paste-column", "paste-text", "paste-blanks", "paste-unit"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows that a range may be laid over, in the order of the list, the place where it begins, and what it holds.

    `columns`: those of the list from where it begins on, by their names in it.
    """

    screen: RecordScreen
    asked: ListQuery
    keys: Sequence[Key]
    first: int
    columns: Sequence[str]
    text: str
    is_clearing: bool
    unit: Unit
    form: RecordForm

    @property
    def lines(self) -> list[list[str]]:
        return pasted.cells(self.text)

    @property
    def target(self) -> Sequence[Key]:
        """The rows that its lines are laid over."""
        return self.keys[self.first : self.first + len(self.lines)]


def answer(screen: RecordScreen) -> ResponseReturnValue:
    """The page on which a range is laid over the list; what would come of it, or its writing."""
    try:
        asked = screen.understood()
    except query.Misread as misread:
        return refuse(misread)
    if asked.known is not None:
        abort(400)
    page = _page(screen, asked)
    if request.form.get(carrying.STEP) not in carrying.STEPS:
        return _shown(page)
    sentence = _misfit(page)
    if sentence is not None or not page.form.change_reason.validate(page.form):
        return _shown(page, None, sentence), REFUSED
    wish = carrying.Wish(page.target, service.laid(_range(page)), page.form.change_reason.data)
    return carrying.carry_out(screen, asked, wish, partial(_shown, page))


def _page(screen: RecordScreen, asked: ListQuery) -> Page:
    rows, first = _rows(screen, asked)
    names = list(asked.columns)
    begins = request.form.get(COLUMN, "")
    sent = request.form if carrying.STEP in request.form else None
    whole = screen.form_class(is_new=False)
    unit = UNITS.get(request.form.get(UNIT, "")) or asked.unit or remembered_unit.remembered()
    return Page(
        screen,
        asked,
        rows,
        first,
        (
            names[names.index(begins) :]
            if begins in names
            else names[names.index(_first_column(screen, names)) :]
        ),
        request.form.get(TEXT, ""),
        BLANKS in request.form,
        unit if asked.has_money() else YEN,
        record_form.of_some(whole, ())(sent, obj=SimpleNamespace()),
    )


def _first_column(screen: RecordScreen, names: Sequence[str]) -> str:
    """Where a range begins as long as nobody says so."""
    return next((name for name in names if name in screen.cells), names[0])


def _rows(screen: RecordScreen, asked: ListQuery) -> tuple[list[Key], int]:
    """The rows that a range may be laid over, and the place of its first one.

    Several that were chosen are meant themselves; with one alone those are meant that follow it on its page.
    """
    typed = request.form.getlist("rowid")
    sent = keys.parse_all(screen.plan.model, typed) if typed else []
    if sent is None:
        abort(400)
    of_page = [] if len(sent) > 1 else [keys.of_row(row) for row in reading.page_of(asked).rows]
    if len(sent) > 1:
        visible = {*records.keys_of(replace(asked, chosen=tuple(sent)), len(sent))}
        rows = [key for key in sent if key in visible]
    else:
        rows = of_page if not sent or sent[0] in of_page else list(sent)
    begins = keys.parse(screen.plan.model, request.form.get(ROW, "")) or (sent[0] if sent else None)
    return rows, rows.index(begins) if begins in rows else 0


def _misfit(page: Page) -> str | None:
    """Why the range cannot be laid there at all."""
    spoken, lines = speech(), page.lines
    if not lines:
        return spoken.gettext("There is nothing to paste. Copy a range of cells in the spreadsheet first.")
    rows, columns = len(page.keys) - page.first, len(page.columns)
    if len(lines) > rows:
        return spoken.gettext(
            "The range has %(lines)s rows, and the page has %(rows)s from there on. Begin further up, or show more"
            " rows.",
            lines=f"{len(lines):,}",
            rows=f"{rows:,}",
        )
    if len(lines[0]) > columns:
        return spoken.gettext(
            "The range has %(cells)s columns, and the list has %(columns)s from there on. Begin further left, or show"
            " more columns.",
            cells=f"{len(lines[0]):,}",
            columns=f"{columns:,}",
        )
    return None


def _range(page: Page) -> service.Range:
    plan, lines = page.screen.plan, page.lines
    names = page.columns[: len(lines[0])]
    layout = pasting.layout(plan, names, page.unit)
    written = {one.place for one in layout.columns}
    only_shown = {
        place: speech().say(plan.label_of(name)) for place, name in enumerate(names) if place not in written
    }
    return service.Range(layout, list(zip(page.target, lines, strict=True)), page.is_clearing, only_shown)


def _shown(page: Page, shown: Preview | None = None, sentence: str | None = None) -> str:
    screen, spoken = page.screen, speech()
    plan, list_address = screen.plan, page.asked.address(screen.start)
    _path, mark, text = list_address.partition("?")
    return screen.page(
        "admin/model/paste.html",
        form=page.form,
        preview=shown,
        sentence=sentence,
        rows=[(keys.write(key), name) for key, name in bulk.named(plan.model, page.keys, spoken.language)],
        row=keys.write(page.keys[page.first]) if page.keys else None,
        columns=[
            (name, spoken.say(plan.label_of(name)), name in screen.cells) for name in page.asked.columns
        ],
        column=page.columns[0],
        text=page.text,
        is_clearing=page.is_clearing,
        unit=page.unit,
        has_money=page.asked.has_money(),
        target=f"{screen.address('.paste_view')}{mark}{text}",
        list_address=list_address,
    )
