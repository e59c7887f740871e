"""References chosen by typing: the field that holds a key and shows a name, and the names of records by their keys."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from flask import has_app_context, url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Column, Select, inspect, select
from sqlalchemy.orm import joinedload, load_only
from wtforms.validators import ValidationError

from webapp import db
from webapp.forms import elements
from webapp.forms.fields import UnboundField
from webapp.forms.inputs import ColumnField
from webapp.screens.record import registry
from webapp.services.changes import row_codec
from webapp.words import keys

MOST = 20
CHUNK = 2000
# Making them anew costs a page as much as its SQL; screens and choices of columns make some hundreds.
KEPT = 1000


def target_of(column: Column[Any]) -> type[db.Base]:
    """The model that a foreign key points at."""
    (key,) = column.foreign_keys
    return row_codec.model_of(key.column.table.name)


def relation_of(column: Column[Any]) -> str | None:
    """The name of the relation that goes over a foreign key of a single column."""
    model = row_codec.model_of(column.table.name)
    for relation in inspect(model).relationships:
        if relation.direction.name == "MANYTOONE" and relation.local_columns == {column}:
            return str(relation.key)
    return None


def only(model: type[db.Base], *, also: Iterable[str] = ()) -> Any:
    """Load just the key, what str() of a record reads, and these columns; reading another one raises."""
    view = registry.view_of(model)
    names = {*(view.name_columns if view is not None else model.label_fields), *also}
    names |= {column.name for column in row_codec.key_columns(model)}
    return _only(model, tuple(sorted(names)))


def joined(model: type[db.Base], names: Iterable[str] | None = None) -> tuple[Any, ...]:
    """Load the records that a record refers to in the same statement, as far as their names need; all or some."""
    return _joined(model, None if names is None else frozenset(names), has_app_context())


def name_loading(model: type[db.Base]) -> list[Any]:
    """Loader options for what str() of a record reads: its own columns and its company's name."""
    view = registry.view_of(model)
    is_named_by_company = view is None or view.is_named_by_company
    return [only(model), *joined(model, ("company",) if is_named_by_company else ())]


@lru_cache(maxsize=KEPT)
def _only(model: type[db.Base], names: tuple[str, ...]) -> Any:
    return load_only(*(getattr(model, name) for name in names), raiseload=True)


@lru_cache(maxsize=KEPT)
def _joined(
    model: type[db.Base],
    names: frozenset[str] | None,
    knows_views: bool,  # noqa: ARG001 - what they are called differs
) -> tuple[Any, ...]:
    options = []
    for relation in inspect(model).relationships:
        if relation.direction.name == "MANYTOONE" and (names is None or relation.key in names):
            target = relation.mapper.class_
            options.append(joinedload(getattr(model, relation.key)).options(*name_loading(target)))
    return tuple(options)


def names_of(model: type[db.Base], wanted: Iterable[Any]) -> dict[Any, str]:
    """What records are called, by their keys of one column; one that is gone or not for this reader is left out."""
    (column,) = row_codec.key_columns(model)
    view = registry.view_of(model)
    some: Select[Any] = select(model) if view is None else view.visible(select(model))
    todo = sorted({key for key in wanted if key is not None}, key=str)
    found: dict[Any, str] = {}
    for start in range(0, len(todo), CHUNK):
        rows = some.where(column.in_(todo[start : start + CHUNK])).options(*name_loading(model))
        found |= {getattr(row, column.name): str(row) for row in db.session.scalars(rows)}
    return found


def loaded_name(model: type[db.Base], key: Any) -> str | None:
    """What a record is called, if this request has loaded it."""
    record = db.session.identity_map.get(inspect(model).identity_key_from_primary_key((key,)))
    return None if record is None else str(record)


