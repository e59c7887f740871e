"""The page of a list: rows, what stands around them, and where everything on it leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from flask import render_template, request
from markupsafe import Markup
from sqlalchemy import Column

from webapp.lists import (
    conditions,
    file_names,
    knowledge,
    orders,
    paging,
    panel,
    query,
    reading,
    start_at,
)
from webapp.lists.conditions import Asked
from webapp.lists.counting import Count
from webapp.lists.paging import Pager
from webapp.lists.plan import ListPlan
from webapp.lists.query import REPEATED, ListQuery
from webapp.lists.reading import ListPage
from webapp.screens.record import list_menus, row_markup, shown_columns
from webapp.screens.record.screen import RecordScreen, can_return, tell
from webapp.screens.record.shown_columns import LinkOf, ShownColumn
from webapp.web import remembered_unit, way_back
from webapp.web.speaking import speech
from webapp.words.speech import Speech
from webapp.words.units import YEN, Unit

# What is rendered once is a function of its key alone; choices and languages together make some hundreds.
KEPT = 1000
NOTHING: frozenset[str] = frozenset()
WRITING = frozenset({"create_view", "edit_view", "delete_view", "cell_view", "action_view", "paste_view"})
Values = tuple[tuple[str, tuple[str, ...]], ...]
# As exact as an estimate is worth reading.
DIGITS = 3


class Chip(NamedTuple):
    """A condition in words, and the address of the list without it."""

    name: str
    value: str
    address: str
    is_misread: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a list is shown: the list's address without a query, language, unit, rights, and links to records."""

    start: str
    speech: Speech
    unit: Unit
    allowed: frozenset[str]
    link_of: LinkOf
    # Whether rows can be selected: where something is offered for those that are.
    can_choose: bool = False


def answer(screen: RecordScreen) -> str:
    """The page of a list that this request asks for."""
    asked = screen.asked()
    unit = asked.unit or (remembered_unit.remembered() if asked.has_money() else YEN)
    if asked.unit is not None and asked.has_money():
        remembered_unit.remember(asked.unit)
    page = reading.page_of(asked)
    if page.remarks:
        tell(page.remarks)
    # What was known on another day is looked at, and never written.
    is_open = asked.known is None
    allowed = screen.allowed() if is_open else screen.allowed() - WRITING
    actions = screen.get_actions_list()[0] if is_open else []
    reader = Reader(screen.start, speech(), unit, allowed, screen.links(), can_choose=bool(actions))
    return screen.page(
        "admin/model/list.html",
        allowed=allowed,
        actions=actions,
        can_return=is_open and can_return(screen),
        cells=screen.cells if "cell_view" in reader.allowed else NOTHING,
        menu=list_menus.views_of(screen.path, asked),
        **context(asked, page, reader),
    )


def context(asked: ListQuery, page: ListPage, reader: Reader) -> dict[str, Any]:
    """What the template of a list shows."""
    plan, speech, start = asked.plan, reader.speech, reader.start
    columns = shown_columns.of_list(plan, asked.columns, speech, reader.unit, asked.basis)
    here = asked.address(start)
    base = asked.from_start().address(start)
    return {
        "query": asked,
        "start": start,
        "return_url": here,
        "clear_search_url": asked.from_start(text="", asked=(), misread=()).address(start),
        "fields": _fields(asked),
        "heads": shown_columns.heads(asked, columns, start),
        "rows": _rows(asked, page, columns, reader, here),
        "count": page.count.number,
        "shown": len(page.rows),
        "count_words": _count_words(page.count, speech),
        "pager": _pager(page, base),
        "search_placeholder": _searched(plan, speech),
        "sort_levels": None if plan.is_large else orders.write(asked.levels),
        "sort_choices": list_menus.sort_choices(plan, asked.levels, speech),
        "column_choices": list_menus.column_choices(plan, asked.columns, speech),
        "units": list_menus.units_of(asked, start, reader.unit, speech),
        "cells_unit": reader.unit.word if asked.has_money() else "",
        "sizes": list_menus.sizes(asked, start, speech),
        "files": file_names.offered(speech),
        "chips": _chips(asked, start, speech),
        "filter_panel": _filter_panel(asked, speech) if plan.filtered else None,
        "filter_any": _filter_groups(asked, speech),
        "facets_url": _facets_url(asked, start),
        "jump": _jump(plan, page.order.columns[0], speech),
    }


def _rows(
    asked: ListQuery, page: ListPage, columns: Sequence[ShownColumn], reader: Reader, here: str
) -> Markup:
    if not page.rows:
        return Markup()
    start, allowed = reader.start, reader.allowed
    frame = row_markup.Frame(
        reader.speech,
        details=f"{start}details/?id=",
        edit=f"{start}edit/?id=" if "edit_view" in allowed else None,
        delete=f"{start}delete/confirm/?id=" if "delete_view" in allowed else None,
        can_choose=reader.can_choose,
        has_versions="cell_view" in allowed,
        back=_known(asked)
        + ("&url=" + quote(way_back.packed(here), safe="/") if request.query_string else ""),
    )
    return row_markup.rows(
        page.rows, shown_columns.cells(asked.plan, columns, reader.link_of, reader.speech), frame
    )


def _known(asked: ListQuery) -> str:
    """What links to records say of the day on which they were known so."""
    return "" if asked.known is None else f"&{urlencode(asked.known.pairs())}"


