"""Every sentence is in the catalogue, in the README, and one line."""

import argparse
import re
from pathlib import Path

import pytest

from migrations import run_migrations
from migrations.release_step.telling import messages
from migrations.release_step.telling.failures import Failure
from tests.migrations.projects import ROOT

pytestmark = pytest.mark.release

CODE = re.compile(r"MIG-[A-Z]+-\d\d")
SOURCES = [
    path for path in (ROOT / "migrations").rglob("*.py") if path.name not in ("messages.py", "refusals.py")
]


def codes_in(paths: list[Path]) -> set[str]:
    return {code for path in paths for code in CODE.findall(path.read_text())}


def test_what_is_said_is_in_the_catalogue_and_the_catalogue_is_said() -> None:
    assert codes_in(SOURCES) == set(messages.CATALOGUE)


def test_the_readme_explains_every_code() -> None:
    assert codes_in([ROOT / "migrations" / "README.md"]) == set(messages.CATALOGUE)


@pytest.mark.parametrize("code", messages.CATALOGUE)
def test_a_message_is_one_line_of_code_fact_state_and_action(code: str) -> None:
    message = messages.CATALOGUE[code]
    names = re.findall(r"\{(\w+)\}", message.fact + message.action)
    failure = Failure(code, state="Database remains at base.", **dict.fromkeys(names, "two\nlines"))

    assert "\n" not in failure.line
    assert failure.line.startswith(f"{code}: ")
    assert "Database remains at base." in failure.line


def test_the_exit_codes_are_those_of_the_table() -> None:
    assert {message.exit_code for message in messages.CATALOGUE.values()} == {1, 2, 3, 4, 5, 6, 7, 8, 9, 130}


def test_help_names_every_exit_code_and_every_option_says_what_it_is_for() -> None:
    top = run_migrations.parser()
    codes = {int(word) for word in re.findall(r"\b\d+\b", run_migrations.EXITS)}
    assert codes == {0, 143} | {message.exit_code for message in messages.CATALOGUE.values()}
    (commands,) = (action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    unsaid = [
        f"{name} {action.dest}"
        for name, command in commands.choices.items()
        for action in command._actions
        if not action.help
    ]
    assert unsaid == []
