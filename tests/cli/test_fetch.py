"""stockcode fetch as an operator types it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import factories
from tests.cli.conftest import Stockcode
from tests.files.register import DOCUMENT
from tests.services.intake import reports
from tests.services.intake.fetching import edinet_server
from tests.services.intake.fetching.edinet_server import KEY, Answers
from webapp import db
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.services.intake.fetching import asking

DAYS = ("fetch", "edinet-documents", "--date", "2025-06-24", "--until", "2025-06-25")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    with edinet_server.running() as answers:
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setenv("EDINET_API_KEY", KEY)
        monkeypatch.setenv("LC_ALL", "C")
        monkeypatch.setattr(asking, "API", f"{answers.address}/api/v2")
        monkeypatch.setattr(asking.Edinet, "_wait_for_turn", lambda _edinet: None)
        answers.days["2025-06-25"] = [{**DOCUMENT, "seqNumber": 1, "secCode": None}]
        yield answers


def test_days_come_into_a_folder_and_are_told(server: Answers, stockcode: Stockcode, tmp_path: Path) -> None:
    result = stockcode(*DAYS, "--into", str(tmp_path))
    assert (result.exit_code, result.stdout) == (
        0,
        f"{tmp_path}: fetched 2, there already 0, not fetched 0\n",
    )
    told = json.loads(stockcode(*DAYS, "--into", str(tmp_path), "--json").stdout)
    assert told["counts"] == {"fetched": 0, "kept": 2, "not_fetched": 0}
    assert told["files"][1] == {"file": "2025-06-25.json", "status": "kept"}


@pytest.mark.usefixtures("connection")
def test_what_was_fetched_is_imported_as_any_file(
    server: Answers, stockcode: Stockcode, tmp_path: Path
) -> None:
    factories.company(edinet_code=DOCUMENT["edinetCode"])
    db.session.commit()
    result = stockcode(*DAYS, "--into", str(tmp_path), "--import", "--yes", "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["kind"], told["status"], told["counts"]["created"]) == ("edinet-documents", "applied", 1)
    assert db.session.get_one(Filing, DOCUMENT["docID"]).submission_no == 1
    again = stockcode(*DAYS, "--into", str(tmp_path), "--import", "--dry-run", "--json")
    assert json.loads(again.stdout)["status"] == "unchanged"


@pytest.mark.usefixtures("connection")
def test_reports_of_a_day_come_with_its_list_and_are_imported_after_it(
    server: Answers, stockcode: Stockcode, tmp_path: Path
) -> None:
    factories.company(edinet_code="E00004")
    db.session.commit()
    at = {"edinetCode": "E00004", "submitDateTime": "2025-06-25 15:30", "secCode": None}
    listed = [{**DOCUMENT, **at, "docID": doc_id} for doc_id in ("S100AAAA", "S100BBBB")]
    others = [{"docTypeCode": "180"}, {"ordinanceCode": "030"}, {"csvFlag": "0"}]
    listed += [{**DOCUMENT, **at, "docID": f"S100X{n:03}", **other} for n, other in enumerate(others)]
    server.days["2025-06-25"] = [{**row, "seqNumber": n} for n, row in enumerate(listed, start=1)]
    server.files["S100AAAA"] = reports.zipped_annual(2024, *reports.figures(100))
    server.files["S100BBBB"] = reports.zipped_annual(
        2025, *reports.figures(120), *reports.before(reports.figures(97))
    )
    words = ("fetch", "edinet-filing", "--date", "2025-06-25", "--into", str(tmp_path))
    result = stockcode(*words, "--import", "--yes", "--json")
    assert result.exit_code == 0, result.stdout
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "2025-06-25.json",
        "S100AAAA.zip",
        "S100BBBB.zip",
    ]
    of_day, together = json.loads(result.stdout)["files"]
    assert (of_day["kind"], together["kind"]) == ("edinet-documents", "edinet-filings")
    announced = db.session.scalars(select(FinancialStatement.announced_at).distinct()).all()
    assert announced == [datetime(2025, 6, 25, 6, 30, tzinfo=UTC)]
    assert stockcode(*words).stdout.endswith("fetched 0, there already 3, not fetched 0\n")


@pytest.mark.parametrize("words", [(), ("S100AAAA", "--date", "2025-06-25"), ("--until", "2025-06-25")])
def test_reports_are_asked_for_by_number_or_by_day(
    server: Answers, stockcode: Stockcode, words: tuple[str, ...]
) -> None:
    result = stockcode("fetch", "edinet-filing", *words)
    assert (result.exit_code, "Give the numbers of documents, or --date." in result.stderr) == (2, True)
    assert server.asked == []


def test_a_bad_key_is_one_sentence_without_it_and_exit_code_1(
    server: Answers, stockcode: Stockcode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDINET_API_KEY", "a-bad-one")
    result = stockcode(*DAYS, "--into", str(tmp_path), "--import", "--yes")
    assert result.exit_code == 1
    assert result.stderr == (
        "2025-06-24.json: EDINET does not accept the key in EDINET_API_KEY.\n"
        "Nothing is imported before everything is there; fetch again.\n"
    )
    assert "a-bad-one" not in result.output
    answer = json.loads(stockcode(*DAYS, "--into", str(tmp_path), "--import", "--yes", "--json").stdout)
    assert (answer["counts"]["not_fetched"], answer["files"][0]["status"]) == (2, "not_fetched")


@pytest.mark.parametrize("key", [None, " ", "two words", "ａ"])
def test_without_a_key_nothing_is_asked(
    server: Answers, stockcode: Stockcode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    monkeypatch.delenv("EDINET_API_KEY") if key is None else monkeypatch.setenv("EDINET_API_KEY", key)
    result = stockcode(*DAYS, "--into", str(tmp_path))
    assert (result.exit_code, result.stderr) == (3, "EDINET_API_KEY is not set, or is no key.\n")
    assert server.asked == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((*DAYS[:3], "2025-06-26", *DAYS[4:]), "the last day is before the first"),
        ((*DAYS, "--yes"), "--dry-run and --yes are about --import"),
        ((*DAYS, "--import", "--json"), "Nobody is there to ask"),
        (("fetch", "edinet-filing", "../x"), "../x is no document's number"),
        (("fetch", "edinet-documents", "--date", "25 June"), "does not match the format"),
    ],
)
def test_a_wrong_call_is_exit_code_2(
    server: Answers, stockcode: Stockcode, words: tuple[str, ...], why: str
) -> None:
    result = stockcode(*words)
    assert (result.exit_code, why in result.stderr) == (2, True), result.stderr
    assert server.asked == []


def test_a_folder_that_cannot_be_written_is_told(
    server: Answers, stockcode: Stockcode, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    result = stockcode(*DAYS, "--into", str(tmp_path / "file" / "deeper"))
    assert (result.exit_code, "Not a directory" in result.stderr) == (1, True)
