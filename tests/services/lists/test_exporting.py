"""Rows that PostgreSQL writes into a file."""

import io

import pytest
from sqlalchemy import func, literal, select, union_all
from sqlalchemy.exc import DBAPIError, OperationalError

from webapp import db
from webapp.services.lists import exporting

pytestmark = pytest.mark.usefixtures("connection")
ODD = (
    "%",
    "%s",
    "%(a)s",
    "'",
    "''",
    "\\",
    "\\'",
    '"',
    ",",
    "\n",
    "\r\n",
    "$1",
    ":a",
    "{}",
    "日本",
    "\U00020bb7",
    "--",
)


@pytest.mark.parametrize("text", ODD)
def test_a_text_stays_what_it_is(text: str) -> None:
    file = io.BytesIO()
    exporting.copy(select(literal(text), literal(None), literal(5)).where(literal(text) == text), file)
    quoted = text.replace('"', '""')
    is_quoted = any(mark in text for mark in ',"\r\n')
    assert file.getvalue().decode() == (f'"{quoted}",,5\n' if is_quoted else f"{text},,5\n")


def test_it_appends_every_row_in_its_order() -> None:
    file = io.BytesIO(b"head\n")
    file.seek(0, io.SEEK_END)
    rows = union_all(*(select(literal(number).label("n")) for number in (2, 3, 1))).subquery()
    exporting.copy(select(rows.c.n).where(rows.c.n.in_([1, 2])).order_by(rows.c.n), file)
    assert file.getvalue() == b"head\n1\n2\n"


def test_it_sees_what_its_own_transaction_has_written() -> None:
    db.session.execute(select(func.set_config("app.note", "here", True)))
    file = io.BytesIO()
    exporting.copy(select(func.current_setting("app.note")), file)
    assert file.getvalue() == b"here\n"


def test_it_ends_when_its_time_is_over() -> None:
    with pytest.raises(exporting.TooSlow), exporting.within(0.2):
        exporting.copy(select(func.pg_sleep(5)), io.BytesIO())


def test_another_trouble_is_told_as_sqlalchemy_does_without_the_statement() -> None:
    with pytest.raises(DBAPIError) as caught, exporting.within(5):
        exporting.copy(select(1 / func.length(func.nullif(literal("secret"), "")) / literal(0)), io.BytesIO())
    assert not isinstance(caught.value, OperationalError)
    assert caught.value.statement is None
    assert "secret" not in str(caught.value)
