"""Values in files, as SQL, beside what Python makes of them on the screen."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from sqlalchemy import Column, cast, literal, select

from webapp import db
from webapp.models.company import Company
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.stock_price import StockPrice
from webapp.services.changes import row_codec
from webapp.words import csv_sql, formatters, speech, units

pytestmark = pytest.mark.usefixtures("connection")
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def column_of(model: type[db.Base], name: str) -> Column[Any]:
    return row_codec.table_of(model).columns[name]


EPS = column_of(FinancialStatement, "eps_basic")
ROE = column_of(FinancialStatement, "roe_reported")
PER = column_of(FinancialIndicator, "per")
PROFIT = column_of(FinancialStatement, "profit")
OPEN = column_of(StockPrice, "open")
MONTH = column_of(Company, "fiscal_year_end_month")


ENGLISH = speech.of_language("en")


def in_sql(column: Column[Any], value: Any, unit: units.Unit = units.YEN) -> str:
    """What PostgreSQL writes for a value of this column."""
    typed = cast(literal(value), column.type)
    return str(db.session.scalar(select(csv_sql.shown(column, typed, ENGLISH, unit))))


def on_screen(shown: Any) -> str:
    """What a cell says, in digits."""
    text = shown.striptags().replace("▲−", "-") if isinstance(shown, Markup) else str(shown)
    return text.replace(",", "")


@many
@given(st.integers(-(10**12), 10**12), st.sampled_from([EPS, ROE, PER, OPEN]), st.integers(0, 8))
def test_a_number_has_the_digits_of_the_screen(digits: int, column: Column[Any], zeros: int) -> None:
    scale = column.type.scale  # type: ignore[attr-defined]  # all of them are exact numbers
    value = Decimal(digits // 10**zeros * 10**zeros).scaleb(-scale) % 10**9
    assert in_sql(column, value) == on_screen(formatters.for_column(column, ENGLISH)(value))


@many
@given(st.integers(1 - 10**20, 10**20 - 1), st.integers(0, 20), st.sampled_from(list(units.UNITS)))
def test_money_is_cut_off_as_on_the_screen(amount: int, fewer: int, word: str) -> None:
    value = Decimal((abs(amount) // 10**fewer) * (-1 if amount < 0 else 1))
    assert in_sql(PROFIT, value, units.UNITS[word]) == on_screen(formatters.amount(value, units.UNITS[word]))


def test_a_small_whole_number_is_itself() -> None:
    assert in_sql(MONTH, 3) == "3"


@many
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=5))
def test_sql_guards_the_texts_that_python_does(text: str) -> None:
    assert db.session.scalar(select(csv_sql.guarded(literal(text)))) == csv_sql.harmless(text)


@pytest.mark.parametrize("text", ["=1+1", "+81", "-x", "@cmd", "\tx", "\rx"])
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    assert csv_sql.harmless(text) == "'" + text
    assert db.session.scalar(select(csv_sql.guarded(literal(text)))) == "'" + text
