"""Days of prices are noted by whoever writes prices, and no two writers wait for each other."""

from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.models.conftest import Connect

COMPANY = (
    b"INSERT INTO companies (name_ja, name_ja_folded, listing_status) OVERRIDING SYSTEM VALUE"
    b" VALUES ('A', 'A', 'unlisted') RETURNING id"
)
PRICES = """
INSERT INTO stock_prices (company_id, traded_on, data_source)
SELECT {}, day::date, 'a test' FROM unnest(%s::date[]) day
"""
FRIDAY, MONDAY, TUESDAY = date(2025, 6, 27), date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def companies(observer: psycopg.Connection) -> list[int]:
    """Two companies; no days of earlier tests."""
    observer.execute(b"DELETE FROM price_days")
    return [_one(observer, COMPANY) for _ in range(2)]


def _one(session: psycopg.Connection, query: bytes) -> Any:
    row = session.execute(query).fetchone()
    assert row is not None
    return row[0]


def write(session: psycopg.Connection, company: int, *days: date) -> None:
    session.execute(sql.SQL(PRICES).format(sql.Literal(company)), [list(days)])


def noted(session: psycopg.Connection) -> list[date]:
    return [day for (day,) in session.execute(b"SELECT traded_on FROM price_days ORDER BY traded_on")]


def test_each_new_day_is_noted_once(observer: psycopg.Connection, companies: list[int]) -> None:
    write(observer, companies[0], FRIDAY, MONDAY)
    write(observer, companies[1], FRIDAY, MONDAY, TUESDAY)
    assert noted(observer) == [FRIDAY, MONDAY, TUESDAY]


def test_a_day_is_seen_when_its_prices_are(
    connect: Connect, observer: psycopg.Connection, companies: list[int]
) -> None:
    writer = connect()
    write(writer, companies[0], FRIDAY)
    assert noted(observer) == []
    writer.commit()
    write(writer, companies[0], MONDAY)
    writer.rollback()
    assert noted(observer) == [FRIDAY]


def test_two_who_write_the_same_new_day_do_not_wait_for_each_other_and_either_may_fail(
    connect: Connect, observer: psycopg.Connection, companies: list[int]
) -> None:
    one, other = connect(), connect()
    other.execute(b"SET lock_timeout = '1ms'")
    write(one, companies[0], FRIDAY)
    write(other, companies[1], FRIDAY)
    other.commit()
    one.rollback()
    assert noted(observer) == [FRIDAY]


def test_a_price_that_moves_to_another_day_notes_it(
    observer: psycopg.Connection, companies: list[int]
) -> None:
    write(observer, companies[0], FRIDAY)
    observer.execute(b"UPDATE stock_prices SET traded_on = '2025-07-01', volume = 1")
    observer.execute(b"UPDATE stock_prices SET traded_on = traded_on, volume = 2")
    assert noted(observer) == [FRIDAY, TUESDAY]


def test_a_session_in_which_triggers_sleep_notes_days_too(
    server_url: str, observer: psycopg.Connection, companies: list[int]
) -> None:
    with psycopg.connect(server_url, dbname=observer.info.dbname, autocommit=True) as admin:
        admin.execute(b"SET session_replication_role = replica")
        write(admin, companies[0], FRIDAY)
        admin.execute(b"UPDATE stock_prices SET traded_on = '2025-06-30'")
    assert noted(observer) == [FRIDAY, MONDAY]


def test_a_day_whose_prices_are_gone_stays(observer: psycopg.Connection, companies: list[int]) -> None:
    write(observer, companies[0], FRIDAY)
    observer.execute(b"DELETE FROM stock_prices")
    assert noted(observer) == [FRIDAY]
