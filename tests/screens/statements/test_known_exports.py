"""A list of statements taken away as it was known on a day says so itself, and is no file that comes back."""

import csv
import io
import json
from datetime import date
from urllib.parse import unquote

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from tests import factories
from tests.screens.browsing import Browser

pytestmark = pytest.mark.usefixtures("connection")
DAY = {"known_on": "2025-12-31"}


def export(app: Flask, kind: str, **query: str) -> tuple[bytes, str]:
    """What is sent, and what the file is called in ASCII and in the reader's language."""
    factories.statement(announced_on=date(2025, 6, 27))
    answer = Browser(app, language="ja").get(f"/admin/statements/export/{kind}/", **query)
    assert answer.status_code == 200
    content = answer.data
    answer.close()
    return content, unquote(answer.headers["Content-Disposition"])


@pytest.mark.parametrize("kind", ["csv", "all", "whole"])
def test_each_row_of_a_csv_says_the_day_first(app: Flask, kind: str) -> None:
    content, name = export(app, kind, **DAY)
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert (head[0], row[0]) == ("公表時点", "2025/12/31時点")
    assert "statements_known_on_2025-12-31_" in name
    assert "2025-12-31時点" in name


@pytest.mark.parametrize("kind", ["xlsx", "xlsx-all"])
def test_each_row_of_a_workbook_says_the_day_first(app: Flask, kind: str) -> None:
    content, _name = export(app, kind, **DAY, revisions="original")
    head, row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert head[0] == "公表時点"
    assert str(row[0]).startswith("2025/12/31時点")
    assert "原本" in str(row[0])


def test_programs_read_the_day_in_each_object(app: Flask) -> None:
    (line,) = export(app, "jsonl", **DAY)[0].splitlines()
    assert json.loads(line)["known_on"] == "2025-12-31"


def test_of_today_nothing_is_said(app: Flask) -> None:
    content, name = export(app, "csv")
    assert "公表時点" not in content.decode("utf-8-sig")
    assert "known_on" not in name


@pytest.mark.parametrize("kind", ["csv-back", "all-back", "xlsx-back", "xlsx-all-back"])
def test_what_is_to_come_back_is_of_today_alone(app: Flask, kind: str) -> None:
    assert Browser(app).get(f"/admin/statements/export/{kind}/", **DAY).status_code == 404
