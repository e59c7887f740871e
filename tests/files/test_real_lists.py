"""The official lists themselves, where they are at hand."""

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from webapp.files import edinet_codes, jpx_list
from webapp.files.edinet_codes import EdinetFiler
from webapp.files.rows import MasterList, WrongFile

pytestmark = pytest.mark.real_data


@cache
def filers_on(path: Path) -> MasterList[EdinetFiler]:
    """A list of EDINET's, read once for all that is held against it."""
    return edinet_codes.read(path.read_bytes())


@pytest.mark.parametrize(
    ("day", "persons", "filers", "listed"),
    [(date(2023, 10, 31), 2_994, 7_675, 3_933), (date(2026, 2, 26), 3_197, 8_023, 3_884)],
)
def test_the_edinet_list_is_read_to_the_last_row(
    real_data: Path, day: date, persons: int, filers: int, listed: int
) -> None:
    found = filers_on(real_data / "edinet_codes" / f"Edinetcode_{day:%Y%m%d}.zip")
    assert (found.as_of_on, found.total_rows) == (day, persons + filers)
    assert (found.left_out, found.bad_rows) == ({"natural_person": persons}, ())
    assert len(found.rows) == filers
    assert sum(filer.is_listed is True for filer in found.rows) == listed
    assert all(filer.ticker_symbol for filer in found.rows if filer.is_listed)


def test_nintendo_is_read_as_edinet_has_it(real_data: Path) -> None:
    found = filers_on(real_data / "edinet_codes" / "Edinetcode_20260226.zip")
    (nintendo,) = [filer for filer in found.rows if filer.ticker_symbol == "7974"]
    assert (nintendo.edinet_code, nintendo.name_ja) == ("E02367", "任天堂株式会社")
    assert nintendo.capital_stock == 10_065_000_000
    assert (nintendo.fiscal_year_end_month, nintendo.fiscal_year_end_day) == (3, 31)


def test_between_the_two_lists_companies_come_go_and_lose_their_codes(real_data: Path) -> None:
    older, newer = (
        {filer.edinet_code: filer for filer in filers_on(path).rows}
        for path in sorted((real_data / "edinet_codes").glob("Edinetcode_*.zip"))
    )
    assert len(newer.keys() - older.keys()) == 1_041
    assert len(older.keys() - newer.keys()) == 693
    both = [(older[code], newer[code]) for code in older.keys() & newer.keys()]
    assert sum(bool(was.ticker_symbol and not now.ticker_symbol) for was, now in both) == 241
    assert sum(bool(now.ticker_symbol and not was.ticker_symbol) for was, now in both) == 14


def test_half_of_the_real_zip_changes_nothing(real_data: Path) -> None:
    content = (real_data / "edinet_codes" / "Edinetcode_20231031.zip").read_bytes()
    with pytest.raises(WrongFile, match="cut off or damaged"):
        edinet_codes.read(content[: len(content) // 2])


def test_a_real_filing_is_no_edinet_list(real_data: Path) -> None:
    filing = next((real_data / "edinet_type5").glob("*/*.zip"))
    with pytest.raises(WrongFile, match="Expected a "):
        edinet_codes.read(filing.read_bytes())


@pytest.mark.parametrize(
    ("name", "as_of_on", "total", "left_out"),
    [
        ("data_j_20240628.csv", date(2024, 6, 28), 4_371, (358, 63, 2, 2)),
        ("data_j_20250530.xls", date(2025, 5, 30), 4_409, (385, 62, 2, 4)),
    ],
)
def test_the_jpx_list_is_read_to_the_last_row(
    real_data: Path, name: str, as_of_on: date, total: int, left_out: tuple[int, ...]
) -> None:
    found = jpx_list.read((real_data / "jpx" / name).read_bytes(), name)
    assert (found.as_of_on, found.total_rows, found.bad_rows) == (as_of_on, total, ())
    assert tuple(found.left_out[kind] for kind in jpx_list.KINDS_LEFT_OUT) == left_out
    assert len(found.rows) == total - sum(left_out)


def test_the_jpx_workbook_has_its_divisions_and_alphanumeric_codes(real_data: Path) -> None:
    found = jpx_list.read((real_data / "jpx" / "data_j_20250530.xls").read_bytes(), "data_j_20250530.xls")
    # Prime: 1,630 domestic and 1 foreign, less the four preferred and class shares.
    assert Counter(issue.market_division for issue in found.rows) == {
        "PRIME": 1_627,
        "STANDARD": 1_574,
        "GROWTH": 614,
        "TOKYO_PRO": 141,
    }
    assert sum(issue.is_foreign is True for issue in found.rows) == 5
    assert sum(issue.industry33_code == "0050" for issue in found.rows) == 12
    assert any(issue.ticker_symbol.endswith("A") for issue in found.rows)
