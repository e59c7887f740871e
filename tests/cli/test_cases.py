"""Small inputs that this was once got wrong with, over the seed, in the order of their names."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.cli.conftest import Stockcode
from webapp import db
from webapp.models.company import Company
from webapp.rules import calendar
from webapp.services.intake import seeding

pytestmark = [pytest.mark.real_data, pytest.mark.usefixtures("connection")]

DATA = Path(os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
# File -> exit code, and the companies that it creates.
CASES = {
    "edinet_rounded_numbers.csv": (1, ()),
    "ipo_1_edinet.csv": (0, ()),
    "ipo_2_jpx.csv": (0, ("9Y2X",)),
    "ipo_3_edinet.csv": (0, ()),
    "jpx_future_1.csv": (1, ()),
    "jpx_future_2.csv": (0, ("9Y3X",)),
    "jpx_halfwidth_market.csv": (0, ("9Y4X", "9Y5X")),
    "jpx_utf16_tabs.txt": (0, ("9Y6X",)),
}


def companies() -> dict[str | None, tuple[str, str | None]]:
    columns = (Company.ticker_symbol, Company.listing_status, Company.market_division)
    return {ticker: (status, market) for ticker, status, market in db.session.execute(select(*columns))}


def test_each_case_over_the_seed_gives_what_it_should(
    stockcode: Stockcode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "today", lambda: date(2026, 11, 29))
    seeding.load()
    db.session.commit()
    before = companies()
    reports = {}
    for name, (code, _created) in CASES.items():
        path = DATA / "cases" / name
        if not path.exists():
            pytest.skip(f"needs the file {name} (STOCKCODE_REAL_DATA)")
        kind = "jpx-list" if "jpx" in name else "edinet-codes"
        result = stockcode("import", kind, str(path), "--yes", "--json")
        assert result.exit_code == code, (name, result.stderr)
        reports[name] = json.loads(result.stdout)
    new = {ticker: ("listed", "GROWTH") for _code, created in CASES.values() for ticker in created}
    assert companies() == before | new
    assert len(reports["edinet_rounded_numbers.csv"]["rejected"]) == 3
    assert reports["jpx_future_1.csv"]["reason"].startswith(
        ("Expected a file of 2026-11-29", "必要なもの：今日")
    )
    assert [report["counts"]["rejected"] for report in reports.values() if "counts" in report] == [0] * 6
    known_as = select(Company.edinet_code, Company.ticker_symbol).where(
        Company.name_ja_folded == "架空新規上場"
    )
    assert db.session.execute(known_as).all() == [("E99801", "9Y2X")]
