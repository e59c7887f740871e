"""How PostgreSQL is told to plan: by key for few rows, at once for many, and once in a connection for what is saved."""

import re
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session

from tests.factories import AUTHOR, company
from webapp import db
from webapp.services.changes import door, row_sql
from webapp.services.intake import importing
from webapp.services.intake.importing import Request
from webapp.services.intake.looking import feeding

pytestmark = pytest.mark.usefixtures("connection")


def told(name: str) -> str:
    return str(db.session.scalar(text("SELECT current_setting(:name, true)"), {"name": name}))


def plans() -> dict[str, str]:
    return {name: told(name) for name in row_sql.AS_USUAL}


def test_a_connection_begins_as_usual_and_plans_lists_for_what_they_ask() -> None:
    assert plans() == row_sql.AS_USUAL
    assert told("plan_cache_mode") == "force_custom_plan"


def test_few_rows_are_found_by_their_keys_and_their_statements_are_planned_once() -> None:
    with row_sql.planned_for_few({"app.change_set_id": "7"}):
        assert plans() == row_sql.OF_FEW
        assert told("app.change_set_id") == "7"
    assert plans() == row_sql.AS_USUAL
    assert told("app.change_set_id") == ""


@pytest.mark.parametrize(("number", "way"), [(1, row_sql.ONE_BY_ONE), (501, row_sql.AT_ONCE)])
def test_rows_are_sought_one_by_one_or_joined_by_how_many_they_are(number: int, way: row_sql.Way) -> None:
    with row_sql.planned_for(number):
        assert plans() == way
    assert plans() == row_sql.AS_USUAL


def test_what_is_done_for_few_rows_inside_is_planned_like_them_and_what_is_wide_is_not() -> None:
    with row_sql.planned_for_few():
        with row_sql.planned_for(1), row_sql.planned_once():
            assert plans() == row_sql.OF_FEW
        with row_sql.planned_for(501):
            assert plans() == row_sql.AT_ONCE
        assert plans() == row_sql.OF_FEW


def test_what_is_set_inside_for_few_rows_ends_with_the_whole() -> None:
    with row_sql.planned_for_few(), row_sql.planned_for_few({"app.change_set_id": "7"}):
        assert told("app.change_set_id") == "7"
    assert told("app.change_set_id") == ""
    assert plans() == row_sql.AS_USUAL


def test_what_a_statement_has_set_by_the_way_is_not_set_again_and_ends_with_the_whole() -> None:
    with row_sql.planned_for_few():
        db.session.execute(text("SELECT set_config('app.change_set_id', '7', true)"))
        row_sql.know({"app.change_set_id": "7"})
        db.session.execute(text("SELECT set_config('app.change_set_id', 'as it was', true)"))
        with row_sql.planned_for_few({"app.change_set_id": "7"}):
            assert told("app.change_set_id") == "as it was"
    assert told("app.change_set_id") == ""


def test_what_is_planned_to_the_end_of_a_part_of_a_transaction_is_put_back_with_it() -> None:
    with row_sql.planned_for_few_to_the_end():
        row_sql.know({"app.change_set_id": "7"})
        assert plans() == row_sql.OF_FEW
    assert plans() == row_sql.AS_USUAL
    assert told("app.change_set_id") == ""


def test_a_transaction_that_ends_puts_back_by_itself_what_was_planned_to_its_end(engine: Engine) -> None:
    with Session(engine) as own, pytest.MonkeyPatch.context() as patched:
        patched.setattr(db, "session", own)
        with row_sql.planned_for_few_to_the_end():
            own.execute(text("SELECT set_config('app.change_set_id', '7', true)"))
            row_sql.know({"app.change_set_id": "7"})
        assert plans() == row_sql.OF_FEW
        own.commit()
        assert plans() == row_sql.AS_USUAL
        assert told("app.change_set_id") == ""


def test_a_statement_may_be_planned_once_whatever_it_joins() -> None:
    with row_sql.planned_once():
        assert plans() == row_sql.ONCE
    assert plans() == row_sql.AS_USUAL


def test_what_is_to_be_planned_once_is_kept_from_its_first_time_on() -> None:
    def kept() -> list[str]:
        asked = "SELECT statement FROM pg_prepared_statements WHERE statement ~ '^SELECT [78]$' ORDER BY statement"
        return list(db.session.scalars(text(asked)))

    db.session.execute(text("SELECT 7"))
    with row_sql.planned_once():
        db.session.execute(text("SELECT 8"))
    db.session.execute(text("SELECT 7"))
    assert kept() == ["SELECT 8"]


def test_behind_a_pooler_nothing_is_kept_by_that_either(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    usual, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        with row_sql.planned_once():
            assert driver.prepare_threshold is None
        assert driver.prepare_threshold is None
    finally:
        driver.prepare_threshold = usual


def test_what_failed_inside_leaves_nothing_planned_otherwise() -> None:
    with pytest.raises(ZeroDivisionError), row_sql.planned_for_few():
        raise ZeroDivisionError
    db.session.rollback()
    with row_sql.planned_for(1):
        assert plans() == row_sql.ONE_BY_ONE


@pytest.mark.parametrize("most_items", [0, 10_000], ids=["a feed", "items"])
def test_what_triggers_ask_for_each_row_is_not_planned_anew_for_each(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, most_items: int
) -> None:
    monkeypatch.setattr(feeding, "MOST_ITEMS", most_items)
    company(ticker_symbol="7203", listing_status="listed")
    written: list[tuple[str, str]] = []

    def note(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        for verb in re.findall(r"(INSERT INTO|UPDATE|DELETE FROM) stock_prices\b", statement):
            beside = cursor.connection.execute("SHOW plan_cache_mode")
            written.append((verb, beside.fetchone()[0]))

    event.listen(connection, "before_cursor_execute", note)
    for close in (6, 7):
        days = "".join(f"2025-06-{day:02},5,9,4,{close},1\n" for day in range(1, 26))
        content = f"Date,Open,High,Low,Close,Volume\n{days}".encode()
        change_set = importing.carry_out(
            importing.preview(Request("prices", "a.csv", content, AUTHOR, code="7203"))
        )
        assert change_set is not None
    door.undo(change_set.id, AUTHOR, "the wrong file")
    assert {verb for verb, _mode in written} >= {"INSERT INTO", "UPDATE"}
    assert {mode for _verb, mode in written} == {"auto"}
