"""The seed's files: small, sourced, free of natural persons, and plainly fictional where they are invented."""

import re
from collections import Counter

import pytest

from webapp.files import seed_tables
from webapp.files.seed_tables import SeedRow
from webapp.rules import company
from webapp.services.intake.seeding import CONTENTS, SEED

FILES = sorted(path.name for path in SEED.glob("*.csv"))
SMALL = 1_500_000
LARGEST_LIMIT = {100: 30, 200: 50, 500: 80, 700: 100, 1000: 150, 1500: 300, 2000: 400, 3000: 500}


def rows(file: str) -> list[SeedRow]:
    return seed_tables.read(file, (SEED / file).read_bytes())


def test_every_file_is_listed_with_its_source() -> None:
    listed = rows(CONTENTS)
    files = [row.cells[name] for row in listed for name in ("file", "figures") if name in row.cells]
    assert sorted([*files, CONTENTS]) == FILES
    assert all(row.needed("source") for row in listed)


def test_what_comes_from_edinet_names_edinet_its_terms_and_that_it_was_edited() -> None:
    for row in rows(CONTENTS):
        if row.cells["table"] != "industries" and not row.needed("file").startswith("fictional"):
            for words in ("出典：EDINET閲覧（提出）サイト", "公共データ利用規約第1.0版", "加工して作成"):
                assert words in row.cells["source"]
    readme = (SEED / "README.md").read_text(encoding="utf-8")
    assert "出典：EDINET閲覧（提出）サイト" in readme
    assert "公共データ利用規約" in readme
    assert "加工して作成" in readme


def test_the_seed_is_small_and_has_one_readme() -> None:
    assert sum(path.stat().st_size for path in SEED.iterdir()) < SMALL
    assert {path.name for path in SEED.iterdir()} - set(FILES) == {"README.md"}


def test_the_shares_are_those_of_the_reports() -> None:
    end = {row.needed("statement"): row.needed("period_end_on") for row in rows("statements.csv")}
    figures = {
        (row.needed("statement"), row.needed("field")): row.needed("value") for row in rows("figures.csv")
    }
    counted = rows("shares_outstanding.csv")
    for row in counted:
        document = row.needed("data_source").removeprefix("EDINET ")
        assert row.needed("as_of_on") == end[document]
        assert row.needed("issued") == figures[document, "shares_issued"]
        assert row.cells.get("treasury") == figures.get((document, "treasury_share_count"))
    assert len(counted) == sum(field == "shares_issued" for _document, field in figures)


def test_there_are_no_natural_persons() -> None:
    kinds = {
        row.cells.get("filer_type")
        for file in ("companies.csv", "fictional_companies.csv")
        for row in rows(file)
    }
    assert kinds == {"内国法人・組合", None}
    # Of a person EDINET has the kind 個人 and no corporate number; the code, wherever it stands, is of a company here.
    companies = {row.needed("edinet_code"): row.needed("corporate_number") for row in rows("companies.csv")}
    named = {code for file in FILES for row in rows(file) for code in re.findall(r"E\d{5}", str(row.cells))}
    assert named == set(companies)
    assert not any("個人" in str(row.cells) for file in FILES for row in rows(file))


def test_invented_companies_say_so_and_have_codes_that_nobody_has() -> None:
    found = rows("fictional_companies.csv")
    assert len(found) == 2
    for row in found:
        assert "架空" in row.needed("name_ja")
        assert "fictional" in row.needed("name_en")
        assert "架空" in row.needed("description")
        assert row.needed("ticker_symbol") in ("9Y0X", "9Y1X")
        assert company.TICKER_SYMBOL.broken_by(row.needed("ticker_symbol")) is None
        assert not row.cells.keys() & {"edinet_code", "corporate_number", "website_url"}
        # No exchange knows them, so that no list of an exchange can close them either.
        assert row.needed("listing_status") == company.UNLISTED
    assert {row.needed("data_source") for row in rows("fictional_prices.csv")} == {"synthetic (fictional)"}


def test_every_figure_of_a_real_company_has_its_element_and_context() -> None:
    for row in rows("figures.csv"):
        assert re.fullmatch(r"(jp(crp|pfs|igp)_cor:\w+|derived: [a-z_ -]+)", row.needed("element"))
        assert row.needed("context").startswith("CurrentYear")


@pytest.mark.parametrize("ticker_symbol", ["9Y0X", "9Y1X"])
def test_invented_prices_keep_within_the_daily_limit(ticker_symbol: str) -> None:
    closes = [row for row in rows("fictional_prices.csv") if row.needed("company") == ticker_symbol]
    assert len({row.needed("traded_on") for row in closes}) == 244
    last = None
    for row in closes:
        prices = [row.value(name, int) for name in ("low", "open", "close", "high")]
        if None in prices:
            assert prices == [None] * 4
            assert row.value("volume", int) == 0
            continue
        assert prices[0] == min(prices)
        assert prices[3] == max(prices)
        if last is not None:
            limit = next(limit for base, limit in LARGEST_LIMIT.items() if last < base)
            assert prices[0] >= last - limit
            assert prices[3] <= last + limit
        last = prices[2]


def test_thirty_three_sectors_belong_to_seventeen() -> None:
    sectors = [row for row in rows("industries.csv") if row.needed("code") != "9999"]
    assert len(sectors) == 33
    assert len(Counter(row.needed("sector17_code") for row in sectors)) == 17
