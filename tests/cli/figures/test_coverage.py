"""What operators ask of coverage: which statements are expected and not there."""

import json
from datetime import date

import pytest

from tests import factories
from tests.cli.conftest import Stockcode
from webapp import db
from webapp.rules import calendar

pytestmark = pytest.mark.usefixtures("connection")


def test_what_is_missing_is_told_in_lines_and_as_json(
    stockcode: Stockcode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(calendar, "today", lambda: date(2025, 7, 10))
    assert stockcode("coverage").stdout == "Nothing is missing.\n"
    with db.transaction():
        factories.company(
            ticker_symbol="7974",
            name_ja="任天堂株式会社",
            listing_status="listed",
            fiscal_year_end_month=3,
            fiscal_year_end_day=31,
        )
        factories.filing(document_type="180")
    lines = stockcode("coverage", "--company", "7974", "--lang", "en").stdout.splitlines()
    assert lines[0].endswith("FY2025/3, full year: Overdue 2025-06-30 (10 days)")
    assert lines[-1] == "Overdue: 2"
    told = json.loads(stockcode("coverage", "--json").stdout)
    assert told["counts"] == {"missing": 2}
    assert {one["due_on"] for one in told["statements"]} == {"2025-06-30", "2024-11-14"}
