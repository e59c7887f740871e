"""The record after or before another one in a list, as the list's address has it: with search, filters and order."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from flask import current_app, request
from sqlalchemy import ColumnElement, not_, select
from werkzeug.exceptions import HTTPException

from webapp import db
from webapp.lists import paging
from webapp.lists.paging import Order, Place
from webapp.screens.record.lists import ListView
from webapp.services.changes import row_codec
from webapp.services.changes.row_codec import Key

# What an address may hold beside letters and digits.
OF_ADDRESSES = "/?:@!$&'()*+,;=%-._~"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands in a list: the list's order and conditions, and the record's values in that order."""

    view: ListView
    order: Order
    conditions: tuple[ColumnElement[bool], ...]
    values: tuple[Any, ...]
    key: Key

    def moved_to(self, record: Mapping[str, Any]) -> "Standing":
        """Where the record stood with these values."""
        known = zip(self.order.columns, self.values, strict=True)
        return replace(self, values=tuple(record.get(column.name, value) for column, value in known))


def standing(view: ListView, url: str, record: Mapping[str, Any]) -> Standing:
    """The place of a record in the list at this address; in the usual list where the address is another page's."""
    path, _mark, query = url.partition("?")
    own = view.address(".index_view")
    try:
        order, conditions = _asked(view, own, query if path == own else "")
    except HTTPException:
        order, conditions = _asked(view, own, "")
    values = tuple(record[column.name] for column in order.columns)
    return Standing(view, order, conditions, values, row_codec.key_of(view.model, record))


def beside(here: Standing, *, is_backward: bool = False) -> Key | None:
    """The key of the next record, or of the one before; None at the end of the list.

    The record itself is left out: what was saved may have moved it on.
    """
    model = here.view.model
    conditions = (*here.conditions, not_(row_codec.has_key(model, [here.key])))
    statement = paging.page(
        lambda *columns: here.view.visible(select(*columns)).where(*conditions),
        here.order,
        Place(here.values, is_backward=is_backward),
        1,
    )
    found = db.session.execute(statement).mappings().first()
    return (
        None
        if found is None
        else row_codec.key_of(model, {str(name): value for name, value in found.items()})
    )


def _asked(view: ListView, path: str, query: str) -> tuple[Order, tuple[ColumnElement[bool], ...]]:
    with _asking(path, query):
        given = view._get_list_extra_args()
        return view.asked_order(given), tuple(view.conditions(given.search, given.filters))


@contextmanager
def _asking(path: str, query: str) -> Iterator[None]:
    """As if this list had been asked for: an address is read in one place, and that reads the request."""
    environ = {
        **request.environ,
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.removeprefix(request.script_root),
        "QUERY_STRING": quote(query, safe=OF_ADDRESSES),
        "CONTENT_LENGTH": "0",
        "wsgi.input": io.BytesIO(),
    }
    with current_app.request_context(environ):
        yield
