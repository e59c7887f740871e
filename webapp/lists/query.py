"""What an address asks of a list, as a value: read and written in one place, taken by whatever lists records."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement
from werkzeug.datastructures import MultiDict

from webapp.lists import conditions, knowledge, orders, paging, search
from webapp.lists.conditions import Asked
from webapp.lists.knowledge import Known
from webapp.lists.orders import Level, Levels
from webapp.lists.paging import Order
from webapp.lists.plan import ListPlan
from webapp.rules.fields import CONTROL
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.row_codec import Key
from webapp.words import numbers, statement_labels, units
from webapp.words.statement_labels import NO_BASIS, Basis
from webapp.words.units import Unit

# Names in an address.
SEARCH, COLUMNS, UNIT, SIZE, PAGE, VIEW = "search", "columns", "unit", "page_size", "page", "view"
MOST_COLUMNS = 200
# An address with a page number skips at most so many rows; links lead to any depth.
FURTHEST = 100_000
# Of a name that nobody knows, so much is repeated.
REPEATED = 60
# Names that would reach Flask's url_for as something else than a query.
MISLEADING = frozenset({"endpoint", "export_type", "values"})
# What a list's address may say beside its conditions.
OURS = {SEARCH, COLUMNS, UNIT, SIZE, PAGE, VIEW, orders.NAME, orders.TURNED, *paging.NAMES, "sort", "desc"}
OURS |= {*knowledge.NAMES}
QUESTIONS = frozenset({"is", "not", "contains", "lacks", "from", "to", "empty"})
LIKE_A_FILTER = re.compile(r"f[a-z]{0,2}[0-9]|filter", re.IGNORECASE)
# What an address may hold as it is.
TIDY = "!$'()*,/:;?@"

Pairs = tuple[tuple[str, str], ...]


class Unreadable(ValueError):
    """The address holds what no address of ours can hold."""


class Misread(ValueError):
    """The address asks for what was not understood; `remarks` say what."""

    def __init__(self, remarks: Sequence[Finding]) -> None:
        self.remarks = remarks
        super().__init__("; ".join(remark.message for remark in remarks))


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Search, conditions, order, columns, unit, size and place of a list."""

    plan: ListPlan
    levels: Levels
    columns: tuple[str, ...]
    size: int
    text: str = ""
    asked: tuple[Asked, ...] = ()
    # What nobody understood of the conditions, as the address had it: it stays until somebody takes it away, so that
    # no file, and no other list, is wider than what was asked.
    misread: Pairs = ()
    # On which day it was known so; None where what is stored today is asked for.
    known: Known | None = None
    # None where the address says nothing of it.
    unit: Unit | None = None
    # The saved view that it came from.
    view: int | None = None
    # Where the page begins: a name of paging.NAMES and its text.
    place: tuple[tuple[str, str], ...] = ()
    page: int = 0
    # The rows that were chosen, where it is of them alone; no address says so.
    chosen: tuple[Key, ...] = ()

    def has_money(self) -> bool:
        """Whether the list shows amounts of money."""
        return not self.plan.money.isdisjoint(self.columns)

    @property
    def basis(self) -> Basis:
        """What every statement of the list has in common that names figures, as far as its conditions say so."""
        held: dict[str, set[str]] = {f"{name}_is": set() for name in statement_labels.COLUMNS}
        for one in self.asked:
            if not one.group and one.filter.arg in held:
                held[one.filter.arg].add(one.value)
        if not any(held.values()):
            return NO_BASIS
        shared = [values.pop() if len(values) == 1 else None for values in held.values()]
        return statement_labels.of_values(dict(zip(statement_labels.COLUMNS, shared, strict=True)))

    def order(self) -> Order:
        """The order, which is total."""
        return self.plan.order(self.levels)

    def conditions(self, *, but: str | None = None) -> list[ColumnElement[bool]]:
        """What search and filters demand of a row; `but` leaves out what is asked of a facet."""
        if self.chosen:
            return [row_codec.has_key(self.plan.model, self.chosen)]
        searched = self.plan.search_conditions(self.text) if self.text else []
        if not self.text and self.plan.entries is not None:
            searched = [self.plan.entries()]
        known = (
            [self.plan.knows(self.known)] if self.plan.knows is not None and self.known is not None else []
        )
        return searched + known + conditions.combined(self.asked, but=but)

    def from_start(self, **changes: Any) -> "ListQuery":
        """The same from its first page on, with these changes."""
        return replace(self, place=(), page=0, **changes)

    def pairs(self) -> list[tuple[str, str]]:
        """What is asked, always written the same way, without where the page begins."""
        plan, pairs = self.plan, [(SEARCH, self.text)] if self.text else []
        if self.asked:
            pairs += conditions.write(self.asked)
        pairs += self.misread
        if self.known is not None:
            pairs += self.known.pairs()
        if self.levels != plan.usual_levels:
            pairs.append((orders.NAME, orders.write(self.levels)))
        if self.unit is not None:
            pairs.append((UNIT, self.unit.word))
        if self.columns != plan.columns:
            pairs.append((COLUMNS, ",".join(self.columns)))
        if self.view is not None:
            pairs.append((VIEW, str(self.view)))
        return pairs if self.size == plan.size else [*pairs, (SIZE, str(self.size))]

    def sized(self, start: str) -> Mapping[int, str]:
        """The address of the list from its beginning, by how many rows its pages may have."""
        plan = self.plan
        pairs = replace(self, size=plan.size).pairs()
        return {
            size: _address(start, pairs if size == plan.size else [*pairs, (SIZE, str(size))])
            for size in plan.sizes
        }

    def canonical(self) -> str:
        """What is asked, as the query of an address."""
        return urlencode(self.pairs(), safe=TIDY)

    def address(self, start: str) -> str:
        """The whole address of the list that begins so; what the browser shows, place included."""
        pairs = self.pairs()
        if self.page:
            pairs.append((PAGE, str(self.page)))
        return _address(start, [*pairs, *self.place])