def find(model: type[db.Base], text: str, offset: int = 0, limit: int = MOST) -> list[tuple[Any, str]]:
    """Records whose search finds this text, at most 20: (key, name)."""
    view = registry.view_of(model)
    (column,) = row_codec.key_columns(model)
    rows: Select[Any] = view.visible(select(model)).where(*view.search_conditions(text))
    rows = rows.order_by(*view.order(None, is_descending=False)).options(*name_loading(model))
    rows = rows.limit(min(max(limit, 1), MOST)).offset(min(max(offset, 0), 10_000))
    return [(getattr(row, column.name), str(row)) for row in db.session.scalars(rows)]


class LookupWidget:
    """A hidden input with the key beside a text input with the name; script offers names while somebody types."""

    def __call__(self, field: "ReferenceField", **attributes: Any) -> Markup:
        box = elements.begin(
            "div",
            class_="lookup",
            data_lookup_url=url_for(".ajax_lookup", name=field.column.name),
            data_lookup_nothing=gettext("Nothing matches."),
            data_lookup_failed=gettext("The look-up failed. Try again."),
            data_lookup_clear=gettext("Clear"),
        )
        key = elements.control({"type": "hidden", "name": field.name}, field.shows(field.data))
        told = {"id": field.id, "required": field.flags.required, "autocomplete": "off", **attributes}
        typed = field.name + ReferenceField.NAME
        name = elements.control({"type": "text", "name": typed}, field.name_shown(), **told)
        return box + key + name + elements.end("div")


class ReferenceField(ColumnField):
    """A key of another record. Whatever is typed as its name and not chosen must name exactly one record."""

    widget = LookupWidget()
    NAME = "-name"

    def __init__(self, column: Column[Any], **options: Any) -> None:
        super().__init__(column, **options)
        self.target = target_of(column)
        self.unit = None
        self.rule = None  # a key that exists needs no other rule
        self.known_name: str | None = None
        self.typed_name: str | None = None

    def process(self, formdata: Any, *rest: Any, **more: Any) -> None:
        if formdata is not None:
            self.typed_name = formdata.get(self.name + self.NAME)
        super().process(formdata, *rest, **more)

    def reads(self, text: str) -> Any:
        if not text:
            return None
        (column,) = row_codec.key_columns(self.target)
        value = keys.parse_value(column, text)
        if value is None:
            raise ValueError(gettext("is not one of the choices"))
        return value

    def pre_validate(self, form: Any) -> None:
        self._heed_typed_name()
        super().pre_validate(form)
        if self.data is not None and self.data != self.object_data and not self.process_errors:
            names = names_of(self.target, [self.data])
            if not names:
                raise ValidationError(gettext("is not one of the choices"))
            self.known_name = names[self.data]

    def keep(self, other: ColumnField) -> None:
        super().keep(other)
        assert isinstance(other, ReferenceField)
        self.known_name, self.typed_name = other.known_name, other.typed_name

    def name_shown(self) -> str:
        """The name beside the key: as typed where it was refused, otherwise as the record is called now."""
        if self.errors and self.typed_name is not None:
            return self.typed_name
        if self.data is None:
            return ""
        if self.known_name is None:
            self.known_name = names_of(self.target, [self.data]).get(self.data, str(self.data))
        return self.known_name

    def _heed_typed_name(self) -> None:
        """Without script, or when Enter was pressed while typing, the name says something else than the key."""
        typed = None if self.typed_name is None else self.typed_name.strip()
        if typed is None or self.process_errors or self.data != self.object_data:
            return
        if typed == ("" if self.data is None else self._stored_name()):
            return
        if not typed:
            self.data, self.is_untouched = None, False
            return
        matches = find(self.target, typed, limit=2)
        if len(matches) != 1:
            raise ValidationError(gettext("names no record or several; choose one from the list"))
        (self.data, self.known_name), self.is_untouched = matches[0], False

    def _stored_name(self) -> str:
        if self.known_name is None:
            self.known_name = names_of(self.target, [self.object_data]).get(self.object_data, "")
        return self.known_name


def for_column(column: Column[Any]) -> Any:
    """The look-up field of a foreign key."""
    return UnboundField(ReferenceField, column)
