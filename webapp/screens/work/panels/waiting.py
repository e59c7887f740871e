"""What waits for approval; an import that somebody left is written or declined here."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp import db
from webapp.label import Label
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile
from webapp.screens.work import deciding, summaries
from webapp.screens.work.entries import entry
from webapp.screens.work.panel import Panel
from webapp.services.changes import row_codec
from webapp.web.current_person import Person
from webapp.web.speaking import speech
from webapp.words import formatters, labels

MOST = 10


def read(_reader: Person) -> Mapping[str, Any]:
    """The oldest first: they have waited longest."""
    proposed = select(ChangeSet).where(ChangeSet.status == "proposed").order_by(ChangeSet.id)
    waiting = db.session.scalars(
        proposed.options(joinedload(ChangeSet.import_file), *summaries.loading()).limit(MOST + 1)
    ).all()
    return {
        "entries": [_entry(one) for one in waiting[:MOST]],
        "more": url_for("change_sets.index_view", flt0_status_is="proposed") if waiting[MOST:] else None,
    }


def _entry(change_set: ChangeSet) -> dict[str, Any]:
    file = change_set.import_file
    return entry(change_set) | {
        "file": None if file is None else _file(file),
        "counts": summaries.counted(change_set, speech()),
        "may_decide": deciding.is_offered(change_set),
    }


def _file(file: ImportFile) -> str:
    kind = labels.word(row_codec.table_of(ImportFile).c.kind, file.kind, speech())
    day = formatters.day(file.as_of_on, speech())
    return " · ".join(one for one in (kind, file.name, day) if one)


PANEL = Panel(
    name="waiting",
    label=Label("承認待ち", "Waiting for approval"),
    part="today",
    place=10,
    template="home/waiting.html",
    read=read,
)
