"""How many statements are missing: overdue, not imported, and due in the next days."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy import select

from webapp.label import Label
from webapp.lists import counting
from webapp.models.findings.expected_statement import ExpectedStatement
from webapp.rules import calendar
from webapp.rules.disclosure import expectation
from webapp.screens.work.panel import Panel
from webapp.web.current_person import Person
from webapp.web.speaking import speech

DAYS_AHEAD = 30


def read(_reader: Person) -> Mapping[str, Any] | None:
    """Counts with the lists that they are of; nothing where nothing is missing."""
    until = calendar.today() + timedelta(days=DAYS_AHEAD)
    expected, state = select(ExpectedStatement.id), ExpectedStatement.state
    unread, missing, soon = counting.of_each(
        expected.where(state == expectation.UNREAD),
        expected.where(state == expectation.MISSING),
        expected.where(state == expectation.AHEAD, ExpectedStatement.due_on <= until),
    )
    if not (unread or missing or soon):
        return None
    spoken = speech()
    narrows: tuple[tuple[str, int, dict[str, Any]], ...] = (
        (spoken.gettext("Documents not imported"), unread, {"flt0_state_is": expectation.UNREAD}),
        (spoken.gettext("Statements overdue"), missing, {"flt0_state_is": expectation.MISSING}),
        (
            spoken.gettext("Statements due within %(days)s days", days=DAYS_AHEAD),
            soon,
            {"flt0_state_is": expectation.AHEAD, "flt1_due_on_to": until.isoformat()},
        ),
    )
    return {
        "tiles": [
            {
                "label": label,
                "count": counting.said(count),
                "url": url_for("coverage.index_view", **narrow),
                "icon": "filing",
            }
            for label, count, narrow in narrows
        ]
    }


PANEL = Panel(
    name="coverage",
    label=Label("未収録の財務諸表", "Statements missing"),
    part="counts",
    place=30,
    template="home/records.html",
    read=read,
)
