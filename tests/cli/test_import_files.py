"""stockcode import, as an operator types it."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests import factories
from tests.cli.conftest import Stockcode
from tests.files.builders import company as filer
from tests.files.builders import edinet_zip
from tests.files.edinet import filings
from webapp import db
from webapp.cli import import_files
from webapp.cli.commands import import_files as command
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.models.import_file import ImportFile
from webapp.services.changes import door
from webapp.services.changes.proposals import Author
from webapp.services.queueing import watching

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def speaking_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the terminal of whoever runs the tests speaks."""
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "list.zip"
    file.write_bytes(edinet_zip(filer({"上場区分": "上場", "証券コード": "13760"})))
    return file


def test_json_is_one_object_with_the_counts_and_the_change_sets_number(
    stockcode: Stockcode, path: Path
) -> None:
    result = stockcode("import", "edinet-codes", str(path), "--yes", "--json", "--reason", "monthly")
    report = json.loads(result.stdout)
    assert result.exit_code == 0
    assert report["counts"]["created"] == 1
    change_set = db.session.get(ChangeSet, report["change_set"])
    assert change_set is not None
    assert (change_set.reason, change_set.author_name.endswith("(command line)")) == ("monthly", True)


def test_a_dry_run_shows_everything_and_writes_nothing(stockcode: Stockcode, path: Path) -> None:
    result = stockcode("import", "edinet-codes", str(path), "--dry-run")
    assert "created 1" in result.stdout
    assert "nothing was written" in result.stdout
    assert db.session.scalars(select(Company)).all() == []
    assert db.session.scalars(select(ChangeSet)).all() == []


