"""The page of a list: rows, what stands around them, and where everything on it leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import render_template, request, url_for
from markupsafe import Markup, escape

from webapp.lists import conditions, orders, pager, panel, query, start_at
from webapp.lists.conditions import Asked
from webapp.lists.orders import Level, Levels
from webapp.lists.pager import Pager
from webapp.lists.plan import ListPlan
from webapp.lists.query import ListQuery
from webapp.lists.reading import ListPage
from webapp.screens.record import row_markup, shown_columns
from webapp.words import labels, units
from webapp.words.speech import Speech
from webapp.words.units import Unit

KEPT = 1000


class Chip(NamedTuple):
    """A condition in words, and the address of the list without it."""

    name: str
    says: str
    value: str
    address: str


class Choice(NamedTuple):
    """One entry of a menu: where it leads, what it says, and whether it holds now."""

    address: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ListScreen:
    """What a page of a list needs to know of its screen and reader; addresses as they begin, None for no right."""

    start: str
    speech: Speech
    unit: Unit
    details: str
    edit: str | None
    delete: str | None
    can_choose: bool
    can_edit_cells: bool


def context(asked: ListQuery, page: ListPage, screen: ListScreen) -> dict[str, Any]:
    """What the template of a list shows."""
    plan, speech, start = asked.plan, screen.speech, screen.start
    columns = shown_columns.of_list(plan, asked.shown_columns, speech, screen.unit)
    here = asked.address(start)
    base = asked.from_start().address(start)
    return {
        "query": asked,
        "return_url": here,
        "clear_search_url": asked.from_start(text="", asked=()).address(start),
        "fields": _fields(asked),
        "heads": shown_columns.heads(asked, columns, start),
        "rows": _rows(asked, page, columns, screen, here),
        "count": page.count.number,
        "count_words": page.count.words(speech),
        "pager": _pager(page, base),
        "search_placeholder": ", ".join(speech.say(plan.label_of(name)) for name in plan.searched),
        "sort_levels": None if plan.is_large else orders.write(asked.shown_levels),
        "sort_choices": _sort_choices(plan, asked.shown_levels, speech),
        "column_choices": _column_choices(plan, asked.shown_columns, speech),
        "units": _units(asked, screen),
        "sizes": _sizes(asked, screen),
        "chips": _chips(asked, screen),
        "filter_panel": _filter_panel(asked, speech) if plan.filtered else None,
        "filter_any": _filter_groups(asked, speech),
        "facets_url": _facets_url(asked, start),
        "jump_kind": start_at.kind(page.order.columns[0]),
        "jump_column": speech.say(labels.of_column(page.order.columns[0])),
    }


def _rows(
    asked: ListQuery,
    page: ListPage,
    columns: Sequence[shown_columns.ShownColumn],
    screen: ListScreen,
    here: str,
) -> Markup:
    if not page.rows:
        return Markup()
    frame = row_markup.Frame(
        url_for("static", filename="icons.svg"),
        screen.speech,
        screen.details,
        screen.edit,
        screen.delete,
        can_choose=screen.can_choose,
        has_versions=screen.can_edit_cells,
        back="&url=" + quote(here, safe="/") if request.query_string else "",
    )
    return row_markup.rows(page.rows, shown_columns.cells(asked.plan, columns), frame)


def _fields(asked: ListQuery) -> Mapping[str, Markup]:
    """Hidden inputs that carry what is asked, by the name of what a form asks anew and so does not carry."""
    pairs = asked.from_start().pairs()
    fields = [
        (name, Markup('<input type="hidden" name="{}" value="{}">').format(name, value))
        for name, value in pairs
    ]
    carried = {
        one: Markup().join(field for name, field in fields if name != one)
        for one in ("all", query.SEARCH, orders.NAME, query.COLUMNS)
    }
    filters = Markup().join(field for name, field in fields if not name.startswith(conditions.START))
    return {**carried, "filters": filters}


def _pager(page: ListPage, base: str) -> Pager:
    return pager.addresses(base, page.order, page.rows, page.window, sides=(page.has_before, page.has_after))


# ---- Menus --------------------------------------------------------------------------------------------------


def _units(asked: ListQuery, screen: ListScreen) -> list[Choice]:
    """The units to choose from where the list shows money."""
    if not has_money(asked):
        return []
    return [
        Choice(
            replace(asked, unit=unit).address(screen.start),
            screen.speech.say(unit.label),
            unit is screen.unit,
        )
        for unit in units.UNITS.values()
    ]


def has_money(asked: ListQuery) -> bool:
    """Whether a list shows amounts of money."""
    columns = asked.plan.table_columns
    return any(units.is_money(columns.get(name)) for name in asked.shown_columns)


def _sizes(asked: ListQuery, screen: ListScreen) -> list[Choice]:
    plan = asked.plan
    return [
        Choice(
            asked.from_start(size=0 if size == plan.size else size).address(screen.start),
            screen.speech.gettext("%(count)s rows", count=size),
            size == asked.page_size,
        )
        for size in plan.sizes
    ]


def _sort_choices(plan: ListPlan, levels: Levels, speech: Speech) -> list[tuple[Markup, bool]]:
    """Of each of the menu's levels the options and whether it is descending; one more where one may follow."""
    shown = [*levels, Level("")] if len(levels) < orders.MOST and not plan.is_large else levels
    return [(_sort_options(plan, level.name, speech), level.is_descending) for level in shown]


