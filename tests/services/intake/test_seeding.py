"""Seeding: creates what is missing through the door, and leaves alone what is there or was deleted."""

import shutil
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests import factories
from webapp import db
from webapp.files.seed_tables import BrokenSeed
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.industry import Industry
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice
from webapp.services.changes.proposals import Refused
from webapp.services.intake import seeding

pytestmark = pytest.mark.usefixtures("connection")

COUNTS = {
    Industry: 34,
    Company: 8,
    CorporateAction: 7,
    Filing: 55,
    FinancialStatement: 61,
    SharesOutstanding: 54,
    StockPrice: 488,
}
TABLES = {model.__tablename__: count for model, count in COUNTS.items()}


def created() -> Counter[str]:
    counter: Counter[str] = Counter()
    for outcome in seeding.load():
        counter[outcome.table_name] += outcome.created
    return +counter


def stored() -> dict[str, int]:
    counts = {model: db.session.scalar(select(func.count()).select_from(model)) for model in COUNTS}
    return {model.__tablename__: count or 0 for model, count in counts.items()}


def company(code: str) -> Company:
    found = Company.edinet_code if code.startswith("E") else Company.ticker_symbol
    return db.session.scalars(select(Company).where(found == code)).one()


def statement(code: str, end: date) -> FinancialStatement:
    of_company = FinancialStatement.company_id == company(code).id
    query = select(FinancialStatement).where(of_company, FinancialStatement.fiscal_year_end_on == end)
    return db.session.scalars(query).one()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The seed's files, to be spoilt."""
    return Path(shutil.copytree(seeding.SEED, tmp_path / "seed"))


def test_an_empty_database_gets_all_of_it() -> None:
    assert created() == TABLES
    assert stored() == TABLES


def test_a_company_that_is_there_already_gets_the_seeds_figures() -> None:
    factories.company(edinet_code="E02367", name_ja="任天堂㈱")
    factories.company(edinet_code=None, ticker_symbol="6702", name_ja="富士通", listing_status="listed")
    assert created() == TABLES | {"companies": 6}
    assert company("E02367").name_ja == "任天堂㈱"
    assert statement("E02367", date(2025, 3, 31)).revenue == Decimal(1164922000000)
    assert company("6702").edinet_code is None
    assert len(company("6702").statements) == 9


def test_a_code_of_another_company_is_not_taken_for_the_seeds() -> None:
    old = factories.company(ticker_symbol="7974", listing_status="delisted")
    seeding.load()
    assert company("E02367").id != old.id
    assert old.statements == []


def test_a_statement_of_another_revision_is_there_already() -> None:
    nintendo = factories.company(edinet_code="E02367")
    corrected = {
        "company_id": nintendo.id,
        "fiscal_year_start_on": date(2024, 4, 1),
        "fiscal_year_end_on": date(2025, 3, 31),
        "revision_no": 1,
        "revision_type": "STEWARD",
    }
    factories.statement(**corrected)
    assert created()["financial_statements"] == TABLES["financial_statements"] - 1


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("contents.csv", ",industries,", ",users,", "contents.csv, line 2: there is no seed for users"),
        ("contents.csv", "filings.csv,filings", ",filings", "contents.csv, line 5: file is missing"),
        ("industries.csv", "name_en", "name_fr", "industries.csv, line 2: industries has no name_fr"),
        ("filings.csv", "E01573", "E99999", "filings.csv, line 2: no company of the seed is called E99999"),
        ("figures.csv", "S100AOB9,profit,", "S100AOB9,revenue,", "S100AOB9 has revenue twice"),
        (
            "figures.csv",
            "S100AOB9,profit,",
            "S1000000,profit,",
            "figures.csv: there is no statement S1000000",
        ),
        ("figures.csv", "jppfs_cor:NetSales,", ",", "figures.csv"),
        ("companies.csv", ",13450000000,", ",134.5億,", "companies.csv, line 2: capital_stock is no Decimal"),
    ],
)
def test_a_broken_seed_is_refused_with_its_place(
    copy: Path, file: str, old: str, new: str, message: str
) -> None:
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    if message == "figures.csv":  # a figure without an element is an invented one, and stays without a source
        seeding.load(copy)
        assert "revenue" not in statement("E01573", date(2017, 3, 31)).sources
        return
    with pytest.raises(BrokenSeed, match=message):
        seeding.load(copy)


def test_a_row_that_breaks_a_rule_is_refused(copy: Path) -> None:
    path = copy / "companies.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("1130001011420", "1130001011421"), encoding="utf-8"
    )
    with pytest.raises(Refused, match="check digit"):
        seeding.load(copy)
