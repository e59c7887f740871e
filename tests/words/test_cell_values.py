"""Cells that come back: each is known as untouched in every form in which files show it, and read where it is not."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Numeric, String, Text, cast, literal, select

from tests import factories
from webapp import db
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.rules.fields import NotRead
from webapp.services.changes import row_codec
from webapp.services.intake import returned_rows
from webapp.words import csv_sql, keys, labels, typed_cells, units
from webapp.words.cell_values import CellReader
from webapp.words.speech import LANGUAGES, of_language

COMPANY = row_codec.table_of(Company).c
STATEMENT = row_codec.table_of(FinancialStatement).c
MILLION = units.UNITS["million"]
# One connection for all examples, which write nothing.
few = settings(
    max_examples=5,
    phases=(Phase.generate,),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
MOMENTS = st.datetimes(datetime(1890, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001  # given a zone below
TRICKY = ("=1+1", "'quoted", "'=1+1", '"', "a,b", "-", "1E+05", "2025/3/31", "TRUE", "0012", "1,234", "10.5%")


def values_of(column: Column[Any]) -> st.SearchStrategy[Any]:
    """Values that a column may hold, among them those that files do not show exactly."""
    if (words := labels.choices(column)) and labels.words_of(column) is not None:
        return st.sampled_from([column.type.python_type(word) for word in words])
    if isinstance(column.type, String):
        texts = st.one_of(st.text(LETTERS, min_size=1, max_size=20), st.sampled_from(TRICKY))
        is_long = getattr(column.info.get("rule"), "is_long", False)
        texts = texts.map(lambda text: f"{text}\n\n{text}") if is_long else texts
        return texts.map(str.strip).filter(bool)
    of_kinds = {
        Boolean: st.booleans(),
        DateTime: MOMENTS.map(lambda at: at.replace(tzinfo=UTC)),
        Date: st.dates(date(1890, 1, 1), date(2100, 1, 1)),
        Integer: st.integers(0, min(keys.largest(column), 2**53)),
    }
    if isinstance(column.type, Numeric):
        places = column.type.scale or 0
        most = 10 ** ((column.type.precision or 20) - places) - 1
        near = st.decimals(-2_000_000, 2_000_000, places=places)
        return st.one_of(near, st.decimals(-most, most, places=places))
    document = st.just({"revenue": {"doc": "S100W6TG", "名": "売上"}})
    return next((some for kind, some in of_kinds.items() if isinstance(column.type, kind)), document)


def columns() -> list[Column[Any]]:
    """Every column of every curated table that refers to nothing."""
    tables = map(row_codec.table_of, factories.MAKERS)
    return [column for table in tables for column in table.columns if not column.foreign_keys]


def as_in_a_workbook(value: Any) -> Any:
    """A cell as a spreadsheet stores it and gives it back: numbers of 16 digits at most."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    number = float(f"{float(value):.16G}")
    return int(number) if number.is_integer() else number


@pytest.mark.usefixtures("connection")
@few
@given(st.data())
def test_whatever_a_file_shows_is_known_as_untouched_for_every_column_language_and_unit(data: Any) -> None:
    speech = of_language(data.draw(st.sampled_from(LANGUAGES)))
    unit = data.draw(st.sampled_from(list(units.UNITS.values())))
    values = [(column, data.draw(values_of(column), label=str(column))) for column in columns()]
    shown = [csv_sql.shown(column, literal(value, column.type), speech, unit) for column, value in values]
    stored = [csv_sql.stored(column, literal(value, column.type)) for column, value in values]
    texts = db.session.execute(select(*(cast(one, Text) for one in (*shown, *stored)))).one()
    for place, (column, value) in enumerate(values):
        as_shown, as_stored = texts[place], texts[len(values) + place]
        assert CellReader(column, unit).is_untouched(as_shown, value), (column, value, as_shown)
        is_stored = CellReader(column, is_shown=False).is_untouched(as_stored, value)
        assert is_stored, (column, value, as_stored)
        for reader, write in (
            (CellReader(column, unit, is_typed=True), typed_cells.shown(column, speech, unit)),
            (CellReader(column, is_shown=False, is_typed=True), typed_cells.stored(column, speech)),
        ):
            cell = as_in_a_workbook(write(value).value)
            assert reader.is_untouched(cell, value), (column, value, cell)