def test_what_is_left_to_a_worker_is_stored_with_its_job_and_written_by_nobody_yet(
    stockcode: Stockcode, path: Path
) -> None:
    result = stockcode("import", "edinet-codes", str(path), "--yes", "--later", "--json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["status"]) == (0, "deferred")
    job = watching.one(report["job"])
    assert job is not None
    assert (job.name, job.status, job.change_set_id) == ("apply import", "todo", report["change_set"])
    assert job.asked_by is not None
    assert job.asked_by.endswith("(command line)")
    assert db.session.scalars(select(Company)).all() == []


@pytest.mark.parametrize("words", [("--later",), ("--later", "--dry-run"), ("--later", "--yes", "--dry-run")])
def test_a_worker_cannot_ask(stockcode: Stockcode, path: Path, words: tuple[str, ...]) -> None:
    result = stockcode("import", "edinet-codes", str(path), *words)
    assert result.exit_code == 2
    assert "--later goes with --yes" in result.stderr


def test_without_a_terminal_it_asks_for_a_decision(stockcode: Stockcode, path: Path) -> None:
    result = stockcode("import", "edinet-codes", str(path))
    assert result.exit_code == 2
    assert "--yes" in result.stderr


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut off", b"not a list", b""])
def test_a_wrong_file_changes_nothing_and_says_why(stockcode: Stockcode, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    result = stockcode("import", "edinet-codes", str(path), "--yes", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "refused"
    assert "Nothing of it was written" in result.stderr
    assert "Traceback" not in result.stderr
    assert db.session.scalars(select(Company)).all() == []


def test_several_files_are_one_object_too(stockcode: Stockcode, path: Path) -> None:
    result = stockcode("import", "edinet-codes", str(path), str(path), "--yes", "--json")
    statuses = [report["status"] for report in json.loads(result.stdout)["files"]]
    assert statuses == ["applied", "unchanged"]


@pytest.mark.parametrize("way", ["--lang", "LC_ALL"])
def test_it_speaks_japanese_where_that_is_asked_for(
    stockcode: Stockcode, path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    args = ["import", "edinet-codes", str(path)]
    if way == "--lang":
        args += ["--lang", "ja"]
    else:
        monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    result = stockcode(*args, "--dry-run")
    assert "新規 1" in result.stdout
    assert "何も書き込んでいません" in result.stdout
    assert "--yes" in stockcode(*args).stderr
    path.write_bytes(b"PK cut off")
    refused = stockcode(*args, "--yes")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("list.zip: 必要なもの：")
    assert "このファイルからは何も書き込んでいません。" in refused.stderr


def test_several_filings_become_statements_in_one_call(stockcode: Stockcode, tmp_path: Path) -> None:
    factories.company(edinet_code="E00004")
    db.session.commit()
    half = [
        filings.flow("jppfs_cor:NetSales", 3, "InterimDuration"),
        filings.stock("jppfs_cor:Assets", 8, "InterimInstant"),
    ]
    annual, half_year, fund = (tmp_path / f"S100000{number}.zip" for number in range(3))
    annual.write_bytes(filings.zipped(filings.SALES, filings.ASSETS))
    half_year.write_bytes(filings.zipped(*half, dei=filings.HALF))
    fund.write_bytes(
        filings.zipped(filings.SALES, name="jpsps070000-asr-001_G02262-000_2025-05-09_01_2025-08-08.csv")
    )
    result = stockcode("import", "edinet-filing", str(annual), str(half_year), str(fund), "--yes", "--json")
    *taken, refused = json.loads(result.stdout)["files"]
    assert [file["status"] for file in taken] == ["applied", "applied"]
    assert (result.exit_code, refused["status"]) == (import_files.EXIT_REFUSED, "refused")
    assert "found a report of an investment fund" in refused["reason"]
    rows = db.session.execute(select(FinancialStatement.period_type, FinancialStatement.total_assets))
    assert dict(rows.all()) == {"FY": 9_000_000_000, "HY": 8}


def test_a_language_it_does_not_speak_is_a_wrong_call(stockcode: Stockcode, path: Path) -> None:
    assert stockcode("import", "edinet-codes", str(path), "--lang", "fr").exit_code == 2


# ---- Somebody is asked -------------------------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits in front of it."""
    stdin = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(command, "sys", SimpleNamespace(stdin=stdin))


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("typed", "status", "end"), [("y\n", "applied", 0), ("n\n", "rejected", 0), ("", "rejected", 1)]
)
def test_what_is_shown_is_written_only_where_somebody_says_yes(
    stockcode: Stockcode, path: Path, typed: str, status: str, end: int
) -> None:
    result = stockcode("import", "edinet-codes", str(path), given=typed)
    assert "created 1" in result.stdout
    assert result.exit_code == end
    change_set = db.session.scalars(select(ChangeSet)).one()
    assert (change_set.status, change_set.decided_how) == (status, "policy")
    assert len(db.session.scalars(select(Company)).all()) == (status == "applied")
    assert db.session.scalars(select(ImportFile)).one().content is None


@pytest.mark.usefixtures("terminal")
def test_what_cannot_be_written_after_the_question_is_told_and_leaves_no_bytes(
    stockcode: Stockcode, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def after_somebody_else(*_question: object, **_options: object) -> bool:
        factories.company(edinet_code="E00004", name_ja="先に登録した会社")
        db.session.commit()
        return True

    monkeypatch.setattr(import_files.click, "confirm", after_somebody_else)
    result = stockcode("import", "edinet-codes", str(path))
    assert result.exit_code == 1
    assert "E00004 先に登録した会社” has this value already" in result.stderr
    assert "Nothing of it was written" in result.stderr
    change_set = db.session.scalars(select(ChangeSet).where(ChangeSet.kind == "import")).one()
    assert change_set.status == "rejected"
    assert db.session.scalars(select(ImportFile)).one().content is None


@pytest.mark.usefixtures("terminal")
def test_what_somebody_else_has_declined_meanwhile_is_not_written(
    stockcode: Stockcode, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def after_the_worker(*_question: object, **_options: object) -> bool:
        number = db.session.scalars(select(ChangeSet.id)).one()
        door.settle(lambda: door.decline(number, Author("worker")))
        return True

    monkeypatch.setattr(import_files.click, "confirm", after_the_worker)
    result = stockcode("import", "edinet-codes", str(path))
    assert result.exit_code == 1
    assert "Somebody else decided on it meanwhile" in result.stderr
    assert db.session.scalars(select(Company)).all() == []
