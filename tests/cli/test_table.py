"""The table of commands is true to the files, and calling a command loads its own rooms only."""

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from webapp.cli import table

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "webapp" / "cli"
SLOW = ("alembic", "babel", "flask", "flask_admin", "migrations", "psycopg", "sqlalchemy", "wtforms")
# Called wrongly, each in its own way: an unknown command, an option, a word, nothing where something is needed.
WRONG_CALLS = (
    ("fly",),
    ("--fly",),
    ("seed", "now"),
    ("worker", "--twice"),
    ("up", "--port", "0"),
    ("import",),
    ("import", "nothing", "file"),
    ("import", "edinet-codes", str(ROOT / "README.md")),
    ("users", "fly"),
    ("users", "add", "a@example.com"),
    ("users", "add", "a@example.com", "--role", "root"),
    ("users", "set-password", "a@example.com"),
    ("users", "set-password", "a@example.com", "--password-stdin"),
)

# Of each call its exit code, and what was loaded.
Calls = dict[tuple[str, ...], tuple[int, set[str]]]


def commands(
    group: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below, by the words that call it."""
    yield path, group
    if isinstance(group, click.Group):
        for name, inner in group.commands.items():
            yield from commands(inner, (*path, name))


ALL = [found for name in table.COMMANDS for found in commands(table.declared(name), (name,))]
# Of `stockcode db` the release step shows the help.
HELPED = [(), *(words for words, _ in ALL if words != ("db",))]


# Each call in a child of its own; what every call loads first is there before.
CALLING = """
import json, os, sys
from webapp.cli.main import main

for words in json.loads(sys.stdin.read()):
    if not (child := os.fork()):
        answers, sys.stdout, sys.argv[1:] = sys.stdout, open(os.devnull, "w"), words
        try:
            main()
        except SystemExit as end:
            print(json.dumps([words, end.code, [*sys.modules]]), file=answers, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.fixture(scope="session")
def calls() -> Calls:
    """Of every call: how the console script ended, and which packages and files of ours it had loaded then."""
    asked = [*((*words, "--help") for words in HELPED), *WRONG_CALLS]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LANG": "ja_JP.UTF-8",
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", CALLING],
        env=environment, capture_output=True, text=True, check=True, input=json.dumps(asked),
    )  # fmt: skip
    return {
        tuple(words): (
            code,
            {name if name.startswith("webapp.") else name.partition(".")[0] for name in names},
        )
        for words, code, names in map(json.loads, done.stdout.splitlines())
    }


def files_in(room: Path) -> set[str]:
    """Every file of a room and of the rooms in it, as the table names them."""
    paths = (path.relative_to(room) for path in room.rglob("*.py") if path.stem != "__init__")
    return {".".join(path.with_suffix("").parts) for path in paths}


def test_the_table_names_every_file_of_commands_and_no_other() -> None:
    files = files_in(ROOM / "commands")
    assert sorted(entry.file for entry in table.COMMANDS.values()) == sorted(files)
    # What a command does is in a file of its name, or in a room of it.
    rooms = {path.parent.name for path in ROOM.glob("*/__init__.py")}
    assert files <= files_in(ROOM) | rooms


@pytest.mark.parametrize("name", table.COMMANDS)
def test_a_command_is_called_by_the_name_that_the_table_gives_it(name: str) -> None:
    assert table.declared(name).name == name


def test_no_other_file_imports_by_text() -> None:
    importing = [path for path in ROOM.rglob("*.py") if "importlib" in path.read_text()]
    # embedded.py asks where a wheel lies, and never imports it.
    assert sorted(path.name for path in importing) == ["embedded.py", "table.py"]


@pytest.mark.parametrize(
    ("words", "command"), ALL, ids=lambda given: " ".join(given) if isinstance(given, tuple) else ""
)
def test_what_a_command_does_is_a_function_of_its_file(
    words: tuple[str, ...], command: click.Command
) -> None:
    callback = command.callback
    assert callback is not None
    source = inspect.getsource(callback)
    if isinstance(command, click.Group):
        return
    _, _, called = source.partition(f'table.doing("{words[0]}").')
    assert callable(getattr(table.doing(words[0]), called.partition("(")[0]))


@pytest.mark.parametrize("words", HELPED, ids=" ".join)
def test_help_loads_nothing_that_takes_long(calls: Calls, words: tuple[str, ...]) -> None:
    code, names = calls[*words, "--help"]
    assert code == 0
    assert not names & {*SLOW}


@pytest.mark.parametrize("words", WRONG_CALLS, ids=" ".join)
def test_a_wrong_call_loads_nothing_that_takes_long(calls: Calls, words: tuple[str, ...]) -> None:
    code, names = calls[words]
    assert code == 2
    assert not names & {*SLOW}


def test_a_list_of_the_commands_loads_none_of_them(calls: Calls) -> None:
    _, names = calls["--help",]
    assert not {name for name in names if name.startswith("webapp.cli.commands")}


# Each command in a child of its own; what all of them may load is there before, and so in what each is said to load.
LOADING = """
import os, sys
import psycopg, sqlalchemy.orm
import webapp.models, webapp.services.checking, webapp.services.intake.importing, webapp.services.queueing.deferring
from webapp.cli import table

for name in table.COMMANDS:
    if not (child := os.fork()):
        table.doing(name)
        print(name, *sys.modules, flush=True)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(name)
"""


def test_a_command_loads_no_screen_and_no_other_command() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADING], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded_by = {name: set(names) for name, *names in map(str.split, done.stdout.splitlines())}
    assert loaded_by.keys() == table.COMMANDS.keys()
    for name, names in loaded_by.items():
        beyond = {"flask", "flask_admin", "wtforms", "alembic", "webapp.app", "webapp.screens"}
        assert not names & beyond, name
        others = {entry.file for entry in table.COMMANDS.values()} - {table.COMMANDS[name].file}
        assert not names & {f"webapp.cli.{file}" for file in others}, name


def test_what_runs_an_installation_needs_no_tables_of_ours() -> None:
    script = "import sys; from webapp.cli import table; table.doing('up'); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"sqlalchemy", "webapp.models"} & set(done.stdout.split())
