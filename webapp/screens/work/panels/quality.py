"""How many findings stand open: one's own, those that are overdue, and all of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy import select

from webapp.label import Label
from webapp.lists import counting
from webapp.models.findings.finding import FiledFinding
from webapp.rules import calendar, finding
from webapp.screens.work.panel import Panel
from webapp.web.current_person import Person
from webapp.web.speaking import speech


def read(reader: Person) -> Mapping[str, Any] | None:
    """Counts with the lists that they are of; nothing where no finding stands open."""
    standing = select(FiledFinding.id).where(FiledFinding.status == finding.OPEN)
    mine, overdue, number = counting.of_each(
        standing.where(FiledFinding.owner_id == reader.id),
        standing.where(FiledFinding.due_on < calendar.today()),
        standing,
    )
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
                "count": counting.said(count),
                "url": url_for("quality.index_view", flt0_status_is=finding.OPEN, **narrow),
                "icon": "alert",
            }
            for label, count, narrow in narrows
        ]
    }


PANEL = Panel(
    name="quality",
    label=Label("指摘事項", "Findings"),
    part="counts",
    place=20,
    template="home/records.html",
    read=read,
)
