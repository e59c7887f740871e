"""What the pages of a record screen ask of it: its plans, its addresses, its records, and who may do what."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import quote

from flask import abort, flash, request
from flask.typing import ResponseReturnValue
from flask_admin.actions import ActionsMixin
from flask_admin.base import BaseView

from webapp import db
from webapp.forms import record_form
from webapp.forms.record_form import FormPlan, RecordForm
from webapp.label import Label
from webapp.lists import query, records
from webapp.lists.plan import ListPlan
from webapp.lists.query import ListQuery
from webapp.models.columns import Curated
from webapp.rules.findings import Finding
from webapp.services.accounts import permissions
from webapp.web import current_person, error_pages, way_back
from webapp.web.speaking import speech
from webapp.words import keys

NOT_UNDERSTOOD = 400
NOBODY: frozenset[str] = frozenset()
# What is left of a screen where something is only looked at.
READING = frozenset({"index_view", "details_view", "facets_view", "questions_view", "export"})


@lru_cache
def _allowed(rights: tuple[tuple[str, str], ...], role: str | None) -> frozenset[str]:
    """The view functions that somebody in this role may call; None asks what anybody might."""
    return frozenset(name for name, right in rights if role is None or permissions.allows(role, right))


class Guarded:
    """Deny by default: a view function runs only for those who have the right that its screen declares for it.

    `rights`: name of a view function -> right. What is not named there has no address and nobody may call it.
    """

    rights: ClassVar[Mapping[str, str]] = {}

    def allowed(self) -> frozenset[str]:
        """The view functions that whoever asks may call; where nobody asks, those that anybody might."""
        rights = tuple(self.rights.items())
        if not request:
            return _allowed(rights, None)
        person = current_person.present()
        return NOBODY if person is None else _allowed(rights, person.role)

    def is_accessible(self) -> bool:
        """Whether the menu offers this screen."""
        return not self.allowed().isdisjoint(("index_view", "index"))

    def _handle_view(self, name: str, **_kwargs: Any) -> ResponseReturnValue | None:
        if name not in self.allowed():
            abort(403)
        return None

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin's own calls the function again when it raises TypeError, which hides what went wrong.
        return fn(self, *args, **kwargs)


class RecordScreen(Guarded, BaseView, ActionsMixin):
    """The screen of one kind of record, as the pages of it see it.

    Flask-Admin gives it its place in the menu, its addresses and its actions. Of Flask-Admin's view of a model nothing
    is left that a page of ours asks for: lists are values, forms are made of the model's plan, all is written by the
    one door.
    """

    plan: ClassVar[ListPlan]
    form_plan: ClassVar[FormPlan]
    # Forms are made for each request, by language.
    form = RecordForm
    label: Label
    path: str
    # The screens of this application by their model.
    siblings: Mapping[type[db.Base], "RecordScreen"]
    # The columns of the list whose cells can be edited.
    cells: frozenset[str]

    @property
    def start(self) -> str:
        """The address of the list, without a query."""
        return f"{request.script_root}{self.url}/"

    def address(self, endpoint: str, **values: Any) -> str:
        """The address of a view function."""
        return str(self.get_url(endpoint, **values))

    def page(self, template: str, **context: Any) -> str:
        """A template of this screen."""
        # Where one came from, for addresses that lead on.
        back = way_back.packed(context["return_url"]) if "return_url" in context else None
        return str(self.render(template, **{"allowed": self.allowed(), "back": back, **context}))

    def return_url(self) -> str:
        """Where the reader came from, if that is one of our pages; otherwise the list."""
        return way_back.safe_next(request.values.get("url")) or self.address(".index_view")

    def get_one(self, id: Any) -> Any:
        """The record of a key as typed in an address, or None."""
        key = keys.parse(self.plan.model, id)
        return None if key is None else records.one(self.plan.model, key)

    def asked(self) -> ListQuery:
        """What the address of this request asks of the list; ends a request that no page of ours makes."""
        try:
            asked, remarks = query.read(self.plan, request.args)
        except query.Unreadable:
            abort(400)
        if remarks:
            tell(remarks)
        return asked

    def understood(self) -> ListQuery:
        """The same for whoever sends rows away without a page that says what was left out; raises query.Misread."""
        try:
            return query.understood(self.plan, request.args)
        except query.Unreadable:
            abort(400)

    def form_class(self, *, is_new: bool) -> type[RecordForm]:
        """The form of a new or of a stored record."""
        return record_form.form_class(self.form_plan, speech(), is_new=is_new)

    def related(self, row: Any) -> list[dict[str, Any]]:  # noqa: ARG002  # screens that have any need it
        """Lists of what belongs to a record: label, url, count. Screens that have any say so."""
        return []

    def acts(self) -> list[tuple[str, str, str]]:
        """What the head of the list leads to beside its own pages: address, drawing, words. Screens say so."""
        return []

    def links(self) -> Callable[[Any], str | None]:
        """Where records of any kind are shown, for this reader; for one page, as it has hundreds."""
        starts: dict[type[Any], str | None] = {}

        def address(record: Any) -> str | None:
            kind = record.model
            if kind not in starts:
                screen = self.siblings.get(kind)
                is_open = screen is not None and "details_view" in screen.allowed()
                starts[kind] = f"{screen.start}details/?id=" if screen is not None and is_open else None
            start = starts[kind]
            return None if start is None else start + quote(keys.write(keys.of_row(record)))

        return address


def can_return(screen: RecordScreen) -> bool:
    """Whether whoever asks may bring files of this list back: its rows know their versions."""
    is_curated = issubclass(screen.plan.model, Curated)
    return is_curated and permissions.allows(current_person.signed_in().role, permissions.IMPORT)


def tell(remarks: Iterable[Finding]) -> None:
    """Say what of an address was not understood, or not found."""
    for remark in remarks:
        flash(speech().sentence(remark), "error" if remark.is_blocking else "warning")


def refuse(misread: query.Misread) -> ResponseReturnValue:
    """No file rather than a wider one: the sentences that the list says."""
    spoken = speech()
    sentences = " ".join(spoken.sentence(remark) for remark in misread.remarks)
    explanation = error_pages.Explanation(spoken.gettext("What was asked for was not understood"), sentences)
    return error_pages.answer(error_pages.Problem(NOT_UNDERSTOOD, explanation=explanation))


def editable_cells(plan: ListPlan, form_plan: FormPlan) -> frozenset[str]:
    """Columns of a list that the form of a stored record has, and that show what their column holds."""
    typed = {column for column in form_plan.editable() if not column.primary_key}
    return frozenset(
        name for name in plan.offered if name not in plan.special and plan.column_of(name) in typed
    )
