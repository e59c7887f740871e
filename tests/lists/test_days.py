"""A list of prices begins at the newest day that may be seen, however much is being written behind it."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select, text

from tests import factories, plans
from tests.screens.browsing import Browser
from webapp import db
from webapp.lists import next_record, query, reading
from webapp.models.stock_price import StockPrice

DAY = date(2025, 6, 27)
# What a feed may be writing, in small.
WRITTEN = 4999
WRITING = text("""
    INSERT INTO stock_prices (company_id, traded_on, data_source)
    SELECT :number, CAST(:day AS date) + n, 'a feed' FROM generate_series(1, :days) n
""")
# The newest days, the last page of the oldest first, and a page of those since a day.
ADDRESSES = ("", "order=traded_on&last=1", "flt0_traded_on_from=2020-01-01")


@pytest.fixture
def committed(app: Flask, migrated_database: Callable[[], Any], engine: Engine) -> Iterator[Engine]:
    """A database of its own, for what is committed."""
    assert app
    other = db.make_engine(migrated_database())
    db.bind(other)
    yield other
    db.session.remove()
    db.bind(engine)
    other.dispose()


def page(address: str = "") -> list[date]:
    return [row.traded_on for row in reading.page_of(query.parse(plans.of(StockPrice), address)).rows]


def blocks_read(engine: Engine, address: str) -> int:
    """How many blocks the statement that finds the rows of a page looks at."""
    heard: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, facts: Any, *_more: Any) -> None:
        heard.append((statement, facts))

    event.listen(engine, "before_cursor_execute", hear)
    page(address)
    event.remove(engine, "before_cursor_execute", hear)
    db.session.rollback()
    statement, facts = next(one for one in heard if "ORDER BY" in one[0])
    with engine.connect() as connection:
        # By an index, as whoever has millions of rows.
        connection.execute(text("SET enable_seqscan = off"))
        connection.execute(text("SET enable_sort = off"))
        explain = f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, FORMAT TEXT) {statement}"
        shown = "\n".join(connection.exec_driver_sql(explain, facts).scalars())
    (hits,) = re.findall(r"Buffers: shared hit=(\d+)", shown)[:1]
    return int(hits)


def test_a_page_does_not_walk_over_what_is_not_committed_and_lacks_nothing_that_is(
    committed: Engine,
) -> None:
    with db.transaction():
        company = factories.company()
        factories.price(company_id=company.id, traded_on=DAY)
        number = company.id
    with committed.connect() as writer:
        writer.execute(WRITING, {"number": number, "days": WRITTEN, "day": DAY})
        assert {address: page(address) for address in ADDRESSES} == {one: [DAY] for one in ADDRESSES}
        # Else each row would be looked at, where it lies.
        looked_at = {address: blocks_read(committed, address) for address in ADDRESSES}
        assert max(looked_at.values()) < 20, looked_at
        db.session.rollback()
        writer.commit()
    newest = [DAY + timedelta(days=WRITTEN - behind) for behind in range(50)]
    assert [page(address) for address in ADDRESSES] == [newest, newest[::-1], newest]


@pytest.mark.parametrize("bounds", ["", "&flt0_traded_on_to=2060-01-01&flt1_traded_on_from=2026-01-01"])
def test_a_page_begins_at_its_place_and_walks_over_none_of_the_days_before_it(
    committed: Engine, bounds: str
) -> None:
    days = 3 * WRITTEN
    with db.transaction():
        number = factories.company().id
        db.session.execute(WRITING, {"number": number, "days": days, "day": DAY})
    with committed.connect() as connection:
        # As a table that is at rest: what PostgreSQL has not swept yet is looked at where it lies.
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
            "VACUUM ANALYZE stock_prices"
        )
    middle = DAY + timedelta(days=days // 2)
    for order, sign in (("", -1), ("order=traded_on&", 1)):
        deep = f"{order}after={middle.isoformat()}%2C{number}{bounds}"
        assert page(deep) == [middle + timedelta(days=sign * behind) for behind in range(1, 51)]
        # Half of all days are some thirty blocks of the index.
        assert abs(blocks_read(committed, deep) - blocks_read(committed, f"{order}{bounds[1:]}")) < 5


@pytest.mark.usefixtures("connection")
def test_without_any_price_the_list_is_empty(app: Flask) -> None:
    assert page() == []
    assert Browser(app).get("/admin/prices/").status_code == 200


@pytest.mark.usefixtures("app", "connection")
def test_the_record_before_and_after_are_looked_for_between_the_same_days() -> None:
    company = factories.company()
    for number in range(3):
        factories.price(company_id=company.id, traded_on=DAY + timedelta(days=number))
    middle = db.session.execute(
        select(StockPrice.__table__).where(StockPrice.traded_on == DAY + timedelta(days=1))
    )
    listed = query.parse(plans.of(StockPrice), "")
    here = next_record.standing(listed, {str(k): v for k, v in middle.mappings().one().items()})
    assert next_record.beside(here) == (company.id, DAY)
    assert next_record.beside(here, is_backward=True) == (company.id, DAY + timedelta(days=2))


@pytest.mark.usefixtures("app", "connection")
def test_an_order_by_company_asks_for_no_days() -> None:
    company = factories.company()
    factories.price(company_id=company.id, traded_on=DAY)
    assert page("order=company") == [DAY]
    assert db.session.scalar(text("SELECT count(*) FROM price_days")) == 1
