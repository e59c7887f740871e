"""The companies that a small change is about, and how PostgreSQL finds them."""

from typing import Any

import pytest
from sqlalchemy import text

from tests import factories
from tests.factories import intent
from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import applying, proposing, row_sql, row_writing
from webapp.services.changes.following import small_changes
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")


def changes(row: Any, **values: Any) -> list[small_changes.SmallChange]:
    wish = Wish(type(row), "update", values, (row.id,))
    change_set = applying.carry_out(proposing.propose([wish], intent()))
    assert change_set is not None
    return small_changes.of(row_writing.tables(change_set.id))


def test_a_statement_that_passes_to_another_company_is_about_both() -> None:
    first, second = factories.company(), factories.company()
    statement = factories.statement(company_id=first.id)
    [of_statements] = changes(statement, company_id=second.id)
    assert of_statements.table.model is FinancialStatement
    assert of_statements.companies == sorted((first.id, second.id))


def test_companies_that_share_a_name_before_or_after_or_a_code_that_stays_are_looked_at_together() -> None:
    moved, before, after, _ = (
        factories.company(name_ja=name) for name in ("甲株式会社", "甲株式会社", "乙株式会社", "丙株式会社")
    )
    [of_companies] = changes(moved, name_ja="乙株式会社")
    assert of_companies.companies == [moved.id]
    assert small_changes.sharing(of_companies, ["name_ja_folded"]) == [moved.id, before.id, after.id]
    assert small_changes.sharing(of_companies, ["corporate_number"]) == [moved.id]


@pytest.mark.parametrize("name", ["corporate_number", "name_ja_folded"])
def test_each_is_found_by_its_key_even_where_the_planner_believes_that_the_tables_are_empty(
    name: str,
) -> None:
    for table in ("companies", "change_set_items"):
        db.session.execute(text(f"ANALYZE {table}"))
    rows = (
        "INSERT INTO companies (name_ja, name_ja_folded, listing_status) SELECT n, n, 'unlisted'"
        " FROM (SELECT 'company ' || g AS n FROM generate_series(1, 4000) g) s"
    )
    db.session.execute(text(rows))
    facts = {"id": 1, "table": "companies"}
    with row_sql.planned_for(1):
        plan = db.session.scalars(text(f"EXPLAIN {small_changes.SHARING.format(name=name)}"), facts).all()
    sought = [line for line in plan if "on companies" in line]
    assert len(sought) == 2
    assert all("Index" in line for line in sought), plan
