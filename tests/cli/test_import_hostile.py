"""Whoever types stockcode import with a hostile file is told in one sentence, and nothing is changed."""

import json
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.cli.conftest import Stockcode
from tests.files import builders, hostile
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.import_file import ImportFile
from webapp.models.stock_price import StockPrice

pytestmark = pytest.mark.usefixtures("connection")


def counted() -> list[int | None]:
    tables = (ChangeSet, Company, Filing, ImportFile, StockPrice)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("edinet-codes", hostile.swollen),
        ("edinet-codes", lambda: hostile.under_headings("edinet-codes", hostile.ROWS["a cell of 10 MB"]())),
        (
            "edinet-documents",
            lambda: hostile.under_headings("edinet-documents", hostile.ROWS["NUL in cells"]()),
        ),
        ("edinet-filing", hostile.nested),
        ("jpx-list", hostile.FILES["workbook of a vast sheet"]),
        ("prices", hostile.FILES["JSON without bottom"]),
    ],
    ids=["bomb", "cell", "NUL", "nested", "vast sheet", "JSON"],
)
def test_a_hostile_file_is_refused_in_one_sentence(
    stockcode: Stockcode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, content: hostile.Making
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    (tmp_path / hostile.GOOD[kind][0]).write_bytes(content())
    before, began = counted(), time.monotonic()
    result = stockcode("import", kind, str(tmp_path / hostile.GOOD[kind][0]), "--yes", "--json")
    assert time.monotonic() - began < 10
    told = json.loads(result.stdout)
    assert (result.exit_code, told["status"], told["change_set"]) == (1, "refused", None)
    assert told["reason"].startswith("Expected ")
    assert told["reason"].endswith(".")
    assert "\n" not in told["reason"]
    assert counted() == before


def test_a_name_with_lone_surrogates_is_a_name(stockcode: Stockcode, tmp_path: Path) -> None:
    path = tmp_path / "一覧\udcff.csv"
    path.write_bytes(builders.jpx_csv(builders.ISSUE))
    result = stockcode("import", "jpx-list", str(path), "--yes", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["status"] == "applied"
