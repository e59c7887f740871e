"""How many statements keep a rule and how many break it, counted over all of them at once."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from tests.rules.accounting.test_as_sql import store
from webapp.models.financial_statement import FinancialStatement
from webapp.rules.accounting import as_sql
from webapp.rules.accounting.catalogue import BY_ID


def year(number: int, end: date, assets: int | None, cash: int, **changed: Any) -> dict[str, Any]:
    own = {
        "id": number, "company_id": 1, "is_current": True, "fiscal_year_end_on": end, "period_type": "FY",
        "scope": "consolidated", "accounting_standard": "JGAAP", "rounding_unit": 1, "total_assets": assets,
        "total_liabilities": 60, "net_assets": 40, "cash_and_equivalents_end": cash, "net_change_in_cash": 5,
    }  # fmt: skip
    return own | changed


def test_each_statement_counts_once_and_what_is_not_current_or_not_known_not_at_all(
    connection: Connection,
) -> None:
    rows = [
        year(1, date(2024, 3, 31), 100, 20),
        year(2, date(2025, 3, 31), 103, 25),  # three yen off, and two terms
        year(3, date(2026, 3, 31), None, 40),
        year(4, date(2023, 3, 31), 999, 90, is_current=False),
        # The year's end has moved by some days: of two years before, the later one counts.
        year(5, date(2024, 3, 25), 100, 70),
    ]
    store(connection, FinancialStatement, rows)
    of_one_row = connection.execute(text(as_sql.counted([BY_ID["B2"], BY_ID["B1"]]))).one()
    assert of_one_row == (4, 2, 1, 0, 0)
    beside_the_year_before = connection.execute(text(as_sql.counted([BY_ID["C2"]]))).one()
    assert beside_the_year_before == (4, 1, 1)


def test_of_two_years_before_the_later_one_is_compared_with(connection: Connection) -> None:
    rows = [
        year(1, date(2024, 3, 31), 100, 20),
        year(2, date(2025, 3, 31), 100, 25),
        year(3, date(2024, 3, 25), 100, 70),
        year(4, date(2026, 3, 31), 100, 80),
    ]
    store(connection, FinancialStatement, rows)
    broken = connection.execute(text(as_sql.broken([BY_ID["C2"]]))).one()
    assert (broken.statement_id, broken.beside_id, broken.observed, broken.expected) == (4, 2, 80, 30)
