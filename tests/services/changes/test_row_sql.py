"""How PostgreSQL is told to plan: by key for few rows, at once for many, and once in a connection for what is saved."""

import pytest
from sqlalchemy import text

from webapp import db
from webapp.services.changes import row_sql

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


def test_a_statement_may_be_planned_once_whatever_it_joins() -> None:
    with row_sql.planned_once():
        assert plans() == row_sql.ONCE
    assert plans() == row_sql.AS_USUAL


def test_what_failed_inside_leaves_nothing_planned_otherwise() -> None:
    with pytest.raises(ZeroDivisionError), row_sql.planned_for_few():
        raise ZeroDivisionError
    db.session.rollback()
    with row_sql.planned_for(1):
        assert plans() == row_sql.ONE_BY_ONE
