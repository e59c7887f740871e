"""Indicators that do not follow what is stored: written past the change sets, or waiting for the job."""

from collections.abc import Mapping
from typing import Any

from webapp.label import Label
from webapp.screens.work.panel import Panel
from webapp.services.changes.following import indicators
from webapp.services.checking import catching_up, stale
from webapp.web.current_person import Person

# Counting further costs more than it tells.
COUNTED_UP_TO = 10_000


def read(_reader: Person) -> Mapping[str, Any] | None:
    """How many, and whether a job is about to compute some; nothing where all of them follow."""
    outside = stale.statements(COUNTED_UP_TO)
    is_waiting = catching_up.has_been_large(list(indicators.TABLES))
    return {"outside": outside, "is_waiting": is_waiting} if outside or is_waiting else None


PANEL = Panel(
    name="stale-indicators",
    label=Label("再計算待ちの財務指標", "Indicators to be computed anew"),
    part="first",
    place=30,
    template="home/stale_indicators.html",
    read=read,
)