def _address(start: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{start}?{urlencode(pairs, safe=TIDY)}" if pairs else start


def parse(plan: ListPlan, query: str) -> ListQuery:
    """What the query of an address asks of this list, all of it understood; raises Unreadable or Misread."""
    return understood(plan, MultiDict(parse_qsl(query, keep_blank_values=True)))


def understood(plan: ListPlan, address: MultiDict[str, str]) -> ListQuery:
    """What an address asks of this list, where nothing is left out: for whoever shows no remarks beside the rows.

    Raises Unreadable or Misread.
    """
    asked, remarks = read(plan, address)
    # A misspelt name is no condition at all, and everything would fulfil it.
    strange = [name for name, value in address.items() if value.strip() and _is_misspelt(plan, name)]
    remarks += [_no_filter(name) for name in strange[:1]]
    if remarks:
        raise Misread(remarks)
    return asked


def read(plan: ListPlan, address: MultiDict[str, str]) -> tuple[ListQuery, list[Finding]]:
    """What an address asks of this list, and what of it was not understood; raises Unreadable."""
    for name, value in address.items(multi=True):
        if CONTROL.search(name) or CONTROL.search(value) or name in MISLEADING or name.startswith("_"):
            raise Unreadable(name)
    asked, misread, remarks = _asked(plan, address)
    known, strange = _known(plan, address)
    remarks += [_no_filter(name) for name, _value in strange]
    levels = _levels(plan, address)
    names = [name for text in address.getlist(COLUMNS)[:MOST_COLUMNS] for name in text.split(",")]
    columns = plan.chosen(names[:MOST_COLUMNS])
    size = numbers.whole(address[SIZE]) if SIZE in address else plan.size
    text = address.get(SEARCH, "")
    if len(text) > search.LONGEST or len(text.split()) > search.MOST_TERMS:
        remarks.append(
            Finding(
                None,
                "The search took only the first 8 words, of at most 200 characters.",
                is_blocking=False,
            )
        )
        text = " ".join(search.terms(text))
    return (
        ListQuery(
            plan,
            text=text,
            asked=asked,
            misread=(*misread, *strange),
            known=known,
            levels=levels,
            columns=columns,
            unit=units.UNITS.get(address.get(UNIT, "")),
            size=size if size in plan.sizes else plan.size,
            view=view_number(address),
            place=tuple((name, address[name]) for name in paging.NAMES if name in address),
            page=min(numbers.whole(address[PAGE]) or 0, FURTHEST) if PAGE in address else 0,
        ),
        remarks,
    )


def view_number(address: Mapping[str, str]) -> int | None:
    """The number of the saved view that an address says it came from."""
    text = address.get(VIEW)
    number = numbers.whole(text) if text else None
    return number if number and str(number) == text else None


def _asked(plan: ListPlan, address: MultiDict[str, str]) -> tuple[tuple[Asked, ...], Pairs, list[Finding]]:
    """The conditions in the address in their order, those that were not understood, and what is said of these.

    The panel sends blank conditions where it has no script.
    """
    typed, strange = conditions.read(address.items(multi=True))
    asked: list[Asked] = []
    misread: list[tuple[str, str]] = []
    remarks: list[Finding] = []
    for one in typed:
        column_filter = plan.filters.get(one.arg)
        if column_filter is None:
            strange.append((one.name, one.value))
        elif column_filter.is_understood(one.value):
            asked.append(Asked(column_filter, column_filter.written(one.value), one.group))
        else:
            misread.append((one.name, one.value))
            facts = {"name": column_filter.label, "value": one.value}
            remarks.append(Finding(None, "The filter “%(name)s” does not understand “%(value)s”.", facts))
    for name, _value in strange[:1]:
        remarks.append(_no_filter(name))
    return tuple(dict.fromkeys(asked)), tuple(dict.fromkeys((*misread, *strange))), remarks


def _known(plan: ListPlan, address: MultiDict[str, str]) -> tuple[Known | None, Pairs]:
    """The day of knowledge; a list that knows nothing of days does not understand it."""
    if address.keys().isdisjoint(knowledge.NAMES):
        return None, ()
    known, strange = knowledge.read(address)
    if plan.knows is None and known is not None:
        return None, tuple(known.pairs())
    return known, strange


def _no_filter(name: str) -> Finding:
    facts = {"name": conditions.arg_of(name)[:REPEATED]}
    return Finding(None, "This list has no filter “%(name)s”.", facts)


def _is_misspelt(plan: ListPlan, name: str) -> bool:
    """Whether a name that says nothing to us looks like that of a condition."""
    if name in OURS or name.startswith(conditions.START):
        return False
    is_column = name != "id" and (name in plan.table_columns or f"{name}_id" in plan.table_columns)
    return is_column or name.rpartition("_")[2] in QUESTIONS or LIKE_A_FILTER.match(name) is not None


def _levels(plan: ListPlan, address: MultiDict[str, str]) -> Levels:
    """The levels that an address asks for; Flask-Admin's own `sort=N&desc=1` is still understood: a column by its
    place in the usual list."""
    texts, place = address.getlist(orders.NAME), address.get("sort", "")
    if not texts and not place:
        return plan.usual_levels
    column = numbers.whole(place)
    if not texts and column is not None and column < len(plan.columns):
        return plan.levels([Level(plan.columns[column], bool(numbers.whole(address.get("desc"))))])
    return plan.levels(orders.read(texts, address.getlist(orders.TURNED)))
