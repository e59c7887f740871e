"""What others changed since the reader's last visit."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from flask import url_for
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased

from webapp import db
from webapp.label import Label
from webapp.models.change_set import ChangeSet
from webapp.rules.calendar import JST
from webapp.screens.work import summaries
from webapp.screens.work.entries import entry
from webapp.screens.work.panel import Panel
from webapp.services.changes import sittings
from webapp.web import current_person
from webapp.web.current_person import Person
from webapp.web.speaking import speech
from webapp.words import formatters

LATEST = 10
# Change sets are looked through from the newest back; who was away for longer goes to their list.
LOOKED_THROUGH = 1000


def read(reader: Person) -> Mapping[str, Any]:
    """The latest that were applied since then; on the first visit, whenever that was. Starter data is no news."""
    last_visit_at = current_person.last_visit_at()
    facts = {"reader": reader.id} | ({} if last_visit_at is None else {"since": last_visit_at})
    latest = db.session.execute(_latest(is_first_visit=last_visit_at is None), facts)
    return {
        "entries": [entry(one, moment) for one, moment in latest],
        "note": _note(last_visit_at),
        "more": url_for("change_sets.index_view", flt0_applied_at_from=_day(last_visit_at)),
    }


# Made once for each: putting it together took longer than all the rest of the panel, with every page.
@cache
def _latest(*, is_first_visit: bool) -> Select[Any, Any]:
    newest = (
        select(ChangeSet)
        .where(sittings.is_entry())
        .order_by(ChangeSet.id.desc())
        .limit(LOOKED_THROUGH)
        .subquery()
    )
    change_set = aliased(ChangeSet, newest)
    # A sitting that began before it may have gone on since.
    at = sittings.last_applied_at(change_set)
    since = at.is_not(None) if is_first_visit else at >= bindparam("since")
    by_others = change_set.author_id.is_distinct_from(bindparam("reader"))
    statement = select(change_set, at).where(since, by_others, change_set.kind != "seed")
    statement = statement.options(*summaries.loading(change_set))
    return statement.order_by(at.desc(), change_set.id.desc()).limit(LATEST)


def _day(last_visit_at: datetime | None) -> str | None:
    return None if last_visit_at is None else last_visit_at.astimezone(JST).date().isoformat()


def _note(last_visit_at: datetime | None) -> str | None:
    if last_visit_at is None:
        return None
    return speech().gettext("since %(when)s", when=formatters.instant(last_visit_at, speech()))


PANEL = Panel(
    name="since-last-visit",
    label=Label("前回以降のほかの人の変更", "Changed by others since your last visit"),
    part="news",
    place=10,
    template="home/change_sets.html",
    read=read,
)
