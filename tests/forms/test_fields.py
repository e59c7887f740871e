"""Columns as form fields."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column
from werkzeug.datastructures import MultiDict
from wtforms import Form

from webapp import db
from webapp.forms import fields
from webapp.models.columns import STAMPS
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.stock_price import StockPrice
from webapp.screens import installing
from webapp.screens.record import registry
from webapp.services.changes import row_codec
from webapp.words import speech
from webapp.words.speech import Speech

installing.load()
ENGLISH, JAPANESE = speech.of_language("en"), speech.of_language("ja")
# Hypothesis makes naive moments; the tests call them UTC.
EARLIEST, LATEST = datetime.fromisoformat("1960-01-01"), datetime.fromisoformat("2100-01-01")


def column(model: type[db.Base], name: str) -> Column[Any]:
    return row_codec.table_of(model).columns[name]


def field(
    which: Column[Any], typed: str | None = None, stored: Any = None, *, spoken: Speech = ENGLISH
) -> Any:
    """The field of a column, over a stored value, after somebody typed something."""
    made = type("OneField", (Form,), {"it": fields.for_column(which, spoken)})
    form = made(None if typed is None else MultiDict({"it": typed}), data={"it": stored})
    if typed is not None:
        form.validate()
    return form.it


def test_every_editable_column_has_a_field() -> None:
    for screen in registry.declared():
        if "edit_view" not in screen.view.rights:
            continue
        table = row_codec.table_of(screen.model)
        closed = screen.view.form_plan.read_only | STAMPS
        editable = {c.name for c in table.columns if c.name not in closed and c.identity is None}
        kinds = {c.name: fields.kind_of(c) for c in table.columns if c.name in editable}
        assert None not in kinds.values(), kinds
        named = {name for _title, part in screen.view.form_plan.sections for name in part}
        assert named == editable, screen.path


def test_every_type_of_a_curated_column_has_a_kind_of_field() -> None:
    for screen in registry.declared():
        if "edit_view" not in screen.view.rights:
            continue
        for one in row_codec.table_of(screen.model).columns:
            if one.name not in screen.view.form_plan.read_only | STAMPS:
                assert fields.kind_of(one) is not None, one


def test_a_column_that_no_field_edits_is_refused_aloud() -> None:
    with pytest.raises(TypeError, match="no field edits"):
        fields.for_column(column(FinancialStatement, "sources"), ENGLISH)


@pytest.mark.parametrize(
    ("model", "name", "typed", "read"),
    [
        (Company, "ticker_symbol", "７９７４", "7974"),
        (Company, "ticker_symbol", " 130a ", "130A"),
        (Company, "name_ja", "  ト゛ヨタ　", "ト\u3099ヨタ".replace("ト\u3099", "ト゛")),
        (Company, "name_ja", "か\u3099", "が"),
        (Company, "name_en", "", None),
        (Company, "name_en", "   ", None),
        (Company, "description", "one\r\ntwo\rthree", "one\ntwo\nthree"),
        (Company, "capital_stock", "１，２３４", Decimal(1234)),
        (Company, "fiscal_year_end_month", "3", 3),
        (Company, "has_consolidated", "", None),
        (Company, "has_consolidated", "0", False),
        (Company, "has_consolidated", "1", True),
        (Company, "listing_status", "listed", "listed"),
        (Company, "listed_on", "2024/3/1", datetime(2024, 3, 1, tzinfo=UTC).date()),
        (Company, "listed_on", "２０２４-03-01", datetime(2024, 3, 1, tzinfo=UTC).date()),
        (Filing, "submitted_at", "2024-06-27T15:30", datetime(2024, 6, 27, 6, 30, tzinfo=UTC)),
        (FinancialStatement, "profit", "△1,234", Decimal(-1234)),
        (FinancialStatement, "roe_reported", "10.47", Decimal("0.1047")),
        (FinancialStatement, "rounding_unit", "1000", 1000),
        (StockPrice, "close", "1234.5", Decimal("1234.5")),
        (StockPrice, "volume", "1,000", 1000),
    ],
)
def test_what_is_typed_becomes(model: type[db.Base], name: str, typed: str, read: Any) -> None:
    made = field(column(model, name), typed)
    assert not made.errors
    assert made.data == read
    assert type(made.data) is type(read)


@pytest.mark.parametrize(
    ("model", "name", "typed"),
    [
        (Company, "ticker_symbol", "72"),
        (Company, "ticker_symbol", "7B74"),
        (Company, "edinet_code", "E1"),
        (Company, "corporate_number", "1234567890123"),
        (Company, "name_ja", ""),
        (Company, "name_ja", "a\x00b"),
        (Company, "name_ja", "a\x01b"),
        (Company, "name_ja", "a\nb"),
        (Company, "name_ja", "a\ud800b"),
        (Company, "name_ja", "x" * 201),
        (Company, "description", "a\x07b"),
        (Company, "capital_stock", "-1"),
        (Company, "capital_stock", "1.5"),
        (Company, "capital_stock", "1" + "0" * 20),
        (Company, "capital_stock", "NaN"),
        (Company, "capital_stock", "1e5"),
        (Company, "fiscal_year_end_month", "13"),
        (Company, "fiscal_year_end_month", "99999999999"),
        (Company, "has_consolidated", "2"),
        (Company, "listing_status", "sold"),
        (Company, "listing_status", ""),
        (Company, "listed_on", "2024-02-30"),
        (Company, "listed_on", "2024-03/01"),
        (Company, "listed_on", "yesterday"),
        (Company, "website_url", "javascript:alert(1)"),
        (Filing, "submitted_at", "soon"),
        (FinancialStatement, "roe_reported", "10.1234567"),
        (FinancialStatement, "roe_reported", "1" + "0" * 13),
        (FinancialStatement, "rounding_unit", "10"),
        (FinancialStatement, "eps_basic", "1.00005"),
        (StockPrice, "volume", "-1"),
        (StockPrice, "volume", "1" + "0" * 25),
    ],
)
def test_what_is_no_value_of_the_column_is_refused(model: type[db.Base], name: str, typed: str) -> None:
    made = field(column(model, name), typed)
    assert made.errors
    # What was typed stays in the input.
    assert made._value() == typed


def test_a_field_that_is_not_sent_keeps_the_stored_value() -> None:
    made = type("OneField", (Form,), {"it": fields.for_column(column(Company, "name_en"), ENGLISH)})
    form: Any = made(MultiDict({"other": "x"}), data={"it": "Nintendo"})
    form.validate()
    assert form.it.data == "Nintendo"
    assert form.it.is_untouched


@pytest.mark.parametrize("stored", ["broken\x01text", " blank before", "か\u3099", "x" * 201])
def test_a_stored_value_that_breaks_a_rule_does_not_bar_saving_the_rest(stored: str) -> None:
    made = field(column(Company, "name_en"), stored, stored)
    assert made.data == stored
    assert not made.errors


def test_microseconds_stay_when_nobody_touches_them() -> None:
    stored = datetime(2024, 6, 27, 6, 30, 0, 123456, tzinfo=UTC)
    which = column(Filing, "submitted_at")
    shown = field(which, stored=stored)._value()
    assert shown == "2024-06-27T15:30:00.123"
    assert field(which, shown, stored).data == stored


def test_browsers_that_shorten_an_instant_change_nothing() -> None:
    stored = datetime(2024, 6, 27, 6, 30, tzinfo=UTC)
    made = field(column(Filing, "submitted_at"), "2024-06-27T15:30", stored)
    assert made.is_untouched
    assert made.data is stored


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:00-05:00"])
def test_a_moment_that_nobody_could_read_again_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="is not a date and time"):
        field(column(Filing, "submitted_at"), typed).reads(typed)


def test_an_unknown_flag_is_never_taken_for_no() -> None:
    made = field(column(Company, "has_consolidated"), "", None)
    assert made.data is None
    page = str(made())
    assert page.count("<option") == 3
    assert '<option value="" selected>' in page


def test_a_choice_without_blank_offers_none() -> None:
    assert str(field(column(FinancialStatement, "is_current"), stored=True)()).count("<option") == 2


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**9), max_value=10**9))
def test_a_ratio_is_shown_as_a_percentage_and_reads_back_exactly(stored: Decimal) -> None:
    which = column(FinancialStatement, "roe_reported")
    shown = field(which, stored=stored)._value()
    made = field(which, shown, stored)
    assert made.is_untouched
    assert made.data == stored
    assert made.reads(shown) == stored


@given(st.datetimes(EARLIEST, LATEST))
def test_an_untouched_instant_is_the_same_to_the_microsecond(moment: datetime) -> None:
    stored = moment.replace(tzinfo=UTC)
    which = column(Filing, "submitted_at")
    assert field(which, field(which, stored=stored)._value(), stored).data == stored


def test_a_number_input_tells_its_decimals_and_unit() -> None:
    eps = column(FinancialStatement, "eps_basic")
    page = str(field(eps, spoken=JAPANESE)())
    assert 'data-number="4"' in page
    assert 'inputmode="decimal"' in page
    assert 'data-unit="円"' in page
    assert 'data-unit="yen"' in str(field(eps)())


def test_a_field_carries_its_rule_as_a_hint() -> None:
    made = field(column(Company, "fiscal_year_end_day"))
    assert "1" in str(made.description)
    assert made.flags.required is False
