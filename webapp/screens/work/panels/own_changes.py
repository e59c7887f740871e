"""What the reader changed last, to go on from there or to undo it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import url_for
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased

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
# A sitting that goes on is behind the forms that were saved meanwhile.
LOOKED_THROUGH = 100


def read(reader: Person) -> Mapping[str, Any] | None:
    """Their latest change sets, if there are any."""
    entries = [entry(one, moment) for one, moment in db.session.execute(_latest(), {"reader": reader.id})]
    more = url_for("change_sets.index_view", flt0_author_name_contains=reader.name)
    return {"entries": entries, "more": more} if entries else None


# Made once: putting it together took longer than all the rest of the panel, with every page.
@cache
def _latest() -> Select[Any, Any]:
    own = select(ChangeSet).where(ChangeSet.author_id == bindparam("reader"), sittings.is_entry())
    change_set = aliased(ChangeSet, own.order_by(ChangeSet.id.desc()).limit(LOOKED_THROUGH).subquery())
    at = sittings.last_applied_at(change_set)
    latest = select(change_set, at).options(*summaries.loading(change_set)).limit(LATEST)
    return latest.order_by(func.coalesce(at, change_set.created_at).desc(), change_set.id.desc())


PANEL = Panel(
    name="own-changes",
    label=Label("自分の最近の変更", "Your latest changes"),
    part="today",
    place=20,
    template="home/change_sets.html",
    read=read,
    right=permissions.WRITE,
)
