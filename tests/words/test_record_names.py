"""Names of records: as people in the trade say them, the same as text and as SQL, in the reader's language."""

from datetime import date

import pytest
from sqlalchemy import inspect, select

from tests import factories
from webapp import db
from webapp.models.company import Company
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.industry import Industry
from webapp.words import record_names, speech

JAPANESE, ENGLISH = speech.of_language("ja"), speech.of_language("en")
pytestmark = pytest.mark.usefixtures("connection")


def test_a_statement_is_called_as_the_summaries_of_results_print_it() -> None:
    company = factories.company(name_ja="任天堂株式会社", name_en="Nintendo Co., Ltd.", edinet_code="E02367")
    row = factories.statement(company_id=company.id)
    assert record_names.of(row, JAPANESE) == "E02367 任天堂株式会社 2025年3月期 通期 連結"
    assert record_names.of(row, ENGLISH) == "E02367 Nintendo Co., Ltd. FY2025/3, full year, consolidated"


def test_a_statement_by_another_standard_than_most_says_so() -> None:
    company = factories.company(name_ja="任天堂株式会社", name_en="Nintendo Co., Ltd.", edinet_code="E02367")
    row = factories.statement(company_id=company.id, accounting_standard="USGAAP")
    assert record_names.of(row, JAPANESE) == "E02367 任天堂株式会社 2025年3月期 通期 連結 米国基準"
    assert (
        record_names.of(row, ENGLISH)
        == "E02367 Nintendo Co., Ltd. FY2025/3, full year, consolidated, US GAAP"
    )


def test_indicators_are_called_by_what_tells_them_apart() -> None:
    company = factories.company(name_ja="任天堂株式会社", name_en="Nintendo Co., Ltd.", edinet_code="E02367")
    of_day = {"company_id": company.id, "as_of_on": date(2025, 3, 31), "basis": "FY", "formula_version": 1}
    rows = [
        FinancialIndicator(scope=scope, accounting_standard=standard, **of_day)
        for scope, standard in (
            ("consolidated", "IFRS"),
            ("consolidated", "JGAAP"),
            ("non_consolidated", "JGAAP"),
        )
    ]
    db.session.add_all(rows)
    db.session.flush()
    assert [
        record_names.of(row, JAPANESE).removeprefix("E02367 任天堂株式会社 2025/03/31 ") for row in rows
    ] == [
        "通期 連結 IFRS",
        "通期 連結",
        "通期 個別",
    ]
    assert record_names.of(rows[0], ENGLISH).endswith("2025-03-31, full year, consolidated, IFRS")


def test_a_company_without_an_english_name_keeps_its_own() -> None:
    row = factories.company(name_ja="無名株式会社", name_en=None, edinet_code="E02367")
    assert record_names.of(row, ENGLISH) == "E02367 無名株式会社"


def test_a_sector_is_called_in_english_where_english_is_read() -> None:
    row = factories.industry(code="0050", name_ja="水産・農林業", name_en="Fishery, Agriculture & Forestry")
    assert record_names.of(row, ENGLISH) == "0050 Fishery, Agriculture & Forestry"


@pytest.mark.parametrize("listener", [JAPANESE, ENGLISH], ids=["ja", "en"])
@pytest.mark.parametrize("model", [Company, Industry, FinancialStatement, FinancialIndicator])
def test_sql_says_every_name_word_for_word(model: type[db.Base], listener: speech.Speech) -> None:
    company = factories.company(name_en="Nintendo Co., Ltd.")
    factories.statement(company_id=company.id, period_type="Q3", scope="non_consolidated")
    factories.statement(company_id=company.id, accounting_standard="IFRS")
    figures = {"statement_id": factories.statement(company_id=company.id).id, "formula_version": 1}
    indicator = FinancialIndicator(company_id=company.id, as_of_on=date(2025, 3, 31), basis="TTM", **figures)
    db.session.add(indicator)
    db.session.flush()
    factories.industry()
    factories.company(name_en=None)
    names = record_names.as_sql(model, listener).subquery()
    said = dict(db.session.execute(select(names.c.key, names.c.name)).all())
    key = inspect(model).primary_key[0].name
    assert said == {
        getattr(row, key): record_names.of(row, listener) for row in db.session.scalars(select(model))
    }