def test_an_empty_cell_is_untouched_where_nothing_is_stored_and_nowhere_else() -> None:
    for reader in map(CellReader, columns()):
        for blank in ("", "  ", None):
            assert reader.is_untouched(blank, None)
            # The source of a finding is an empty text where there is none.
            assert reader.read(blank) == ("" if reader.column.name == "origin" else None)
            assert not reader.is_untouched(blank, 0)


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (COMPANY.capital_stock, "1,234", Decimal(1_234_000_000)),
        (COMPANY.capital_stock, "１２．５", Decimal(12_500_000)),
        (COMPANY.capital_stock, "▲5", Decimal(-5_000_000)),
        (COMPANY.capital_stock, 3.0, Decimal(3_000_000)),
        (COMPANY.listing_status, "上場", "listed"),
        (COMPANY.listing_status, "Listed", "listed"),
        (COMPANY.listing_status, "listed", "listed"),
        (COMPANY.has_consolidated, "有", True),
        (COMPANY.has_consolidated, "いいえ", False),
        (COMPANY.has_consolidated, True, True),
        (COMPANY.listed_on, "2025/3/1", date(2025, 3, 1)),
        (COMPANY.listed_on, "2025年3月1日", date(2025, 3, 1)),
        (COMPANY.listed_on, "2025-03-01 00:00:00", date(2025, 3, 1)),
        (COMPANY.listed_on, 45717, date(2025, 3, 1)),
        (COMPANY.ticker_symbol, "１３０ａ", "130A"),
        (COMPANY.ticker_symbol, 7203, "7203"),
        (COMPANY.name_ja, "'=ROUND", "=ROUND"),
        (COMPANY.name_ja, "ﾄﾖﾀ", "ﾄﾖﾀ"),
        (STATEMENT.equity_ratio_reported, "10.47", Decimal("0.1047")),
        (STATEMENT.equity_ratio_reported, "10.47%", Decimal("0.1047")),
        (STATEMENT.equity_ratio_reported, 0.1047, Decimal("0.1047")),
        (STATEMENT.rounding_unit, "百万円", 1_000_000),
    ],
)
def test_a_changed_cell_is_read_as_people_type_and_spreadsheets_store(
    column: Column[Any], cell: Any, value: Any
) -> None:
    reader = CellReader(column, MILLION, is_typed=not isinstance(cell, str))
    assert reader.read(cell) == value
    assert type(reader.read(cell)) is type(value)


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        (COMPANY.capital_stock, "0.0000001", "must come to whole yen"),
        (COMPANY.capital_stock, "12%", "is not a number"),
        (COMPANY.capital_stock, "many", "is not a number"),
        (COMPANY.capital_stock, "9" * 20, "is too large"),
        (COMPANY.fiscal_year_end_month, "3.5", "must be a whole number"),
        (COMPANY.listing_status, "somewhat", "is none of the words of this column"),
        (COMPANY.has_consolidated, "perhaps", "is neither yes nor no"),
        (COMPANY.listed_on, "31/3/2025", "is not a date such as 2024-03-31"),
        (COMPANY.listed_on, "2025-02-30", "is not a date such as 2024-03-31"),
        (COMPANY.corporate_number, "1.13E+12", "is a number that a spreadsheet has rounded"),
        (COMPANY.name_ja, "#NAME?", "is an error of a spreadsheet, and no value"),
        (COMPANY.ticker_symbol, "#####", "is an error of a spreadsheet, and no value"),
        (COMPANY.changed_at, "2025-03-01 25:00", "is not a date and time such as 2024-06-21 15:30"),
        (COMPANY.changed_at, "0001-01-01 00:00", "is not a date and time such as 2024-06-21 15:30"),
        (STATEMENT.sources, "{", "cannot be changed in a file"),
    ],
)
def test_what_is_no_value_of_its_column_is_refused_in_one_sentence(
    column: Column[Any], cell: Any, sentence: str
) -> None:
    with pytest.raises(NotRead) as refused:
        CellReader(column, MILLION).read(cell)
    assert str(refused.value.saying) == sentence


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (COMPANY.corporate_number, "1.13000E+12", "1130001011420"),
        (COMPANY.industry_code, "50", "0050"),
        (COMPANY.corporate_number, "1.13E+12", "1130001011420"),
        (COMPANY.corporate_number, "1.13000101142E+12", "1130001011420"),
        (COMPANY.listed_on, "3/31/2025", date(2025, 3, 31)),
        (COMPANY.listed_on, "3/31/25", date(2025, 3, 31)),
        (COMPANY.listed_on, "03/31/25", date(2025, 3, 31)),
        (COMPANY.listed_on, "31/03/2025", date(2025, 3, 31)),
        (COMPANY.name_ja, "?野家", "𠮷野家"),
        (COMPANY.name_ja, "??野家", "𠮷野家"),
        (COMPANY.name_ja, "Caf?～", "Café〜"),
        (COMPANY.name_en, "A－B", "A−B"),
    ],
)
def test_what_a_spreadsheet_makes_of_a_value_by_itself_is_known_as_that(
    column: Column[Any], cell: Any, value: Any
) -> None:
    reader = CellReader(column)
    assert reader.is_mangled(cell, value)
    other = {"corporate_number": "4130001011437", "listed_on": date(2025, 3, 30)}
    assert not reader.is_mangled(cell, other.get(column.name, "0051"))


@pytest.mark.parametrize("name", ["吉野家", "?", "髙島屋①", "～－―"])
def test_a_text_that_every_encoding_has_is_never_called_spoiled(name: str) -> None:
    assert not CellReader(COMPANY.name_ja).is_mangled(name, name)


def test_no_column_calls_two_of_its_words_the_same() -> None:
    for column in columns():
        for language in LANGUAGES:
            said = [of_language(language).say(label) for label in labels.choices(column).values()]
            assert len(set(said)) == len(said), column


def test_what_follows_from_other_columns_or_is_stamped_is_not_edited_in_files() -> None:
    not_edited = {column.name for column in columns() if not returned_rows.is_editable(column)}
    assert {"id", "version", "changed_at", "change_set_id", "name_ja_folded", "sources"} <= not_edited
    assert not {"name_ja", "capital_stock", "revenue", "code", "volume"} & not_edited
