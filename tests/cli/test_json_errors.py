"""What a program gets that reads JSON, where an error ends the command: one object with the error, whatever it is."""

import errno
import json
from collections.abc import Iterator
from typing import Any

import click
import pytest
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.cli.conftest import Stockcode
from webapp import db
from webapp.cli import database, table
from webapp.cli.database import NoDatabase
from webapp.services.checking import broken_rules

pytestmark = pytest.mark.usefixtures("connection")
SECRET = "a row's value"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


def failing(*_asked: object) -> None:
    raise KeyError(SECRET)


def with_json(command: click.Command, *words: str) -> Iterator[tuple[str, ...]]:
    """The commands that know --json, as they are called."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from with_json(inner, *words, name)
    elif any("--json" in parameter.opts for parameter in command.params):
        yield words


EVERY = [words for name in table.COMMANDS for words in with_json(table.declared(name), name)]


def refusal(stockcode: Stockcode, *words: str) -> dict[str, Any]:
    """The one object on standard output; it says what is said on standard error and how the command ends."""
    result = stockcode(*words)
    answer: dict[str, Any] = json.loads(result.stdout)
    assert answer["status"] == "refused"
    assert answer["exit_code"] == result.exit_code
    assert answer["reason"] in result.stderr
    return answer


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_that_is_called_wrongly_answers_so(
    stockcode: Stockcode, words: tuple[str, ...]
) -> None:
    answer = refusal(stockcode, *words, "--nonsense", "--json")
    assert (answer["exit_code"], "--nonsense" in answer["reason"]) == (2, True)


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("check", "--company", "0000"), 1, "No company has the code"),
        (("check", "--rule", "none"), 2, "There is no rule “none”"),
        (("coverage", "--company", "0000"), 1, "No company has the code"),
        (("recalculate", "--company", "0000"), 1, "No company has the code"),
        (("rules", "--lang", "fr"), 2, "'fr' is not one of"),
        (("indicators", "--lang", "fr"), 2, "'fr' is not one of"),
        (("companies", "merge", "0000", "0001", "--yes"), 1, "0000"),
        (("companies", "merge", "0000", "0001"), 2, "--json needs --yes"),
        (("import", "jpx-list", "/no/such/file", "--yes"), 2, "does not exist"),
        (("import", "jpx-list", __file__), 2, "Nobody is there to ask"),
        (("fetch", "edinet-filing", "../x"), 2, "is no document's number"),
        (("verify", "companies", "0000", "name_en"), 1, "0000"),
        (("release", "nonsense", "1", "name_en"), 2, "is none of the tables"),
        (("undo", "1"), 2, "Nobody is there to ask"),
    ],
)
def test_what_a_command_refuses_is_the_reason(
    stockcode: Stockcode, words: tuple[str, ...], code: int, why: str
) -> None:
    answer = refusal(stockcode, *words, "--json")
    assert (answer["exit_code"], why in answer["reason"]) == (code, True), answer


def test_a_key_that_is_missing_is_exit_code_3(stockcode: Stockcode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDINET_API_KEY", raising=False)
    assert refusal(stockcode, "fetch", "edinet-filing", "S100TVD7", "--json")["exit_code"] == 3


def test_a_database_that_does_not_answer_is_exit_code_4(
    stockcode: Stockcode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise OperationalError("SELECT 1", None, Exception())

    monkeypatch.setattr(database, "bound", away)
    assert refusal(stockcode, "check", "--json")["exit_code"] == NoDatabase.exit_code


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("C", "It ended with an error; the log says which."),
        ("ja_JP.UTF-8", "エラーで終わりました。内容はログにあります。"),
    ],
)
def test_what_nobody_has_thought_of_is_one_object_without_its_details_which_are_in_the_log(
    stockcode: Stockcode,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    language: str,
    reason: str,
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    monkeypatch.setattr(broken_rules, "broken", failing)
    result = stockcode("check", "--json")
    assert json.loads(result.stdout) == {"status": "failed", "reason": reason, "exit_code": 1}
    assert result.exit_code == 1
    assert SECRET not in result.stdout
    (logged,) = (one for one in caplog.records if one.exc_info is not None)
    assert isinstance(logged.exc_info and logged.exc_info[1], KeyError)
    assert (logged.levelname, SECRET in logged.getMessage()) == ("ERROR", False)


def test_without_json_what_nobody_has_thought_of_is_raised_as_it_is(
    stockcode: Stockcode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broken_rules, "broken", failing)
    result = stockcode("check")
    assert (type(result.exception), result.exit_code, result.stdout) == (KeyError, 1, "")


@pytest.mark.parametrize(
    "ending", [click.Abort(), click.exceptions.Exit(0), BrokenPipeError(errno.EPIPE, "")]
)
def test_what_click_ends_a_command_by_is_no_error_to_tell(
    stockcode: Stockcode, monkeypatch: pytest.MonkeyPatch, ending: Exception
) -> None:
    def end(*_asked: object) -> None:
        raise ending

    monkeypatch.setattr(broken_rules, "broken", end)
    assert stockcode("check", "--json").stdout == ""


def test_a_reason_is_in_the_language_of_the_terminal_and_its_letters_stay(
    stockcode: Stockcode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    result = stockcode("check", "--company", "0000", "--json")
    assert json.loads(result.stdout)["reason"] in result.stdout
    assert not result.stdout.isascii()


def test_whoever_does_not_ask_for_json_gets_none(stockcode: Stockcode) -> None:
    assert stockcode("check", "--company", "0000").stdout == ""
    assert stockcode("check", "--", "--json").stdout == ""


def test_what_ends_well_or_has_told_already_is_no_second_object(stockcode: Stockcode) -> None:
    factories.company()
    db.session.commit()
    for words in (("check",), ("coverage",), ("rules",), ("undo", "999999", "--yes")):
        json.loads(stockcode(*words, "--json").stdout)


def test_every_command_that_knows_json_is_looked_at() -> None:
    assert {("check",), ("companies", "merge"), ("fetch", "edinet-filing"), ("import",)} < {*EVERY}