@lru_cache(maxsize=KEPT)
def _sort_options(plan: ListPlan, chosen: str, speech: Speech) -> Markup:
    said = {"": "", **{name: speech.say(plan.label_of(name)) for name in plan.offered_sorts}}
    option = Markup('<option value="{}"{}>{}</option>')
    marks = {chosen: Markup(" selected")}
    return Markup().join(option.format(name, marks.get(name, ""), label) for name, label in said.items())


@lru_cache(maxsize=KEPT)
def _column_choices(plan: ListPlan, shown: tuple[str, ...], speech: Speech) -> Markup:
    """What a list may show, with a tick at what it shows."""
    box = Markup('<label><input type="checkbox" name="columns" value="{}"{}> {}</label>\n')
    ticked = {name: Markup(" checked") for name in shown}
    return Markup().join(
        box.format(name, ticked.get(name, ""), speech.say(label)) for name, label in plan.offered.items()
    )


# ---- What narrows the list ----------------------------------------------------------------------------------


def _chips(asked: ListQuery, screen: ListScreen) -> list[list[Chip]]:
    """What narrows the list, each with the address without it; of those together any is enough."""
    chips = []
    if asked.text:
        rest = asked.from_start(text="").address(screen.start)
        chips.append([Chip(screen.speech.gettext("Search") + ":", "", asked.text, rest)])
    for some in conditions.alternatives(asked.asked):
        chips.append([_chip(asked, one, screen) for one in some])
    return chips


def _chip(asked: ListQuery, one: Asked, screen: ListScreen) -> Chip:
    rest = tuple(other for other in asked.asked if other is not one)
    address = asked.from_start(asked=rest).address(screen.start)
    return Chip(*panel.in_words(one, screen.speech), address)


def _filter_panel(asked: ListQuery, speech: Speech) -> Markup:
    """The panel's columns: as they always are, but for those in which something is chosen."""
    given: dict[str, dict[str, list[str]]] = {}
    for one in asked.asked:
        if not one.group:
            values = given.setdefault(one.filter.column.name, {})
            values.setdefault(one.filter.arg, []).append(one.value)
    plan = asked.plan
    return Markup().join(
        _part(plan, name, given[name], speech) if name in given else _plain_part(plan, name, speech)
        for name in plan.filtered
    )


@lru_cache(maxsize=KEPT)
def _plain_part(plan: ListPlan, name: str, speech: Speech) -> Markup:
    return _part(plan, name, {}, speech)


def _part(plan: ListPlan, name: str, values: Mapping[str, Sequence[str]], speech: Speech) -> Markup:
    part = panel.part(plan, name, values, speech)
    return Markup(render_template("admin/model/filter.html", part=part))  # noqa: S704  # the template escapes


def _filter_groups(asked: ListQuery, speech: Speech) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The groups of which any condition is enough: letter, and name in the address, value and words of each."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for one, (name, value) in zip(asked.asked, conditions.write(asked.asked), strict=True):
        if one.group:
            words = " ".join(panel.in_words(one, speech))
            groups.setdefault(one.group, []).append((name, value, words))
    return list(groups.items())


def _facets_url(asked: ListQuery, start: str) -> str | None:
    """Where the counts of the list that is shown are; None where it has no facets."""
    if not asked.plan.has_facets:
        return None
    canonical = asked.canonical()
    return f"{start}facets/?{canonical}" if canonical else f"{start}facets/"


def plain(cell: Any) -> str:
    """What stands in a cell, as markup."""
    return str(escape("" if cell is None else cell))
