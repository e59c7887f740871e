"""Reading the seed's tables: exactly as made, or refused with the place."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from webapp.files import edinet_codes, seed_tables
from webapp.files.seed_tables import BrokenSeed, SeedRow

SEED = Path(seed_tables.__file__).parents[1] / "seed"
GOLDEN = {
    "revenue": "revenue",
    "cost_of_sales": "cost_of_revenue",
    "gross_profit": "gross_profit",
    "sga": "sga_expenses",
    "operating_income": "operating_income",
    "ordinary_income": "ordinary_income",
    "pbt": "income_before_taxes",
    "tax": "income_taxes",
    "profit": "profit",
    "profit_parent": "profit_attributable_to_owners",
    "profit_nci": "profit_attributable_to_nci",
    "assets": "total_assets",
    "ca": "current_assets",
    "nca": "noncurrent_assets",
    "liab": "total_liabilities",
    "cl": "current_liabilities",
    "ncl": "noncurrent_liabilities",
    "net_assets": "net_assets",
    "nci": "non_controlling_interests",
    "ocf": "operating_cash_flow",
    "icf": "investing_cash_flow",
    "fcf": "financing_cash_flow",
    "fx": "fx_effect_on_cash",
    "dcash": "net_change_in_cash",
    "cash": "cash_and_equivalents_end",
    "eps": "eps_basic",
    "bps": "bps",
    "eqr": "equity_ratio_reported",
    "roe": "roe_reported",
}


def row(**cells: str) -> SeedRow:
    return SeedRow("a.csv", 2, cells)


def test_rows_come_in_order_with_their_lines_and_without_blank_cells() -> None:
    rows = seed_tables.read("a.csv", "code,name_ja\n0050,水産・農林業\n1050,\n".encode())
    assert rows == [
        SeedRow("a.csv", 2, {"code": "0050", "name_ja": "水産・農林業"}),
        SeedRow("a.csv", 3, {"code": "1050"}),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("0050", str, "0050"),
        ("-5", int, -5),
        ("119164000", int, 119164000),
        ("125.23", Decimal, Decimal("125.23")),
        ("true", bool, True),
        ("false", bool, False),
        ("2025-03-31", date, date(2025, 3, 31)),
        ("2025-06-26T12:26:00+09:00", datetime, datetime(2025, 6, 26, 3, 26, tzinfo=UTC)),
    ],
)
def test_a_cell_becomes_its_type(text: str, kind: type, value: Any) -> None:
    found = row(a=text).value("a", kind)
    assert (found, type(found)) == (value, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1.5", int),
        ("1,000", int),
        ("NaN", Decimal),
        ("１", Decimal),
        ("True", bool),
        ("2025-02-29", date),
        ("2025-06-26T12:26:00", datetime),
        ("noon", datetime),
    ],
)
def test_a_cell_of_another_type_is_refused_with_its_place(text: str, kind: type) -> None:
    with pytest.raises(BrokenSeed, match=r"^a\.csv, line 2: a is no .*: "):
        row(a=text).value("a", kind)


def test_a_blank_cell_is_none_but_not_where_it_is_needed() -> None:
    assert row().value("a", Decimal) is None
    with pytest.raises(BrokenSeed, match=r"^a\.csv, line 2: a is missing$"):
        row().needed("a")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "there is not even a line of headings"),
        (b"code\n\x8a\xd6\n", "byte 5 is not UTF-8"),
        (b"code,code\n", "line 1: these are no headings"),
        (b"Code\n", "line 1: these are no headings"),
        ("\ufeffcode\n".encode(), "line 1: these are no headings"),
        (b'"code\n', "line 1: these are no headings"),
        (b"code,name_ja\n0050\n", "line 2: The row does not have as many columns"),
        (b'code\n"0050\n', "line 2: The quotation marks"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(content: bytes, message: str) -> None:
    with pytest.raises(BrokenSeed, match=message):
        seed_tables.read("a.csv", content)


def _seeded() -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    for figure in seed_tables.read("figures.csv", (SEED / "figures.csv").read_bytes()):
        found.setdefault(figure.needed("statement"), {})[figure.needed("field")] = figure.value(
            "value", Decimal
        )
    return found


@pytest.mark.real_data
def test_every_annual_figure_is_as_the_golden_extract_has_it(real_data: Path) -> None:
    seeded = _seeded()
    checked = 0
    with (real_data / "edinet_type5" / "golden_extract.csv").open(encoding="utf-8-sig", newline="") as file:
        for expected in csv.DictReader(file):
            if expected["type_of_current_period"] != "FY":
                continue
            figures = seeded.pop(expected["docID"])
            for theirs, ours in GOLDEN.items():
                if expected[theirs]:
                    checked += 1
                    assert figures[ours] == Decimal(expected[theirs]), (expected["docID"], ours)
    assert not seeded
    assert checked > 1300


@pytest.mark.real_data
def test_the_companies_are_as_the_code_list_of_2023_has_them(real_data: Path) -> None:
    listed = edinet_codes.read((real_data / "edinet_codes" / "Edinetcode_20231031.zip").read_bytes())
    filers = {filer.edinet_code: filer for filer in listed.rows}
    fields = ("ticker_symbol", "corporate_number", "name_ja", "name_en", "name_kana", "head_office_address")
    for company in seed_tables.read("companies.csv", (SEED / "companies.csv").read_bytes()):
        filer = filers[company.needed("edinet_code")]
        for name in (*fields, "filer_type", "edinet_industry"):
            assert company.needed(name) == getattr(filer, name)
        assert company.value("capital_stock", Decimal) == filer.capital_stock
        assert company.value("has_consolidated", bool) is filer.has_consolidated
        assert company.value("fiscal_year_end_month", int) == filer.fiscal_year_end_month
        assert company.value("fiscal_year_end_day", int) == filer.fiscal_year_end_day
        assert filer.is_listed
