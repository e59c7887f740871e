"""Values as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from webapp import db
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec
from webapp.words import formatters, speech


def shown(
    model: type[db.Base], name: str, value: Any, *, language: str = "ja", is_exact: bool = False
) -> Any:
    column = row_codec.table_of(model).columns[name]
    return formatters.for_column(column, speech.of_language(language), is_exact=is_exact)(value)


@pytest.mark.parametrize(
    ("model", "name", "value", "told"),
    [
        (FinancialStatement, "profit", Decimal(1234567), ("1,234,567", "1,234,567")),
        (FinancialStatement, "eps_basic", Decimal("1234.5000"), ("1,234.50", "1,234.50")),
        (FinancialStatement, "eps_basic", Decimal("0.1234"), ("0.1234", "0.1234")),
        (FinancialStatement, "roe_reported", Decimal("0.10475"), ("10.48", "10.48")),
        (FinancialStatement, "employees", 1234, ("1,234", "1,234")),
        (FinancialStatement, "period_type", "Q1", ("第1四半期", "Q1")),
        (FinancialStatement, "period_type", "X9", ("X9", "X9")),
        (FinancialStatement, "fiscal_year_end_on", date(2025, 3, 31), ("2025/03/31", "2025-03-31")),
        (FinancialStatement, "is_current", True, ("はい", "Yes")),
        (FinancialStatement, "sources", {}, (None, None)),
        (Company, "has_consolidated", None, (None, None)),
        (Company, "fiscal_year_end_month", 3, ("3", "3")),
        (
            Filing,
            "submitted_at",
            datetime(2025, 6, 27, 15, 30, tzinfo=UTC),
            ("2025/06/28 00:30", "2025-06-28 00:30"),
        ),
        (FinancialStatement, "profit", None, (None, None)),
    ],
)
def test_a_value_reads(
    model: type[db.Base], name: str, value: Any, told: tuple[str | None, str | None]
) -> None:
    for language, expected in zip(("ja", "en"), told, strict=True):
        assert shown(model, name, value, language=language) == expected


def test_a_negative_is_led_by_a_triangle_and_read_aloud_as_a_minus() -> None:
    told = shown(FinancialStatement, "profit", Decimal(-5))
    assert told == '<span class="num neg"><span aria-hidden="true">▲</span><span class="sr">−</span>5</span>'


def test_a_details_page_shows_every_decimal() -> None:
    assert shown(FinancialStatement, "roe_reported", Decimal("0.12345678"), is_exact=True) == "12.345678"


@pytest.mark.parametrize("text", ["https://example.com/?a=1&b=2", 'http://x.example/"onmouseover=alert(1)'])
def test_an_address_becomes_a_link_and_nothing_more(text: str) -> None:
    told = str(formatters.text(text))
    assert told.startswith('<a href="http')
    assert told.count('"') == 4
    assert formatters.text("javascript:alert(1)") == "javascript:alert(1)"


def test_markup_in_values_is_text() -> None:
    sources = {"<i>": {"element": "<script>"}}
    shown_sources = str(shown(FinancialStatement, "sources", sources, is_exact=True))
    assert "&lt;script&gt;" in shown_sources
    assert "<i>" not in shown_sources
    assert "&lt;b&gt;" in str(formatters.link("/x", "<b>"))
