"""stockcode import prices, as an operator types it, on the real files."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Stockcode
from tests.factories import company
from webapp import db
from webapp.services.intake.looking import feeding

pytestmark = pytest.mark.usefixtures("connection")

DATA = Path(os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
PRICES = "Date,Open,High,Low,Close,Volume\n2025-06-30,1,1,1,1,1\n"


@pytest.fixture(autouse=True)
def speaking_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture(autouse=True)
def toyota(connection: object) -> None:
    company(ticker_symbol="7203", listing_status="listed")
    db.session.commit()


def test_the_differences_are_shown_before_the_prices_of_a_code_are_written(
    stockcode: Stockcode, tmp_path: Path
) -> None:
    path = tmp_path / "7203.csv"
    path.write_text(PRICES)
    looked = stockcode("import", "prices", str(path), "--code", "7203", "--dry-run")
    assert "created 1, updated 0" in looked.stdout
    assert looked.exit_code == 0
    written = stockcode("import", "prices", str(path), "--code", "7203", "--yes")
    assert "Written as change set" in written.stdout
    again = stockcode("import", "prices", str(path), "--code", "7203", "--yes")
    assert "Nothing to change." in again.stdout


def test_a_file_that_does_not_say_whose_prices_it_holds_is_refused_in_one_sentence(
    stockcode: Stockcode, tmp_path: Path
) -> None:
    path = tmp_path / "7203.csv"
    path.write_text(PRICES)
    refused = stockcode("import", "prices", str(path), "--yes")
    assert refused.exit_code == 1
    assert refused.stderr == (
        "7203.csv: Expected a column with the securities code, or the code given with the file (--code); found neither."
        " Nothing of it was written.\n"
    )


@pytest.mark.real_data
def test_ten_years_of_a_broker_and_then_of_yfinance_keep_what_was_traded(
    stockcode: Stockcode,
) -> None:
    def brought(name: str, *words: str) -> dict[str, object]:
        path = DATA / "prices" / name
        if not path.exists():
            pytest.skip(f"needs the real file {name} (STOCKCODE_REAL_DATA)")
        run = stockcode("import", "prices", str(path), "--yes", "--json", *words)
        assert run.exit_code == 0, run.stderr
        report: dict[str, object] = json.loads(run.stdout)
        return report

    broker = ("broker_ja_unadjusted_7203.cp932.csv", "--code", "7203")
    first = brought(*broker)
    assert (first["rows"], first["counts"]["created"], first["rejected"]) == (2687, 2687, [])  # type: ignore[index]  # JSON
    assert brought(*broker)["status"] == "unchanged"
    yfinance = brought("yfinance_multiheader_7203.T.csv")
    # All days before the ex-date of 5 for 1, 2021-09-29; afterwards the two differ on five.
    assert yfinance["left_alone"] == {"other_split_basis": 2155}
    assert yfinance["counts"] == {
        "created": 0, "updated": 5, "closed": 0, "unchanged": 791, "rejected": 0, "kept": 0,
    }  # fmt: skip
    fields = {"data_source": 5, "volume": 3, "open": 2, "high": 2, "low": 2, "close": 2}
    assert yfinance["fields"] == fields
    assert brought("yfinance_multiheader_7203.T.csv")["status"] == "unchanged"


def test_a_long_file_is_reported_alike_and_written_from_where_it_lies(
    stockcode: Stockcode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "MOST_ITEMS", 1)
    path = tmp_path / "7203.csv"
    path.write_text(PRICES + "2025-06-27,1,1,1,1,1\n2025-06-26,1,1,x,1,1\n")
    command = ("import", "prices", str(path), "--code", "7203", "--json")
    looked = json.loads(stockcode(*command, "--dry-run").stdout)
    assert (looked["status"], looked["change_set"], looked["counts"]["created"]) == ("dry_run", None, 2)
    written = stockcode(*command, "--yes")
    assert written.exit_code == 9
    report = json.loads(written.stdout)
    assert (report["status"], report["counts"], report["feed"]["ranges"]["traded_on"]["last"]) == (
        "applied", looked["counts"], "2025-06-30",
    )  # fmt: skip
    again = json.loads(stockcode(*command, "--yes").stdout)
    assert (again["status"], again["counts"]["unchanged"]) == ("unchanged", 2)
