"""Opening a form and saving it unchanged changes nothing, whatever the row holds."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, func, select

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.row_version import RowVersion
from webapp.models.stock_price import StockPrice
from webapp.rules import company as company_rules
from webapp.rules import statement as statement_rules
from webapp.rules.fields import unseen
from webapp.services.changes import row_codec

pytestmark = pytest.mark.usefixtures("connection")

EARLIEST, LATEST = datetime.fromisoformat("1960-01-01"), datetime.fromisoformat("2100-01-01")
# One transaction for all examples: each makes a row of its own.
few = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
line = (
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=60)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(lambda text: unseen(text) is None)
)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


texts = maybe(line.filter(bool))
lines = maybe(st.lists(line, min_size=1, max_size=4).map(lambda parts: "\n".join(parts).strip()).filter(bool))
flags = maybe(st.booleans())
days = maybe(st.dates(date(1800, 1, 1), date(2200, 1, 1)))


def numbers(which: Column[Any]) -> st.SearchStrategy[Any]:
    """Values of a number column, within its rule."""
    rule = which.info["rule"]
    if which.type.python_type is int:
        return maybe(st.integers(rule.low, rule.high))
    step = Decimal(1).scaleb(-rule.places)
    low, high = int(Decimal(rule.low) / step), int(Decimal(rule.high) / step)
    return maybe(st.integers(low, high).map(lambda number: number * step))


def figures(model: type[db.Base], *names: str) -> st.SearchStrategy[dict[str, Any]]:
    table = row_codec.table_of(model)
    return st.fixed_dictionaries({name: numbers(table.columns[name]) for name in names})


def assert_unchanged(app: Flask, path: str, key: str, model: type[db.Base]) -> None:
    before = _state(model, key)
    answer = Browser(app).save(path, {}, id=key)
    assert answer.status_code == 302, answer.text
    assert _state(model, key) == before


def _state(model: type[db.Base], key: str) -> tuple[Mapping[str, Any], int, int]:
    table = row_codec.table_of(model)
    text = func.concat_ws(",", *row_codec.key_columns(model))
    row = db.session.execute(select(table).where(text == key)).mappings().one()
    counts = [
        db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in (ChangeSet, RowVersion)
    ]
    return dict(row), counts[0], counts[1]


@few
@given(
    st.fixed_dictionaries(
        {
            "name_en": texts,
            "name_kana": texts,
            "head_office_address": texts,
            "description": lines,
            "has_consolidated": flags,
            "established_on": days,
            "industry_format": maybe(st.sampled_from(company_rules.INDUSTRY_FORMAT.words)),
            "market_division": maybe(st.sampled_from(company_rules.MARKET_DIVISION.words)),
            "website_url": st.sampled_from([None, "https://例え.example/a?b=1&c=%20#d", "http://x.example/"]),
        }
    ),
    figures(Company, "capital_stock"),
)
def test_a_company_stays_as_it_is(app: Flask, values: dict[str, Any], more: dict[str, Any]) -> None:
    key = str(factories.company(**values, **more).id)
    db.session.commit()
    assert_unchanged(app, "/admin/companies/edit/", key, Company)


@few
@given(
    figures(
        FinancialStatement,
        "profit",
        "treasury_shares",
        "eps_basic",
        "roe_reported",
        "per_reported",
        "shares_issued",
    ),
    st.booleans(),
    st.sampled_from(statement_rules.ROUNDING_UNITS),
    st.dictionaries(
        st.text("abc", min_size=1), st.none() | st.booleans() | st.integers() | st.lists(st.text("x"))
    ),
)
def test_a_statement_stays_as_it_is(
    app: Flask, values: dict[str, Any], is_current: bool, unit: int, sources: dict[str, Any]
) -> None:
    more = {"is_current": is_current, "rounding_unit": unit, "sources": sources}
    key = str(factories.statement(**values, **more).id)
    db.session.commit()
    assert_unchanged(app, "/admin/statements/edit/", key, FinancialStatement)


@few
@given(st.datetimes(EARLIEST, LATEST).map(lambda moment: moment.replace(tzinfo=UTC)))
def test_a_filing_stays_as_it_is(app: Flask, moment: datetime) -> None:
    key = str(factories.filing(submitted_at=moment).doc_id)
    db.session.commit()
    assert_unchanged(app, "/admin/filings/edit/", key, Filing)


@few
@given(figures(StockPrice, "adjusted_close", "volume", "turnover"))
def test_a_price_stays_as_it_is(app: Flask, values: dict[str, Any]) -> None:
    row = factories.price(**values)
    key = f"{row.company_id},{row.traded_on}"
    db.session.commit()
    assert_unchanged(app, "/admin/prices/edit/", key, StockPrice)
