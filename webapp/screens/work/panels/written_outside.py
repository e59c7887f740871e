"""Rows that somebody wrote past the change sets, with other tools."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, exists, literal, select, union_all

from webapp import db
from webapp.label import Label
from webapp.models.row_version import RowVersion
from webapp.screens.record import registry
from webapp.screens.work.panel import Panel
from webapp.services.changes import row_codec
from webapp.web.current_person import Person
from webapp.web.speaking import speech
from webapp.words import formatters, keys, labels, record_names

MOST = 20


def read(_reader: Person) -> Mapping[str, Any] | None:
    """Rows changed, deleted and added so, latest first."""
    rows = [*_ended(), *_added()]
    return {"rows": rows} if rows else None


def _ended() -> list[dict[str, Any]]:
    statement = select(RowVersion).where(RowVersion.ended_by_change_set_id.is_(None))
    versions = db.session.scalars(statement.order_by(RowVersion.valid_to.desc()).limit(MOST))
    return [
        {
            "title": _named(version.table_name, version.row_key),
            "url": None if version.operation == "DELETE" else _url(version.table_name, version.row_key),
            "meta": f"{formatters.instant(version.valid_to, speech())} · {version.ended_by_role}",
        }
        for version in versions
    ]


def _added() -> list[dict[str, Any]]:
    """Those that nobody has changed since: of the others the old versions are told."""
    rows: list[dict[str, Any]] = []
    for name in _tables_with_added():
        model: Any = row_codec.model_of(name)
        statement = select(model).where(*_is_added(model)).order_by(model.changed_at.desc())
        for row in db.session.scalars(statement.options(*record_names.loading(model)).limit(MOST)):
            key = row_codec.row_key(keys.of_row(row))
            rows.append(
                {"title": _named(name, record_names.of(row, speech())), "url": _url(name, key), "meta": ""}
            )
    return rows


def _tables_with_added() -> list[str]:
    """The tables that hold such rows, mostly none: asked all at once, so that the others cost no statement each."""
    names = [*labels.tables()]
    selects = [
        select(literal(one)).where(exists().where(*_is_added(row_codec.model_of(one)))) for one in names
    ]
    with_added = {*db.session.scalars(union_all(*selects))}
    return [one for one in names if one in with_added]


def _is_added(model: Any) -> tuple[ColumnElement[bool], ...]:
    return model.change_set_id.is_(None), model.version == 1


def _named(table: str, what: str) -> str:
    label = labels.tables().get(table)
    return f"{speech().say(label) if label is not None else table}: {what}"


def _url(table: str, key: str) -> str | None:
    view = registry.view_of(row_codec.model_of(table)) if table in labels.tables() else None
    return None if view is None else str(url_for(f"{view.endpoint}.details_view", id=key))


PANEL = Panel(
    name="written-outside",
    label=Label("変更セットを通らない書き込み", "Written past the change sets"),
    part="first",
    place=20,
    template="home/written_outside.html",
    read=read,
)
