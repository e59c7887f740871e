"""How many findings stand open: one's own, those that are overdue, and all of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from webapp import db
from webapp.label import Label
from webapp.models.findings.finding import FiledFinding
from webapp.rules import calendar, finding
from webapp.screens.work.panel import Panel
from webapp.web.current_person import Person
from webapp.web.speaking import speech

# Counting further costs more than it tells.
COUNTED_UP_TO = 10_000


def read(reader: Person) -> Mapping[str, Any] | None:
    """Counts with the lists that they are of; nothing where no finding stands open."""
    standing = select(FiledFinding.owner_id, FiledFinding.due_on).where(FiledFinding.status == finding.OPEN)
    open_ones = standing.limit(COUNTED_UP_TO).subquery()
    is_mine, is_overdue = open_ones.c.owner_id == reader.id, open_ones.c.due_on < calendar.today()
    counting = select(func.count().filter(is_mine), func.count().filter(is_overdue), func.count())
    mine, overdue, number = db.session.execute(counting.select_from(open_ones)).one()
    if not number:
        return None
    spoken = speech()
    narrows: tuple[tuple[str, int, dict[str, Any]], ...] = (
        (spoken.gettext("Mine"), mine, {"flt1_owner_is": str(reader.id)}),
        (
            spoken.gettext("Overdue"),
            overdue,
            {"flt1_due_on_to": (calendar.today() - timedelta(days=1)).isoformat()},
        ),
        (spoken.gettext("All open"), number, {}),
    )
    return {
        "tiles": [
            {
                "label": label,
                "count": count,
                "url": url_for("quality.index_view", flt0_status_is=finding.OPEN, **narrow),
                "icon": "alert",
            }
            for label, count, narrow in narrows
        ]
    }


PANEL = Panel(
    name="quality",
    label=Label("指摘事項", "Findings"),
    part="today",
    place=20,
    template="home/records.html",
    read=read,
)
