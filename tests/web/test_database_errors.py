"""The database's refusals as sentences."""

import logging

import pytest
from psycopg import errors as postgres
from sqlalchemy.exc import DBAPIError, OperationalError

from webapp.web import database_errors
from webapp.words import speech

ENGLISH = speech.of_language("en")


def refused(error: BaseException) -> DBAPIError:
    return DBAPIError("UPDATE companies SET name = %(name)s", {"name": "private"}, error)


@pytest.mark.parametrize("state", sorted(database_errors.SENTENCES))
def test_every_known_state_has_its_sentence(state: str) -> None:
    code = state.ljust(5, "0")
    kind = type("Refusal", (postgres.Error,), {"sqlstate": code})
    assert database_errors.sentence(refused(kind("private detail")), ENGLISH).startswith(
        database_errors.SENTENCES[state]
    )


def test_what_nobody_expects_is_still_a_sentence() -> None:
    kind = type("Refusal", (postgres.Error,), {"sqlstate": "XX000"})
    assert database_errors.sentence(refused(kind("x")), ENGLISH).startswith(database_errors.OTHERWISE)


def test_a_lost_connection_is_told_as_such() -> None:
    lost = OperationalError("SELECT 1", {}, postgres.OperationalError("gone"), connection_invalidated=True)
    assert database_errors.sentence(lost, ENGLISH).startswith(database_errors.UNREACHABLE)


def test_neither_page_nor_log_quotes_sql_or_values(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        told = database_errors.sentence(
            refused(postgres.UniqueViolation("Key (name)=(private) already exists")), ENGLISH
        )
    (record,) = caplog.records
    number = record.__dict__["error_number"]
    assert number in told
    assert record.__dict__["sqlstate"] == "23505"
    for text in (told, record.getMessage(), str(record.__dict__)):
        assert "private" not in text
        assert "UPDATE" not in text
