"""The items of a change set: searched, narrowed by action and field, counted, fifty a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import request
from sqlalchemy import ColumnElement, func, or_, select

from webapp import db
from webapp.lists import search
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.rules import change
from webapp.rules.fields import CONTROL
from webapp.screens.record import change_set_pages, displayed_values, names_now, registry
from webapp.screens.record.displayed_values import Change, Difference
from webapp.screens.work import change_set_search
from webapp.services.changes import row_codec, sittings
from webapp.web.speaking import speech
from webapp.words import keys, labels

ITEMS_A_PAGE = change_set_pages.ITEMS_A_PAGE
FURTHEST = 10_000_000
# With so few there is nothing to search, and what a row was made with is shown at once.
FEW = 10
# A row that stays is worth comparing field by field.
STAYS = change.OF_STORED_ROWS
ITEM = row_codec.table_of(ChangeSetItem).c


@dataclass(frozen=True, slots=True)
class Asked:
    """Which items of a change set an address asks for."""

    text: str = ""
    action: str = ""
    field: str = ""
    page: int = 0

    @property
    def narrows(self) -> dict[str, str]:
        """What leaves items out, as the address says it."""
        named = {"search": self.text, "action": self.action, "field": self.field}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """What happened to one row."""

    anchor: str
    label: str
    url: str | None
    action: str
    action_label: str
    rows: Sequence[Difference]
    # Whether its fields are shown only where somebody opens them.
    is_folded: bool


class Facet(NamedTuple):
    """A value that items can be narrowed by, and how many have it."""

    name: str
    value: str
    label: str
    number: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A page of items, and what stands around it; `total` counts what was asked for, `number` all of them."""

    items: Sequence[ShownItem]
    total: int
    number: int
    facets: Sequence[Facet]
    has_more: bool

    @property
    def is_searched(self) -> bool:
        """Whether there is something to search."""
        return self.number > FEW


def asked() -> Asked:
    """What the address of this request asks for; what cannot be meant is left out."""
    given = {name: request.args.get(name, "").strip()[:200] for name in ("search", "action", "field")}
    given = {name: "" if CONTROL.search(value) else value for name, value in given.items()}
    page = min(max(request.args.get("page", 0, type=int), 0), FURTHEST)
    return Asked(given["search"], given["action"], given["field"], page)


def page_of(change_set: ChangeSet, asked_for: Asked) -> ItemPage:
    """The items of a page. All counts are of the items themselves: a bulk load has a header alone."""
    of_set = _of_entry(change_set)
    number = int(db.session.scalar(select(func.count()).where(of_set)) or 0)
    conditions = [of_set, *_conditions(asked_for)]
    total = (
        int(db.session.scalar(select(func.count()).where(*conditions)) or 0) if asked_for.narrows else number
    )
    first = asked_for.page * ITEMS_A_PAGE
    rows = (
        select(ChangeSetItem).where(*conditions).order_by(ChangeSetItem.change_set_id, ChangeSetItem.position)
    )
    items = db.session.scalars(rows.offset(first).limit(ITEMS_A_PAGE)).all()
    return ItemPage(
        items=_shown(change_set, items, is_folded=number > FEW),
        total=total,
        number=number,
        facets=_facets(change_set, asked_for) if number > FEW else (),
        has_more=bool(items) and first + len(items) < total,
    )


def _conditions(asked_for: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        or_(
            change_set_search.is_called(ChangeSetItem.label_text, {term, search.plain(term)}),
            change_set_search.of_companies(term),
        )
        for term in search.terms(asked_for.text)
    ]
    if asked_for.action:
        conditions.append(ChangeSetItem.action == asked_for.action)
    if asked_for.field:
        conditions += [ChangeSetItem.action.in_(STAYS), ChangeSetItem.after.has_key(asked_for.field)]
    return conditions


def _facets(change_set: ChangeSet, asked_for: Asked) -> list[Facet]:
    """How many items have each action, and how many rows that stayed have each field, most first."""
    of_set = _of_entry(change_set)
    number = func.count()
    by_action = select(ChangeSetItem.action, number).where(of_set).group_by(ChangeSetItem.action)
    stayed = of_set & ChangeSetItem.action.in_(STAYS)
    fields_of = select(func.jsonb_object_keys(ChangeSetItem.after).label("field")).where(stayed).subquery()
    by_field = select(fields_of.c.field, number).group_by(fields_of.c.field)
    by_field = by_field.order_by(number.desc(), fields_of.c.field)
    columns = displayed_values.columns_of(change_set.tables)
    actions = [
        Facet("action", name, labels.word(ITEM.action, name, speech()), count, asked_for.action == name)
        for name, count in db.session.execute(by_action.order_by(number.desc()))
    ]
    fields = [
        Facet("field", name, speech().say(labels.of_column(columns[name])), count, asked_for.field == name)
        for name, count in db.session.execute(by_field)
        if name in columns and not displayed_values.is_silent(columns[name])
    ]
    return [*actions, *fields]


def _of_entry(change_set: ChangeSet) -> ColumnElement[bool]:
    """The items of a change set; where a sitting begins with it, of all that were edited then, as lists count them."""
    numbers = sittings.of(change_set) if change_set.sitting_size else ()
    return ChangeSetItem.change_set_id.in_(numbers or (change_set.id,))


def _shown(change_set: ChangeSet, items: Sequence[ChangeSetItem], *, is_folded: bool) -> list[ShownItem]:
    models = [row_codec.model_of(item.table_name) for item in items]
    changes = [Change(model, item.before, item.after) for model, item in zip(models, items, strict=True)]
    differences = displayed_values.of_changes(changes)
    return [
        ShownItem(
            anchor=change_set_pages.anchor(
                item.position, None if item.change_set_id == change_set.id else item.change_set_id
            ),
            label=names_now.of_item(item, speech()),
            url=_address(model, item),
            action=item.action,
            action_label=labels.word(ITEM.action, item.action, speech()),
            rows=rows,
            is_folded=is_folded and item.action not in STAYS,
        )
        for model, item, rows in zip(models, items, differences, strict=True)
    ]


def _address(model: type[db.Base], item: ChangeSetItem) -> str | None:
    view = registry.view_of(model)
    is_there = (
        item.action != change.DELETE and view is not None and keys.parse(model, item.row_key) is not None
    )
    return view.get_url(f"{view.endpoint}.details_view", id=item.row_key) if is_there else None
