"""Change sets: who changed what, when and why, with every field before and after."""

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from sqlalchemy import func, select

from webapp import db
from webapp.forms.record_form import FormPlan
from webapp.lists.plan import ListPlan, SpecialCell
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.screens.record import details, displayed_values, forms, registry, undo
from webapp.screens.record.base import READ_ONLY, RecordView, screen
from webapp.screens.work import deciding
from webapp.services.accounts import permissions
from webapp.services.changes import row_codec
from webapp.web import guard
from webapp.web.speaking import speech
from webapp.words import formatters, keys, labels
from webapp.words.speech import Speech

HEADER = row_codec.table_of(ChangeSet).c
ITEMS_A_PAGE = 50
# The state as the style sheet knows it.
TONES = {"proposed": "waiting"}


def title(change_set: ChangeSet) -> str:
    """What a change set did, in a few words."""
    kind = labels.word(HEADER.kind, change_set.kind, speech())
    return f"{labels.of_tables(change_set.tables, speech())}: {kind}"


def _tables_cell(change_set: ChangeSet, speech: Speech) -> str:
    return labels.of_tables(change_set.tables, speech)


def _other_tables_cell(change_set: ChangeSet, speech: Speech) -> str:
    return labels.of_tables(change_set.other_tables or (), speech)


def tone(change_set: ChangeSet) -> str:
    """The state as a word of the style sheet."""
    return TONES.get(change_set.status, change_set.status)


def state(change_set: ChangeSet) -> str:
    """The state as people read it."""
    return labels.word(HEADER.status, change_set.status, speech())


def counted(change_set: ChangeSet, speech: Speech) -> list[tuple[str, int]]:
    """How many rows it touches, by what happens to them; nothing is left out but zeros."""
    return [
        (speech.say(label), int(change_set.counts[name]))
        for name, label in labels.COUNTS.items()
        if change_set.counts.get(name)
    ]


def _counts_cell(change_set: ChangeSet, speech: Speech) -> str:
    return " · ".join(f"{label} {number:,}" for label, number in counted(change_set, speech))


@screen(menu="Work", path="change-sets", icon="history", place=10)
class ChangeSetView(RecordView):
    """Change sets, newest first."""

    rights = READ_ONLY | {"undo": permissions.WRITE}
    plan = ListPlan(
        ChangeSet,
        columns=(
            "id",
            "table_name",
            "kind",
            "counts",
            "status",
            "author_name",
            "reason",
            "source",
            "applied_at",
        ),
        link="id",
        searched=("author_name", "reason", "source"),
        filtered=("table_name", "kind", "status", "author_name", "created_at", "applied_at"),
        sorts={
            "id": ("id",),
            "status": ("status",),
            "kind": ("kind",),
            "table_name": ("table_name",),
        },
        usual_order=("id", True),
        special={
            "table_name": SpecialCell(
                labels.of_column(HEADER.table_name), _tables_cell, ("table_name", "other_tables")
            ),
            "other_tables": SpecialCell(
                labels.of_column(HEADER.other_tables), _other_tables_cell, ("other_tables",)
            ),
            "counts": SpecialCell(labels.of_column(HEADER.counts), _counts_cell, ("counts",)),
        },
        # The token of a form is nobody else's business.
        hidden=frozenset({"save_token"}),
    )
    form_plan = FormPlan(ChangeSet)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One change set with its items, fifty at a time."""
        change_set = self.get_one(request.args.get("id"))
        if change_set is None:
            return forms.missing(self)
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
            counts=counted(change_set, speech()),
            items=[_shown(item) for item in items],
            more_items=max(0, total - shown) if items else 0,
            pager_prev=self._page_url(change_set, page - 1) if page else None,
            pager_next=self._page_url(change_set, page + 1) if items and shown < total else None,
            may_decide=deciding.is_offered(change_set),
            findings=[_finding(change_set, found) for found in change_set.findings],
            undo=(
                undo.offer(change_set) if "undo" in self.allowed() and change_set.undone_by is None else None
            ),
            return_url=self.return_url(),
        )

    @expose("/undo/", methods=("POST",))
    def undo(self) -> ResponseReturnValue:
        """Undo a change set by another one."""
        key = keys.parse(ChangeSet, request.form.get("id"))
        if key is None:
            abort(404)
        try:
            done = undo.carry_out(int(key[0]), leaves_touched=request.form.get("others") == "1")
        except LookupError:
            abort(404)
        shown = key[0] if done is None else done
        return redirect(guard.safe_next(request.form.get("url")) or self.address(".details_view", id=shown))

    def _facts(self, change_set: ChangeSet) -> list[tuple[str, Any]]:
        names = ["author_name", "reason", "source", "created_at", "decided_at", "decided_how"]
        names += ["decided_by_id"] if change_set.decided_by_id is not None else []
        names += ["applied_at", "import_file_id"]
        link_of = self.links()
        facts = [details.fact(self.plan, change_set, name, speech(), link_of) for name in names]
        return [*((fact.label, fact.value) for fact in facts), *self._undoings(change_set)]

    def _undoings(self, change_set: ChangeSet) -> list[tuple[str, Any]]:
        """Which change set this one undoes, and which one undid it."""
        pairs = (
            (speech().gettext("Undoes"), change_set.undoes),
            (speech().gettext("Undone by"), change_set.undone_by),
        )
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
        "action_label": labels.word(row_codec.table_of(ChangeSetItem).c.action, item.action, speech()),
        "rows": displayed_values.differences(model, item.before, item.after),
    }


def _finding(change_set: ChangeSet, finding: dict[str, Any]) -> dict[str, Any]:
    columns = displayed_values.columns_of(change_set.tables)
    field = str(finding.get("field"))
    return {
        "message": speech().gettext(str(finding.get("message", "")), **(finding.get("params") or {})),
        "is_blocking": bool(finding.get("is_blocking")),
        "where": speech().say(labels.of_column(columns[field])) if field in columns else "",
    }
