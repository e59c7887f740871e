"""Change sets: who changed what, when and why, with every field before and after."""

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_babel import gettext
from sqlalchemy import Text, cast, func, literal, select

from webapp import db
from webapp.db import Label
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.screens.record import registry, undo
from webapp.screens.record.base import READ_ONLY, RecordView, screen
from webapp.services.accounts import permissions
from webapp.services.changes import row_codec
from webapp.web import guard
from webapp.words import displayed_values, formatters, keys, labels

HEADER = row_codec.table_of(ChangeSet).c
ITEMS_A_PAGE = 50
# The state as the style sheet knows it.
TONES = {"proposed": "waiting"}


def title(change_set: ChangeSet) -> str:
    """What a change set did, in a few words."""
    table = labels.tables().get(change_set.table_name, Label(change_set.table_name, change_set.table_name))
    return f"{labels.say(table)}: {labels.word(HEADER.kind, change_set.kind)}"


def tone(change_set: ChangeSet) -> str:
    """The state as a word of the style sheet."""
    return TONES.get(change_set.status, change_set.status)


def state(change_set: ChangeSet) -> str:
    """The state as people read it."""
    return labels.word(HEADER.status, change_set.status)


def counted(change_set: ChangeSet) -> list[tuple[str, int]]:
    """How many rows it touches, by what happens to them; nothing is left out but zeros."""
    return [
        (labels.say(label), int(change_set.counts[name]))
        for name, label in labels.COUNTS.items()
        if change_set.counts.get(name)
    ]


def _counts_cell(change_set: ChangeSet) -> str:
    return " · ".join(f"{label} {number:,}" for label, number in counted(change_set))


@screen(ChangeSet, menu="Work", path="change-sets", icon="history", place=10)
class ChangeSetView(RecordView):
    """Change sets, newest first."""

    rights = READ_ONLY | {"undo": permissions.WRITE}
    # The token of a form is nobody else's business.
    never_exported = frozenset({"save_token"})
    name_columns = ("id",)
    name_texts = {"id": lambda c: literal("#").concat(cast(c.id, Text))}
    column_list = (
        "id",
        "table_name",
        "kind",
        "counts",
        "status",
        "author_name",
        "reason",
        "source",
        "applied_at",
    )
    link_column = "id"
    special_cells = {"counts": _counts_cell}
    column_searchable_list = ("author_name", "reason", "source")
    column_filters = ("table_name", "kind", "status", "author_name", "created_at", "applied_at")
    sorts = {
        "id": ("id",),
        "status": ("status",),
        "kind": ("kind",),
        "table_name": ("table_name",),
    }
    column_default_sort = ("id", True)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One change set with its items, fifty at a time."""
        change_set = self.get_one(request.args.get("id"))
        if change_set is None:
            return self._missing()
        page = min(max(request.args.get("page", 0, type=int), 0), 10_000_000)
        total = _number_of_items(change_set)
        items = _items(change_set, page)
        shown = page * ITEMS_A_PAGE + len(items)
        return self.page(
            "change_sets/details.html",
            change_set=change_set,
            title=title(change_set),
            state=tone(change_set),
            state_label=state(change_set),
            facts=self._facts(change_set),
            counts=counted(change_set),
            items=[_shown(item) for item in items],
            more_items=max(0, total - shown) if items else 0,
            pager_prev=self._page_url(change_set, page - 1) if page else None,
            pager_next=self._page_url(change_set, page + 1) if items and shown < total else None,
            findings=[_finding(change_set, found) for found in change_set.findings],
            undo=undo.offer(change_set) if self.may("undo") and change_set.undone_by is None else None,
            return_url=self.return_url(),
        )

    @expose("/undo/", methods=("POST",))
    def undo(self) -> ResponseReturnValue:
        """Undo a change set by another one."""
        key = keys.parse(ChangeSet, request.form.get("id"))
        if key is None:
            abort(404)
        try:
            done = undo.carry_out(int(key[0]))
        except LookupError:
            abort(404)
        shown = done.id if done is not None else key[0]
        return redirect(guard.safe_next(request.form.get("url")) or self.address(".details_view", id=shown))

    def _facts(self, change_set: ChangeSet) -> list[tuple[str, Any]]:
        names = ("author_name", "reason", "source", "created_at", "decided_at", "applied_at")
        told = [(str(self.get_column_name(name)), self.get_detail_value(change_set, name)) for name in names]
        file = self.get_detail_value(change_set, "import_file")
        told.append((str(self.get_column_name("import_file_id")), file))
        return [*told, *self._undoings(change_set)]

    def _undoings(self, change_set: ChangeSet) -> list[tuple[str, Any]]:
        """Which change set this one undoes, and which one undid it."""
        pairs = ((gettext("Undoes"), change_set.undoes), (gettext("Undone by"), change_set.undone_by))
        return [
            (label, formatters.link(self.address(".details_view", id=other.id), str(other)))
            for label, other in pairs
            if other is not None
        ]

    def _page_url(self, change_set: ChangeSet, page: int) -> str:
        return self.address(".details_view", id=change_set.id, page=page or None, url=request.args.get("url"))


def _number_of_items(change_set: ChangeSet) -> int:
    """Counted from the items themselves: the header of a bulk load counts rows that have none."""
    wanted = select(func.max(ChangeSetItem.position)).where(ChangeSetItem.change_set_id == change_set.id)
    last = db.session.scalar(wanted)
    return 0 if last is None else int(last) + 1


def _items(change_set: ChangeSet, page: int) -> Sequence[ChangeSetItem]:
    first = page * ITEMS_A_PAGE
    wanted = select(ChangeSetItem).where(
        ChangeSetItem.change_set_id == change_set.id,
        ChangeSetItem.position >= first,
        ChangeSetItem.position < first + ITEMS_A_PAGE,
    )
    return db.session.scalars(wanted.order_by(ChangeSetItem.position)).all()


def _shown(item: ChangeSetItem) -> dict[str, Any]:
    model = row_codec.model_of(item.table_name)
    view = registry.view_of(model)
    is_there = item.action != "delete" and view is not None and keys.parse(model, item.row_key) is not None
    return {
        "label": item.label_text or item.row_key or "—",
        "url": view.get_url(f"{view.endpoint}.details_view", id=item.row_key) if is_there else None,
        "action": item.action,
        "action_label": labels.word(row_codec.table_of(ChangeSetItem).c.action, item.action),
        "rows": displayed_values.differences(model, item.before, item.after),
    }


def _finding(change_set: ChangeSet, found: dict[str, Any]) -> dict[str, Any]:
    columns = row_codec.table_of(row_codec.model_of(change_set.table_name)).columns
    field = str(found.get("field"))
    return {
        "message": labels.sentence(str(found.get("message", "")), found.get("params")),
        "is_blocking": bool(found.get("is_blocking")),
        "where": labels.say(labels.of_column(columns[field])) if field in columns else "",
    }