def _fields(asked: ListQuery) -> Mapping[str, Markup]:
    """Hidden inputs that carry what is asked, by the name of what a form asks anew and so does not carry."""
    pairs = asked.from_start().pairs()
    fields = [
        (name, Markup('<input type="hidden" name="{}" value="{}">').format(name, value))
        for name, value in pairs
    ]
    carried = {
        one: Markup().join([field for name, field in fields if name != one])
        for one in ("all", query.SEARCH, orders.NAME, query.COLUMNS)
    }
    carried["known"] = Markup().join([field for name, field in fields if name not in knowledge.NAMES])
    filters = Markup().join([field for name, field in fields if not name.startswith(conditions.START)])
    return {**carried, "filters": filters}


def _count_words(count: Count, speech: Speech) -> str:
    """A number of rows as people read it: 1,234 or 10,000+ or about 10,500,000."""
    if not count.is_capped:
        return f"{count.number:,}"
    if count.estimate is None or count.estimate <= count.number:
        return f"{count.number:,}+"
    number = round(count.estimate, DIGITS - len(str(count.estimate)))
    return speech.gettext("about %(count)s", count=f"{number:,}")


def _pager(page: ListPage, base: str) -> Pager:
    return paging.addresses(
        base, page.order, page.rows, page.window.passed, sides=(page.has_before, page.has_after)
    )


@lru_cache(maxsize=KEPT)
def _searched(plan: ListPlan, speech: Speech) -> str:
    """What a search looks through."""
    return speech.listed(speech.say(plan.label_of(name)) for name in plan.searched)


@lru_cache(maxsize=KEPT)
def _jump(plan: ListPlan, column: Column[Any], speech: Speech) -> tuple[str | None, str]:
    """What a list that is sorted by this column may be begun at: the type of the input, and whose order it is."""
    name = next((name for name, columns in plan.sorts.items() if columns[0] == column.name), column.name)
    return start_at.kind(column), speech.say(plan.label_of(name))


# ---- What narrows the list ----------------------------------------------------------------------------------


def _filter_panel(asked: ListQuery, speech: Speech) -> Markup:
    """The panel's columns: as they always are, but for those in which something is chosen."""
    given: dict[str, dict[str, list[str]]] = {}
    for one in asked.asked:
        if not one.group:
            values = given.setdefault(one.filter.column.name, {})
            values.setdefault(one.filter.arg, []).append(one.value)
    chosen = {name: tuple([(arg, tuple(values)) for arg, values in of.items()]) for name, of in given.items()}
    names = dict.fromkeys((*asked.plan.filtered, *given))
    root = request.script_root
    return Markup().join([_part(asked.plan, name, chosen.get(name, ()), speech, root) for name in names])


@lru_cache(maxsize=KEPT)
def _part(  # the template asks the request for `root`: here it only tells pieces apart
    plan: ListPlan, name: str, values: Values, speech: Speech, root: str  # noqa: ARG001 - part of the key
) -> Markup:
    """One column of the panel; `root` is where its drawings lie, as the template asks the request for it."""
    part = panel.part(plan, name, dict(values), speech)
    return Markup(render_template("admin/model/filter.html", part=part))  # noqa: S704  # the template escapes


def _filter_groups(asked: ListQuery, speech: Speech) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The groups of which any condition is enough: letter, and name in the address, value and words of each."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for one, (name, value) in zip(asked.asked, conditions.write(asked.asked), strict=True):
        if one.group:
            words = speech.pair(*conditions.in_words(one, speech))
            groups.setdefault(one.group, []).append((name, value, words))
    return list(groups.items())


def _facets_url(asked: ListQuery, start: str) -> str | None:
    """Where the counts of the list that is shown are; None where it has no facets."""
    if not asked.plan.has_facets:
        return None
    canonical = asked.canonical()
    return f"{start}facets/?{canonical}" if canonical else f"{start}facets/"


def _chips(asked: ListQuery, start: str, speech: Speech) -> list[list[Chip]]:
    """What narrows the list, each with the address without it; of those together any is enough."""
    chips: list[list[Chip]] = []
    if asked.text:
        rest = asked.from_start(text="").address(start)
        chips.append([Chip(speech.pair(speech.gettext("Search"), ""), asked.text, rest)])
    for some in conditions.alternatives(asked.asked):
        chips.append([_chip(asked, one, start, speech) for one in some])
    return chips + [[_misread_chip(asked, pair, start, speech)] for pair in asked.misread]


def _misread_chip(asked: ListQuery, pair: tuple[str, str], start: str, speech: Speech) -> Chip:
    """A condition that nobody understood: it narrows nothing, and no file is made until it is taken away."""
    rest = tuple(other for other in asked.misread if other != pair)
    name, value = pair
    said = speech.pair(conditions.arg_of(name)[:REPEATED], "")
    address = asked.from_start(misread=rest).address(start)
    return Chip(said, value[:REPEATED], address, is_misread=True)


def _chip(asked: ListQuery, one: Asked, start: str, speech: Speech) -> Chip:
    rest = tuple(other for other in asked.asked if other is not one)
    address = asked.from_start(asked=rest).address(start)
    name, value = conditions.in_words(one, speech)
    return Chip(speech.pair(name, ""), value, address)
