"""What the reader changed last, to go on from there or to undo it."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import select

from webapp import db
from webapp.label import Label
from webapp.models.change_set import ChangeSet
from webapp.screens.work import summaries
from webapp.screens.work.entries import entry
from webapp.screens.work.panel import Panel
from webapp.services.accounts import permissions
from webapp.services.changes import sittings
from webapp.web.current_person import Person

LATEST = 5


def read(reader: Person) -> Mapping[str, Any] | None:
    """Their latest change sets, if there are any."""
    own = select(ChangeSet).where(ChangeSet.author_id == reader.id, sittings.is_entry())
    own = own.order_by(ChangeSet.id.desc()).options(*summaries.loading())
    entries = [entry(one) for one in db.session.scalars(own.limit(LATEST))]
    more = url_for("change_sets.index_view", flt0_author_name_contains=reader.name)
    return {"entries": entries, "more": more} if entries else None


PANEL = Panel(
    name="own-changes",
    label=Label("自分の最近の変更", "Your latest changes"),
    part="today",
    place=20,
    template="home/change_sets.html",
    read=read,
    right=permissions.WRITE,
)
