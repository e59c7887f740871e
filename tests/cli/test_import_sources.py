"""stockcode import of folders and of several days."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from tests import factories
from tests.cli.conftest import Stockcode
from tests.files.register import EMPTY, day, document, listed_again
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.filing import Filing

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
