"""stockcode seed: one line, and again one line that says there is nothing to do."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.cli.conftest import Stockcode
from webapp import db
from webapp.cli.seed import report
from webapp.files.seed_tables import BrokenSeed
from webapp.services.intake import seeding
from webapp.services.intake.seeding import Outcome
from webapp.words.speech import Speech

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def speaking_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the terminal of whoever runs the tests speaks."""
    monkeypatch.setenv("LC_ALL", "C")


def test_the_first_run_reports_what_it_created_and_the_second_that_nothing_is_to_do(
    stockcode: Stockcode,
) -> None:
    first, second = stockcode("seed"), stockcode("seed")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output == (
        "Seed: industries 34 created; companies 8 created; corporate_actions 7 created; filings 55 created;"
        " financial_statements 61 created; shares_outstanding 54 created; stock_prices 488 created.\n"
    )
    assert second.output == (
        "Seed: industries nothing to do; companies nothing to do; corporate_actions nothing to do;"
        " filings nothing to do; financial_statements nothing to do; shares_outstanding nothing to do;"
        " stock_prices nothing to do.\n"
    )
    assert db.session.scalar(text("SELECT count(*) FROM companies")) == 8


def test_rows_that_were_deleted_before_are_told() -> None:
    outcomes = [
        Outcome("companies.csv", "companies", 0, 6, 0, None),
        Outcome("fictional_companies.csv", "companies", 1, 0, 1, 7),
    ]
    assert report(outcomes, Speech("en")) == "Seed: companies 1 created (1 left out: deleted before)."
    assert (
        report(outcomes, Speech("ja")) == "初期データ：companies 1 件を作成（以前に削除された 1 件を除く）。"
    )


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (BrokenSeed("a.csv, line 2: code is missing"), "a.csv, line 2: code is missing"),
        (ProgrammingError("SELECT secret", {}, Exception("no such table")), "is not at the revision"),
    ],
)
def test_a_failure_is_one_line_and_changes_nothing(
    stockcode: Stockcode, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    def fail(directory: Path = seeding.SEED) -> list[Outcome]:
        raise error

    monkeypatch.setattr(seeding, "load", fail)
    result = stockcode("seed")
    assert result.exit_code == 1
    assert result.output.startswith("Error: The seed was not loaded: ")
    assert message in result.output
    assert len(result.output.splitlines()) == 1
    assert "secret" not in result.output
