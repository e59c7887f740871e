"""The calendar: what falls due on which day, on which days Tokyo trades, and which fiscal periods end."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from sqlalchemy import func, select

from webapp import db
from webapp.label import Label
from webapp.models.company import Company
from webapp.models.findings.expected_statement import ExpectedStatement
from webapp.rules import calendar
from webapp.rules import company as company_rules
from webapp.rules.disclosure import deadlines
from webapp.rules.market import sessions
from webapp.screens.record.screen import RecordScreen
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import formatters, labels

DAYS = 30
# Years of which the sessions may be known, and some; beyond, an address leads nowhere.
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)
WEEKDAYS = (
    Label("月", "Mon"),
    Label("火", "Tue"),
    Label("水", "Wed"),
    Label("木", "Thu"),
    Label("金", "Fri"),
    Label("土", "Sat"),
    Label("日", "Sun"),
)
SESSIONS = {
    True: Label("立会", "Session"),
    False: Label("休場", "No session"),
    None: Label("未定", "Not known yet"),
}


def answer(screen: RecordScreen) -> str:
    """Thirty days from the one that the address says, or from today."""
    since = _since(request.args.get("since", ""))
    until = since + timedelta(days=DAYS - 1)
    due, ends = _due(since, until), _ends(since, until)
    today = calendar.today()
    return screen.page(
        "quality/calendar.html",
        days=[_day(since + timedelta(days=number), due, ends) for number in range(DAYS)],
        today=str(formatters.day(today, speech())),
        earlier=(since - timedelta(days=DAYS)).isoformat(),
        later=(since + timedelta(days=DAYS)).isoformat(),
        is_now=since == today,
    )


def _since(asked: str) -> date:
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return calendar.today()
    return day if FIRST <= day <= LAST else calendar.today()


def _day(day: date, due: dict[date, list[Any]], ends: dict[date, int]) -> dict[str, Any]:
    spoken = speech()
    return {
        "day": str(formatters.day(day, spoken)),
        "weekday": spoken.say(WEEKDAYS[day.weekday()]),
        "session": spoken.say(SESSIONS[sessions.is_session(day)]),
        "is_open": bool(sessions.is_session(day)),
        "due": due.get(day, []),
        "ends": ends.get(day, 0),
        "ends_url": url_for("companies.index_view", flt0_fiscal_year_end_month_is=str(day.month)),
    }


def _due(since: date, until: date) -> dict[date, list[tuple[str, int, str]]]:
    """By day: what falls due, of how many companies, and their list; of days past, what is still missing."""
    columns: Any = row_codec.table_of(ExpectedStatement).columns
    kind = (ExpectedStatement.due_on, ExpectedStatement.period_type)
    asking: Any = select(*kind, func.count()).where(ExpectedStatement.due_on.between(since, until))
    by_day: dict[date, list[tuple[str, int, str]]] = defaultdict(list)
    for day, period, number in db.session.execute(asking.group_by(*kind).order_by(*kind)):
        asked: dict[str, Any] = {"flt0_due_on_from": day.isoformat(), "flt1_due_on_to": day.isoformat()}
        words = (
            speech().gettext("(empty)")
            if period is None
            else labels.word(columns.period_type, period, speech())
        )
        if period is not None:
            asked["flt2_period_type_is"] = period
        by_day[day].append((words, number, url_for("coverage.index_view", **asked)))
    return by_day


def _ends(since: date, until: date) -> dict[date, int]:
    """By day: of how many listed companies a fiscal year ends."""
    kind = (Company.fiscal_year_end_month, Company.fiscal_year_end_day)
    asking: Any = select(*kind, func.count()).where(
        Company.listing_status == company_rules.LISTED, Company.fiscal_year_end_month.is_not(None)
    )
    by_day: dict[date, int] = defaultdict(int)
    for month, day, number in db.session.execute(asking.group_by(*kind)):
        for year in range(since.year, until.year + 1):
            end = deadlines.year_end(year, month, day)
            if since <= end <= until:
                by_day[end] += number
    return by_day
