"""stockcode import table, as an operator types it: an export of ours, edited, and brought back."""

import csv
import io
import json
from pathlib import Path

import pytest
from flask import Flask

from tests.cli.conftest import Stockcode
from tests.factories import company
from tests.screens.browsing import Browser
from webapp import db

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def speaking_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


def exported(app: Flask, folder: Path) -> Path:
    """The list of companies, as a steward takes it away to edit it."""
    answer = Browser(app).get(
        "/admin/companies/export/csv-back/", search="試験", columns="name_ja,website_url"
    )
    path = folder / "companies.csv"
    path.write_bytes(answer.data)
    answer.close()
    db.session.commit()
    return path


def test_an_export_comes_back_with_no_change_and_then_with_the_three_that_were_made(
    app: Flask, stockcode: Stockcode, tmp_path: Path
) -> None:
    for _number in range(5):
        company()
    path = exported(app, tmp_path)
    unchanged = stockcode("import", "table", str(path), "--yes", "--json")
    assert json.loads(unchanged.stdout)["status"] == "unchanged"
    head, *rows = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    for row in rows[:3]:
        row[head.index("Website")] = "https://example.jp/"
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *rows])
    path.write_bytes(text.getvalue().encode("utf-16"))
    written = stockcode("import", "table", str(path), "--yes", "--reason", "Websites")
    assert written.exit_code == 0
    assert "created 0, updated 3, closed 0, unchanged 2" in written.stdout
    assert "Website: 3 differ" in written.stdout


def test_new_rows_are_taken_where_that_is_asked_for(app: Flask, stockcode: Stockcode, tmp_path: Path) -> None:
    company()
    path = exported(app, tmp_path)
    path.write_text(path.read_text("utf-8-sig") + "新しい会社,,\n", "utf-8")
    refused = stockcode("import", "table", str(path), "--yes")
    assert refused.exit_code == 9
    assert "says of no record that it is, and new rows were not asked for" in refused.stdout
    taken = stockcode("import", "table", str(path), "--yes", "--new", "--json")
    assert json.loads(taken.stdout)["counts"]["created"] == 1
