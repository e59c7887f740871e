"""Files of rows."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser
from webapp.screens import exports

pytestmark = pytest.mark.usefixtures("connection")


def table(browser: Browser, path: str, **query: Any) -> list[dict[str, str]]:
    answer = browser.get(f"/admin/{path}/export/csv/", **query)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    text = answer.data.decode("utf-8-sig")
    answer.close()
    return list(csv.DictReader(io.StringIO(text)))


def test_a_file_is_headed_in_the_readers_language(app: Flask) -> None:
    factories.company(name_ja="試験社")
    assert table(Browser(app, language="ja"), "companies")[0]["商号"] == "試験社"
    assert table(Browser(app, language="en"), "companies")[0]["Name (ja)"] == "試験社"


def test_a_file_is_named_after_its_screen_and_the_moment(app: Flask) -> None:
    answer = Browser(app, language="ja").get("/admin/companies/export/csv/")
    assert "企業_20" in unquote(answer.headers["Content-Disposition"])
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    answer.close()


@pytest.mark.parametrize("text", ["=1+1", "+81", "-x", "@cmd", "\tx", "\rx"])
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    assert exports.safe(text) == "'" + text


def test_values_keep_their_kinds(app: Flask) -> None:
    factories.statement(
        company_id=factories.company(ticker_symbol="7974", name_ja="=任天堂", listing_status="listed").id,
        profit=Decimal(-1234567),
        roe_reported=Decimal("0.1047"),
        shares_issued=5,
        announced_on=date(2025, 5, 1),
        sources={"profit": {"filing": "S1"}},
        is_current=True,
    )
    (row,) = table(Browser(app), "statements")
    assert row["Profit"] == "-1234567"
    assert row["Return on equity, reported"] == "0.10470000"
    assert row["Company"] == "7974 =任天堂"
    assert (row["Announced on"], row["Current"], row["Shares issued"]) == ("2025-05-01", "TRUE", "5")
    assert row["Sources"] == '{"profit": {"filing": "S1"}}'
    assert row["Revenue"] == ""


def test_instants_are_in_japans_time(app: Flask) -> None:
    factories.filing(submitted_at=datetime(2025, 6, 27, 6, 30, tzinfo=UTC))
    assert table(Browser(app), "filings")[0]["Submitted at"] == "2025-06-27 15:30:00+09:00"


def test_a_file_holds_what_the_list_finds_in_its_order(app: Flask) -> None:
    for code in ("7974", "7975", "7976"):
        factories.company(ticker_symbol=code, listing_status="listed", name_ja=f"会社{code}")
    factories.company(name_ja="別会社")
    rows = table(Browser(app), "companies", search="会社", flt0_listing_status_is="listed", sort=0, desc=1)
    assert [row["Securities code"] for row in rows] == ["7976", "7975", "7974"]


def test_every_row_is_there_past_the_chunk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "CHUNK", 7)
    for _ in range(23):
        factories.price()
    rows = table(Browser(app), "prices")
    assert len(rows) == 23
    assert all(row["Company"].startswith("E") for row in rows)


def test_a_file_that_fails_midway_is_no_file(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.company()
    browser = Browser(app)

    def fail(_column: Any) -> Any:
        return lambda _value: 1 / 0

    monkeypatch.setattr(exports, "_written", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = browser.get("/admin/companies/export/csv/")
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
    assert answer.status_code == 500
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize(
    ("path", "secret"), [("users", "Password"), ("users", "password_hash"), ("imports", "content")]
)
def test_secrets_and_bytes_are_in_no_file(app: Flask, path: str, secret: str) -> None:
    answer = Browser(app, "admin").get(f"/admin/{path}/export/csv/")
    assert secret not in answer.text
    assert "$argon2" not in answer.text
    answer.close()
