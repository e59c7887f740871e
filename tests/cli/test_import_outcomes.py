"""How stockcode import ends: what is refused, in which words, with which exit code."""

import json
import os
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from tests.cli.conftest import Stockcode
from tests.files import builders
from tests.services.intake.lists import UNLISTED
from webapp import db
from webapp.cli import import_files
from webapp.cli.commands import import_files as command
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.services.intake import importing

pytestmark = pytest.mark.usefixtures("connection")

SPOILED = {"決算日": "13月"}


@pytest.fixture(autouse=True)
def speaking_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the terminal of whoever runs the tests speaks."""
    monkeypatch.setenv("LC_ALL", "C")


def filer(changes: dict[str, str] | None = None, *, code: str = "E00004") -> dict[str, str]:
    return builders.company({**UNLISTED, **(changes or {})}, code=code)


def written(folder: Path, name: str, *rows: dict[str, str], day: str = "2023年10月31日") -> str:
    path = folder / name
    path.write_bytes(builders.edinet_text(*rows, day=day).encode("cp932"))
    return str(path)


def test_an_import_with_refused_rows_does_not_end_like_one_without(
    stockcode: Stockcode, tmp_path: Path
) -> None:
    file = written(tmp_path, "list.csv", filer(), filer(SPOILED, code="E00005"))
    first, again = (stockcode("import", "edinet-codes", file, "--yes", "--json") for _ in range(2))
    assert (first.exit_code, again.exit_code) == (9, 9)
    assert json.loads(first.stdout)["status"] == "applied"
    assert json.loads(again.stdout)["status"] == "unchanged"
    assert "9 when done but for rows that were refused" in " ".join(
        stockcode("import", "--help").stdout.split()
    )


def test_a_list_of_which_most_rows_are_refused_tells_why(stockcode: Stockcode, tmp_path: Path) -> None:
    file = written(tmp_path, "list.csv", filer({"提出者法人番号": "1.01E+12"}))
    result = stockcode("import", "edinet-codes", file, "--yes", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["status"], told["change_set"]) == (1, "refused", None)
    assert [row["line"] for row in told["rejected"]] == [3]
    assert "A spreadsheet has rounded the corporate number" in told["rejected"][0]["reason"]
    assert "A spreadsheet has rounded the corporate number" in result.stderr
    assert db.session.scalars(select(Company)).all() == []


def test_of_two_files_the_refusal_of_the_second_leaves_the_report_of_the_first(
    stockcode: Stockcode, tmp_path: Path
) -> None:
    files = [written(tmp_path, "good.csv", filer()), written(tmp_path, "bad.csv", filer(SPOILED))]
    result = stockcode("import", "edinet-codes", *files, "--yes", "--json")
    told = json.loads(result.stdout)["files"]
    assert [(one["file"], one["status"]) for one in told] == [("good.csv", "applied"), ("bad.csv", "refused")]
    assert result.exit_code == 1


def test_a_list_that_is_not_whole_says_so_and_may_be_said_to_be(stockcode: Stockcode, tmp_path: Path) -> None:
    codes = [f"E{number:05d}" for number in range(8)]
    stockcode(
        "import", "edinet-codes", written(tmp_path, "a.csv", *(filer(code=code) for code in codes)), "--yes"
    )
    part = written(tmp_path, "b.csv", *(filer(code=code) for code in codes[:4]), day="2024年10月31日")
    result = stockcode("import", "edinet-codes", part, "--yes")
    assert "the list names 4 of the 8 companies that it is about" in result.stdout
    assert "closed 0" in result.stdout
    assert "closed 4" in stockcode("import", "edinet-codes", part, "--yes", "--whole").stdout


@pytest.mark.timeout(20)
@pytest.mark.parametrize("way", ["--yes", "--dry-run"])
def test_a_pipe_is_refused_at_once(stockcode: Stockcode, tmp_path: Path, way: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = stockcode("import", "edinet-codes", str(tmp_path / "pipe"), way)
    assert (result.exit_code, "a regular file" in result.stderr) == (1, True)


def test_while_somebody_elses_import_is_written_there_is_a_sentence(
    stockcode: Stockcode, tmp_path: Path, engine: Engine
) -> None:
    file = written(tmp_path, "list.csv", filer())
    with engine.connect() as somebody:
        somebody.execute(importing.TURN, {"table": "companies"})
        result = stockcode("import", "edinet-codes", file, "--yes", "--json")
    assert (result.exit_code, json.loads(result.stdout)["status"]) == (1, "refused")
    assert "Another import is being compared or written" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_question_that_is_cut_off_is_answered_with_no(
    stockcode: Stockcode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def cut_off(*_question: object, **_options: object) -> bool:
        signal.raise_signal(number)
        return True

    monkeypatch.setattr(command, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    monkeypatch.setattr(import_files.click, "confirm", cut_off)
    result = stockcode("import", "edinet-codes", written(tmp_path, "list.csv", filer()))
    assert result.exit_code == 128 + number
    assert db.session.scalars(select(ChangeSet.status)).one() == "rejected"


def test_a_clash_that_only_the_database_sees_is_a_sentence(
    stockcode: Stockcode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clash(_preview: importing.Preview) -> ChangeSet:
        raise IntegrityError("INSERT INTO import_files", {}, Exception("duplicate key"))

    monkeypatch.setattr(importing, "submit", clash)
    result = stockcode("import", "edinet-codes", written(tmp_path, "list.csv", filer()), "--yes")
    assert (result.exit_code, "at the same moment" in result.stderr) == (1, True)
    assert "INSERT" not in result.output
