"""How findings come and go: drawings with their table, by day or by week, and for what figures are accepted."""

from typing import Any

from flask import request
from sqlalchemy import func, select

from webapp import db
from webapp.models.findings.finding_decision import FindingDecision
from webapp.rules import calendar, finding
from webapp.screens.record.screen import RecordScreen
from webapp.services.checking import trend
from webapp.web.speaking import speech
from webapp.words import charts, formatters, labels, stored_sentences

# By what the address says: how many steps of how many days each.
STEPS = {"week": (26, 7), "day": (30, 1)}
MOST_REASONS = 20


def answer(screen: RecordScreen) -> str:
    """The page in the steps that the address says."""
    asked = request.args.get("by", "week")
    by = asked if asked in STEPS else "week"
    spoken = speech()
    steps = trend.of_steps(*STEPS[by])
    severities = [(one, spoken.say(labels.WORDS["severity"][one])) for one in finding.SEVERITY.words]
    days = [str(formatters.day(step.until, spoken)) for step in steps]
    names = [day[5:] for day in days]
    return screen.page(
        "quality/trend.html",
        choices=[(one, words, one == by) for one, words in _choices()],
        severities=severities,
        steps=list(zip(days, steps, strict=True)),
        standing=charts.several(
            names, [(words, [step.standing.get(one, 0) for step in steps]) for one, words in severities]
        ),
        moving=charts.several(
            names,
            [
                (spoken.gettext("Opened"), [sum(step.opened.values()) for step in steps]),
                (spoken.gettext("Resolved"), [sum(step.closed.values()) for step in steps]),
            ],
        ),
        reasons=_reasons(),
    )


def _choices() -> list[tuple[str, str]]:
    return [("week", speech().gettext("By week")), ("day", speech().gettext("By day"))]


def _reasons() -> list[tuple[Any, int]]:
    """For what figures are accepted today, most often first."""
    number = func.count()
    rows = (
        select(FindingDecision.reason, number)
        .where(FindingDecision.waived_until >= calendar.today())
        .group_by(FindingDecision.reason)
        .order_by(number.desc(), FindingDecision.reason)
        .limit(MOST_REASONS)
    )
    return [
        (stored_sentences.in_language("reason", reason, speech()), count)
        for reason, count in db.session.execute(rows)
    ]
