"""Change sets of several tables on screen: shown whole, found by any of their tables, undone as one."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, text

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.lists import filters
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.screens.work import change_sets
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import KeyOf, Wish

pytestmark = pytest.mark.usefixtures("connection")

LIST = "/admin/change-sets/"
URL, UNDO = f"{LIST}details/", f"{LIST}undo/"


def of_three_tables() -> int:
    """The number of a change set that makes a company, its filing and its statement."""
    company = Wish(Company, "create", {"name_ja": "三表株式会社", "edinet_code": "E90001"})
    of_company = {"company_id": KeyOf(company)}
    filing = Wish(Filing, "create", {**factories.FILING, **of_company, "doc_id": "S1000001"})
    figures = {**factories.STATEMENT, **of_company, "filing_doc_id": KeyOf(filing)}
    outcome = door.carry(
        [company, filing, Wish(FinancialStatement, "create", figures)], factories.intent("create")
    )
    assert isinstance(outcome, Applied)
    return outcome.number


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Companies, Filings, Financial statements: Creation"),
        ("ja", "企業、開示書類、財務諸表：新規"),
    ],
)
def test_a_change_set_of_three_tables_is_shown_with_every_row(app: Flask, language: str, told: str) -> None:
    number = of_three_tables()
    browser = Browser(app, language=language)
    page = browser.get(URL, id=number).text
    assert told in page
    (company,) = db.session.scalars(select(Company)).all()
    (statement,) = db.session.scalars(select(FinancialStatement)).all()
    for address in (
        f"/admin/companies/details/?id={company.id}",
        "/admin/filings/details/?id=S1000001",
        f"/admin/statements/details/?id={statement.id}",
    ):
        assert address in page
    assert told.replace("：", ":").partition(":")[0] in browser.get(LIST).text
    assert told in browser.get("/admin/").text


def test_a_change_set_of_three_tables_is_undone_and_undone_again_on_its_page(app: Flask) -> None:
    browser = Browser(app)
    number = of_three_tables()
    for left in (0, 1):
        page = browser.get(URL, id=number).text
        assert 'data-key="u"' in page
        browser.post(UNDO, {"id": number})
        db.session.commit()
        number = db.session.scalars(select(func.max(ChangeSet.id))).one()
        for model in (Company, Filing, FinancialStatement):
            assert db.session.scalar(select(func.count()).select_from(model)) == left
        assert "Companies, Filings, Financial statements: Undo" in browser.get(URL, id=number).text


@pytest.mark.parametrize(
    ("table", "is_listed"),
    [("companies", True), ("filings", True), ("financial_statements", True), ("stock_prices", False)],
)
def test_a_change_set_is_found_by_any_of_its_tables(app: Flask, table: str, is_listed: bool) -> None:
    number = of_three_tables()
    page = Browser(app).get(LIST, flt0_table_name_is=table).text
    assert (f"/admin/change-sets/details/?id={number}" in page) == is_listed


def test_a_change_set_counts_for_each_of_its_tables(app: Flask) -> None:
    of_three_tables()
    factories.filing(company_id=db.session.scalars(select(Company.id)).one())
    db.session.commit()
    browser = Browser(app)

    def counts(**query: str) -> dict[str, int]:
        values = browser.get(f"{LIST}facets/", **query).json["table_name_is"]["values"]  # type: ignore[index]  # JSON
        return {value: count for _name, value, _label, count in values if count}

    assert counts() == {"companies": 1, "filings": 2, "financial_statements": 1}
    assert counts(flt0_table_name_is="companies") == counts()
    kinds = browser.get(f"{LIST}facets/", flt0_table_name_is="companies").json["kind_is"]["values"]  # type: ignore[index]  # JSON
    assert {value: count for _name, value, _label, count in kinds if count} == {"create": 1}


def test_a_finding_of_any_table_bears_the_label_of_its_field(app: Flask) -> None:
    company = Wish(Company, "create", {"name_ja": "番号なし"})
    figures = {"total_assets": Decimal(100), "total_liabilities": Decimal(30), "net_assets": Decimal(60)}
    statement = Wish(
        FinancialStatement, "create", {**factories.STATEMENT, **figures, "company_id": KeyOf(company)}
    )
    outcome = door.carry([company, statement], factories.intent("create"))
    assert isinstance(outcome, Applied)
    page = Browser(app).get(URL, id=outcome.number).text
    assert "hard to find" in page
    assert '<span class="muted small">Total assets</span>' in page


def test_the_tables_of_a_change_set_are_exported(app: Flask) -> None:
    of_three_tables()
    browser = Browser(app)
    for path, tables in (
        ("export/csv/", "Companies, Filings, Financial statements"),
        ("export/all/", "filings,financial_statements"),
    ):
        answer = browser.get(f"{LIST}{path}")
        assert tables in answer.text
        answer.close()


def test_a_filter_by_table_reads_an_index_where_few_change_sets_are_of_it(connection: Connection) -> None:
    facts = "'edit', 'applied', 'a test', '{}', '[]', repeat('0', 64), now()"
    connection.execute(
        text(
            "INSERT INTO change_sets (kind, status, author_name, counts, findings, digest, applied_at, table_name,"
            f" other_tables) SELECT {facts}, 'companies', CASE WHEN n % 5000 = 0 THEN '{{filings}}'::varchar[] END"
            " FROM generate_series(1, 20000) n"
        )
    )
    connection.execute(text("ANALYZE change_sets"))
    (by_table,) = [
        one for one in filters.for_column(change_sets.HEADER.table_name) if one.arg == "table_name_is"
    ]
    wanted = select(ChangeSet.id).where(by_table.condition("filings")).order_by(ChangeSet.id.desc()).limit(51)
    compiled = wanted.compile(connection)
    plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {compiled}", compiled.params).scalars())
    assert "ix_change_sets_other_tables" in plan
    assert "ix_change_sets_table_name_id" in plan
