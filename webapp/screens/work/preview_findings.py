"""The refused rows and findings of a preview: counted, narrowed by kind and column, fifty a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import request, url_for
from sqlalchemy import ColumnElement, String, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB

from webapp import db
from webapp.label import Label
from webapp.models.upload import Upload
from webapp.screens.record import displayed_values
from webapp.screens.record.displayed_values import Change
from webapp.screens.work import shown_findings
from webapp.services.changes import row_codec
from webapp.services.intake import kinds
from webapp.services.intake.uploading import preview_remarks
from webapp.web.speaking import speech
from webapp.words import labels

ROWS_A_PAGE = 50
FURTHEST = 10_000_000
LONGEST = 200
# What the address calls it -> the key in a remark.
KEYS = {"about": "about", "column": "field"}
ABOUT = {
    preview_remarks.REFUSED: labels.COUNTS["rejected"],
    preview_remarks.KEPT: labels.KEPT,
    preview_remarks.REMARK: Label("指摘事項", "Finding"),
}


class Chip(NamedTuple):
    """A value that findings can be narrowed by, and how many have it."""

    name: str
    value: str
    label: str
    number: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FindingPage:
    """A page of findings; `total` counts those that were asked for, `number` all of them."""

    rows: Sequence[Mapping[str, Any]]
    total: int
    number: int
    refused: int
    chips: Sequence[Chip]
    previous: str | None
    next: str | None


def page_of(upload: Upload) -> FindingPage:
    """The findings that the address of this request asks for, of an upload that was compared or refused."""
    tables = tables_of(upload)
    asked = {name: request.args.get(name, "")[:LONGEST] for name in KEYS}
    place = min(max(request.args.get("findings", 0, type=int), 0), FURTHEST)
    remark = _remarks(upload)
    narrowed = [remark.c[name] == value for name, value in asked.items() if value]
    chips = _chips(remark, asked, tables)
    total = int(db.session.scalar(select(func.count()).select_from(remark).where(*narrowed)) or 0)
    rows = select(remark.c.value).where(*narrowed).order_by(remark.c.place)
    remarks = db.session.scalars(rows.offset(place * ROWS_A_PAGE).limit(ROWS_A_PAGE)).all()
    given = {name: value for name, value in asked.items() if value}
    return FindingPage(
        rows=_shown(remarks, tables),
        total=total,
        number=sum(chip.number for chip in chips if chip.name == "about"),
        refused=sum(chip.number for chip in chips if chip.value == preview_remarks.REFUSED),
        chips=chips if len(chips) > 1 else (),
        previous=address(upload, **given, findings=place - 1) if place else None,
        next=address(upload, **given, findings=place + 1) if (place + 1) * ROWS_A_PAGE < total else None,
    )


def tables_of(upload: Upload) -> Sequence[str]:
    """The tables that a file is about; none where its kind is not known, or leaves it to each file."""
    if upload.change_set is not None:
        return upload.change_set.tables
    kind = kinds.KINDS.get(upload.kind or "")
    return () if kind is None or kind.model is None else (row_codec.table_of(kind.model).name,)


def address(upload: Upload, **asked: Any) -> str:
    """Other findings of the preview."""
    given = {name: value for name, value in asked.items() if value}
    return url_for("uploads.preview", id=upload.id, **given, _anchor="findings")


def _remarks(upload: Upload) -> Any:
    """A row for each of an upload's remarks, numbered from 1."""
    each = func.jsonb_array_elements(Upload.remarks).table_valued(
        column("value", JSONB), with_ordinality="place", name="remark"
    )
    each = each.render_derived()
    said = [_said(each, key).label(name) for name, key in KEYS.items()]
    of_upload = select(each.c.value, each.c.place, *said).select_from(Upload).join(each, true())
    return of_upload.where(Upload.id == upload.id).subquery()


def _said(remark: Any, key: str) -> ColumnElement[str]:
    return func.coalesce(remark.c.value.op("->>", return_type=String())(key), "")


def _chips(remark: Any, asked: Mapping[str, str], tables: Sequence[str]) -> list[Chip]:
    """How many remarks there are of each kind, and about each column, most first."""
    columns = displayed_values.columns_of(tables)
    chips = []
    for name in KEYS:
        said, number = remark.c[name], func.count()
        counted = select(said, number).select_from(remark).group_by(said).order_by(number.desc(), said)
        for value, count in db.session.execute(counted):
            label = _label(name, value, columns)
            if label:
                chips.append(Chip(name, value, label, count, asked[name] == value))
    return chips


def _label(name: str, value: str, columns: Mapping[str, Any]) -> str:
    if name == "about":
        return speech().say(ABOUT[value]) if value in ABOUT else value
    return speech().say(labels.of_column(columns[value])) if value in columns else value


def _shown(remarks: Sequence[Mapping[str, Any]], tables: Sequence[str]) -> list[dict[str, Any]]:
    """Each remark with its place, its raw line, and what was read of it beside what is stored."""
    model = row_codec.model_of(tables[0]) if tables else None
    changes = (
        [Change(model, one.get("stored") or {}, one.get("read") or {}) for one in remarks] if model else []
    )
    readings = displayed_values.of_changes(changes) if changes else [[] for _one in remarks]
    return [
        {
            **shown_findings.of(tables, remark),
            "about_label": _label("about", str(remark.get("about")), {}),
            "part": remark.get("part"),
            "column": remark.get("column"),
            "field": remark.get("field"),
            "raw": remark.get("raw") or (),
            "reading": reading,
        }
        for remark, reading in zip(remarks, readings, strict=True)
    ]
