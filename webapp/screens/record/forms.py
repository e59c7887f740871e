"""The pages on which a record is typed: new and stored ones, the next of a list, and what is left of a lost one."""

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from webapp.forms import record_form
from webapp.forms.record_form import RecordForm
from webapp.lists import next_record, query
from webapp.lists.next_record import Standing
from webapp.screens.record import conflicts, history
from webapp.screens.record.saving import Writer, as_opened
from webapp.screens.record.screen import RecordScreen, tell
from webapp.services.changes import resubmission, row_codec
from webapp.web import error_pages, said_later, way_back
from webapp.web.speaking import speech
from webapp.words import formatters, keys, record_names, stored_sentences

# Buttons of the save bar beside Save.
NEXT, ADD = "_next", "_add_another"


def create(screen: RecordScreen, writer: Writer) -> ResponseReturnValue:
    """A new record."""
    form = new_form(screen)
    if _is_sent(form) and writer.create(screen, form):
        _tell_browser(form)
        return redirect(_way_out(screen))
    return _page(screen, form, None), conflicts.STATUS if form.repeats else 200


def edit(screen: RecordScreen, writer: Writer) -> ResponseReturnValue:
    """A stored record."""
    row = screen.get_one(request.args.get("id"))
    if row is None:
        return missing(screen)
    form = stored_form(screen, row)
    standing = _standing_understood(screen, row) if NEXT in request.form else None
    if _is_sent(form) and writer.update(screen, form, row):
        _tell_browser(form)
        return redirect(_next(screen, standing, form) if standing else _way_out(screen))
    if form.moved:
        return _after_conflict(screen, form)
    return _page(screen, form, row), conflicts.STATUS if form.repeats else 200


def beside(screen: RecordScreen) -> ResponseReturnValue:
    """From the form of a record to that of the next one, or the one before, in the list that one came from."""
    row = screen.get_one(request.args.get("id"))
    if row is None:
        return missing(screen)
    is_backward = request.args.get("way") == "previous"
    try:
        standing = _standing(screen, row)
    except query.Misread as misread:
        tell(misread.remarks)
        return redirect(_edit_address(screen, keys.write(keys.of_row(row))))
    key = next_record.beside(standing, is_backward=is_backward)
    if key is None:
        spoken = speech()
        first = spoken.gettext("This is the first record of the list.")
        last = spoken.gettext("This is the last record of the list.")
        flash(first if is_backward else last, "info")
    return redirect(_edit_address(screen, keys.write(key or keys.of_row(row))))


def missing(screen: RecordScreen) -> ResponseReturnValue:
    """No such record; but whoever has typed something gets to keep it."""
    if request.method != "POST":
        return error_pages.answer(error_pages.Problem(404, explanation=_no_such_record()))
    form = new_form(screen)
    form.is_valid()
    form.save_token.data = None
    form.say(
        speech().gettext(
            "This record has been deleted meanwhile. Your entries are still here; nothing was saved."
        )
    )
    return _page(screen, form, None), conflicts.STATUS


def _no_such_record() -> error_pages.Explanation:
    spoken = speech()
    gone = spoken.gettext("Its number may be mistyped, or the record has been deleted.")
    return error_pages.Explanation(spoken.gettext("This record does not exist."), gone)


def new_form(screen: RecordScreen) -> RecordForm:
    """The form of a new record, as sent or blank."""
    return screen.form_class(is_new=True)(request.form if request.method == "POST" else None)


def stored_form(screen: RecordScreen, row: Any) -> RecordForm:
    """The form of a stored record, as sent or as stored."""
    if request.method == "POST":
        opened = as_opened(row, request.form.get("row_version"))
        form = screen.form_class(is_new=False)(request.form, obj=opened)
    else:
        form = screen.form_class(is_new=False)(None, obj=row)
        # A form that is sent without the version that it was filled from never gets the present one: it is refused.
        form.row_version.data = str(getattr(row, "version", ""))
    record_form.know_names(form, row)
    return form


def _is_sent(form: RecordForm) -> bool:
    return request.method == "POST" and form.is_valid()


def _tell_browser(form: RecordForm) -> None:
    """Say on the next page which form is stored: what the browser keeps of others it keeps."""
    if stored_as := form.stored_as():
        flash(stored_as, said_later.STORED_FORM)


def _way_out(screen: RecordScreen) -> str:
    back = screen.return_url()
    return screen.address(".create_view", url=way_back.packed(back)) if ADD in request.form else back


def _edit_address(screen: RecordScreen, key: str) -> str:
    return screen.address(".edit_view", id=key, url=way_back.packed(screen.return_url()))


def _standing(screen: RecordScreen, row: Any) -> Standing:
    """Where a record stands in the list that its form was opened from; in the usual list where that is another page.

    Raises query.Misread where that list asks for what nobody understood.
    """
    path, _mark, text = screen.return_url().partition("?")
    try:
        asked = query.parse(screen.plan, text if path == screen.address(".index_view") else "")
    except query.Unreadable:
        asked = query.parse(screen.plan, "")
    return next_record.standing(
        asked, {column.name: getattr(row, column.name) for column in screen.plan.table_columns}
    )


def _standing_understood(screen: RecordScreen, row: Any) -> Standing | None:
    """The same; None where the list itself has to say what was not understood."""
    try:
        return _standing(screen, row)
    except query.Misread:
        return None


def _next(screen: RecordScreen, standing: Standing, form: RecordForm) -> str:
    """The form of the record that came after this one before it was saved."""
    if form.repeats is not None:
        # What follows from the record's own change is of another table.
        table_name = row_codec.table_of(screen.plan.model).name
        item = next(item for item in form.repeats.items if item.table_name == table_name)
        standing = standing.moved_to(resubmission.before(item, screen.plan.model))
    key = next_record.beside(standing)
    if key is None:
        flash(speech().gettext("That was the last record of the list."), "info")
        return screen.return_url()
    return _edit_address(screen, keys.write(key))


def _after_conflict(screen: RecordScreen, form: RecordForm) -> ResponseReturnValue:
    row, moved = screen.get_one(request.args.get("id")), form.moved
    if row is None:
        return missing(screen)
    assert moved is not None  # that is why we are here
    # In the unit in which the figures were typed that it takes over.
    fresh = screen.form_class(is_new=False)(None, obj=row, figures_unit=int(form.figures_unit.data))
    record_form.know_names(fresh, row)
    # Beside what others changed, figures are called as the record calls them.
    record_form.call_as_stored(form, row)
    page = _page(
        screen,
        conflicts.informed(form, fresh, moved),
        row,
        conflicts=conflicts.told(form, screen.plan.model, moved),
        taken_over=conflicts.taken_over(screen.plan.model, moved),
        conflict_by=stored_sentences.author(moved.changed_by, speech()),
        conflict_at=formatters.instant(moved.changed_at, speech()),
        moved_fields=[conflict.field for conflict in moved.conflicts],
    )
    return page, conflicts.STATUS


def _page(screen: RecordScreen, form: RecordForm, row: Any, **conflict: Any) -> str:
    record_form.call_as_typed(form)
    record_form.count_as_stored(form, row)
    record_form.count_as_typed(form)
    template = "admin/model/create.html" if row is None else "admin/model/edit.html"
    if form.token() is None:
        form.save_token.data = record_form.new_token()
    events = history.of_row(row) if row is not None else []
    for name, mark in history.marks(row).items():
        if name in form:
            form[name].mark = mark
    return screen.page(
        template,
        form=form,
        model=row,
        name=None if row is None else record_names.of(row, speech()),
        return_url=screen.return_url(),
        history=events,
        **conflict,
    )
