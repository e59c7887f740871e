"""Findings opened, closed and standing, step by step."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from webapp import db
from webapp.models.findings.finding import FiledFinding
from webapp.rules import calendar
from webapp.services.checking import trend

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "today", lambda: date(2025, 7, 14))


def finding(number: int, first: tuple[int, int], closed: tuple[int, int] | None, severity: str) -> None:
    def at(day: tuple[int, int]) -> datetime:
        # Already the next day in Japan.
        return datetime(2025, *day, 15, 30, tzinfo=UTC)

    values: dict[str, Any] = {"message": "a test", "digest": "0" * 64, "table_name": "companies"}
    db.session.add(
        FiledFinding(
            rule="a_test",
            row_key=str(number),
            severity=severity,
            first_seen_at=at(first),
            last_seen_at=at(first),
            closed_at=None if closed is None else at(closed),
            status="open" if closed is None else "closed",
            **values,
        )
    )


def test_what_stands_is_what_stood_and_was_opened_less_what_was_closed() -> None:
    finding(1, (5, 1), None, "review")
    finding(2, (5, 1), (7, 7), "review")
    finding(3, (6, 30), None, "blocks")
    finding(4, (7, 7), (7, 12), "review")
    finding(5, (5, 1), (5, 2), "review")
    db.session.flush()
    first, second = trend.of_steps(2, 7)
    assert (first.until, second.until) == (date(2025, 7, 7), date(2025, 7, 14))
    assert (dict(first.opened), dict(first.closed)) == ({"blocks": 1}, {})
    assert first.standing == {"review": 2, "blocks": 1}
    assert (dict(second.opened), dict(second.closed)) == ({"review": 1}, {"review": 2})
    assert second.standing == {"review": 1, "blocks": 1}


def test_days_are_those_of_japan() -> None:
    finding(1, (7, 13), None, "note")
    db.session.flush()
    assert [dict(step.opened) for step in trend.of_steps(2, 1)] == [{}, {"note": 1}]
