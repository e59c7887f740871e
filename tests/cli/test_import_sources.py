"""stockcode import of folders and of several days."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from tests import factories
from tests.cli.conftest import Stockcode
from tests.files.edinet import filings as reports
from tests.files.register import EMPTY, day, document, listed_again
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def speaking_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the terminal of whoever runs the tests speaks."""
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture
def folder(tmp_path: Path, connection: Connection) -> Path:
    """A folder of three days, one of them empty, of a filer that is known."""
    factories.company(edinet_code="E00004")
    db.session.commit()
    days = tmp_path / "register"
    days.mkdir()
    (days / "2025-06-25.csv").write_bytes(day(document(), document(docTypeCode="180")))
    (days / "2025-06-28.csv").write_bytes(EMPTY)
    (days / "2025-07-03.csv").write_bytes(day(listed_again()))
    return days


def filings() -> int:
    return db.session.scalar(select(func.count()).select_from(Filing)) or 0


def test_a_folder_of_days_is_one_change_set_and_once_more_none(stockcode: Stockcode, folder: Path) -> None:
    args = ("import", "edinet-documents", str(folder), "--yes", "--json")
    report = json.loads(stockcode(*args).stdout)
    assert (report["file"], report["status"], report["rows"]) == ("register", "applied", 3)
    assert (report["counts"]["created"], report["repeated"]) == (1, {"listed_again": 1})
    assert report["left_out"]["other_document"] == 1
    assert len(db.session.get_one(ChangeSet, report["change_set"]).items) == 1
    assert json.loads(stockcode(*args).stdout)["status"] == "unchanged"


def test_several_days_by_name_are_one_import_too(stockcode: Stockcode, folder: Path) -> None:
    result = stockcode("import", "edinet-documents", *map(str, sorted(folder.iterdir())), "--dry-run")
    assert "2025-06-25.csv–2025-07-03.csv (3): 3 rows as of 2025-07-03" in result.stdout
    assert "taken as updates, document listed again: 1" in result.stdout
    assert filings() == 0


def test_one_wrong_file_in_a_folder_is_named_and_nothing_is_written(
    stockcode: Stockcode, folder: Path
) -> None:
    (folder / "codes.csv").write_text("docTypeCode,label\n120,x\n")
    result = stockcode("import", "edinet-documents", str(folder), "--yes")
    assert result.exit_code == 1
    assert result.stderr.startswith("register: codes.csv: Expected the 29 columns")
    assert filings() == 0


def test_days_of_one_name_and_a_folder_without_any_are_refused(stockcode: Stockcode, folder: Path) -> None:
    one = str(folder / "2025-06-25.csv")
    assert "2025-06-25.csv twice" in stockcode("import", "edinet-documents", one, one, "--yes").stderr
    empty = folder / "empty"
    empty.mkdir()
    refused = stockcode("import", "edinet-documents", str(empty), "--yes")
    assert (refused.exit_code, "a folder with CSV or JSON files in it" in refused.stderr) == (1, True)


def test_a_folder_is_no_list_of_filers(stockcode: Stockcode, folder: Path) -> None:
    refused = stockcode("import", "edinet-codes", str(folder), "--yes")
    assert (refused.exit_code, "a regular file" in refused.stderr) == (1, True)


def reports_of_a_day(tmp_path: Path) -> Path:
    """The list of a day, two reports that it names, one of them under it, a zip that is none, and notes."""
    factories.company(edinet_code="E00004")
    db.session.commit()
    day_of_reports = tmp_path / "day"
    (day_of_reports / "more").mkdir(parents=True)
    (day_of_reports / "2025-06-27.csv").write_bytes(
        day(document(docID="S100AAAA"), document(docID="S100BBBB"))
    )
    (day_of_reports / "S100AAAA.zip").write_bytes(reports.zipped(reports.SALES, reports.ASSETS))
    interim = {"TypeOfCurrentPeriodDEI": "Q1", "CurrentPeriodEndDateDEI": "2024-06-30"}
    lines = (reports.stock("jppfs_cor:Assets", 8, "CurrentQuarterInstant"),)
    (day_of_reports / "more" / "S100BBBB.zip").write_bytes(reports.zipped(*lines, dei=interim))
    (day_of_reports / "S100CCCC.zip").write_bytes(b"PK")
    (day_of_reports / "notes.csv").write_text("what somebody wrote down")
    return day_of_reports


def test_a_day_of_the_register_and_its_reports_are_taken_from_one_folder(
    stockcode: Stockcode, tmp_path: Path
) -> None:
    result = stockcode("import", "edinet-filing", str(reports_of_a_day(tmp_path)), "--yes", "--json")
    of_day, together = json.loads(result.stdout)["files"]
    assert (of_day["file"], of_day["status"]) == ("2025-06-27.csv", "applied")
    assert (together["file"], together["status"]) == ("S100AAAA.zip–S100BBBB.zip (3)", "applied")
    assert [bad["file"] for bad in together["rejected"]] == ["S100CCCC.zip"]
    assert result.exit_code == 9
    assert db.session.scalar(select(func.count()).select_from(FinancialStatement)) == 2
    submitted = db.session.scalars(select(FinancialStatement.announced_at).distinct()).one()
    assert submitted == db.session.scalars(select(Filing.submitted_at).distinct()).one()


def test_reports_that_cannot_be_taken_together_are_taken_one_by_one(
    stockcode: Stockcode, tmp_path: Path
) -> None:
    day_of_reports = reports_of_a_day(tmp_path)
    for name in ("S100DDDD.zip", "S100EEEE.zip"):
        (day_of_reports / name).write_bytes(b"")
    result = stockcode("import", "edinet-filing", str(day_of_reports), "--yes", "--json")
    told = json.loads(result.stdout)["files"]
    assert [(one["file"], one["status"]) for one in told] == [
        ("2025-06-27.csv", "applied"),
        ("S100AAAA.zip", "applied"),
        ("S100CCCC.zip", "refused"),
        ("S100DDDD.zip", "refused"),
        ("S100EEEE.zip", "refused"),
        ("S100BBBB.zip", "applied"),
    ]
    assert "They are taken one by one." in result.stderr
    assert result.exit_code == 9


def test_every_field_of_a_report_is_called_by_its_name_in_whichever_table_it_is(
    stockcode: Stockcode, tmp_path: Path
) -> None:
    folder = reports_of_a_day(tmp_path)
    stockcode("import", "edinet-documents", str(folder / "2025-06-27.csv"), "--yes")
    told = stockcode("import", "edinet-filing", str(folder / "S100AAAA.zip"), "--dry-run").stdout
    assert "    File SHA-256: 1 differs\n" in told
    assert "file_hash" not in told


def test_a_folder_without_reports_is_refused(stockcode: Stockcode, tmp_path: Path) -> None:
    result = stockcode("import", "edinet-filing", str(tmp_path), "--yes")
    assert result.exit_code == 1
    assert "a folder with zips of reports in it" in result.stderr
