"""A command of the release step loads what it works with and no more: start-up is most of what a short one takes."""

import importlib
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from migrations import run_migrations
from migrations.release_step import table

pytestmark = pytest.mark.release

ROOT = Path(__file__).parents[2]
STEP = ROOT / "migrations" / "release_step"
# Nobody answers there, and no name has to be looked up.
ADDRESS = "postgresql://nobody@127.0.0.1:1/nothing"


def loaded(*words: str) -> set[str]:
    """Every module that the release step had loaded when it ended."""
    script = (
        "import sys\nfrom migrations import run_migrations\n"
        "try:\n    run_migrations.main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        cwd=ROOT,
        env={"DATABASE_URL": ADDRESS, "APP_ENV": "local"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split())


def rooms(names: Iterable[str]) -> set[str]:
    """The files of webapp among modules."""
    return {name for name in names if name.startswith("webapp.")}


def test_the_table_names_every_command_and_every_file_of_commands() -> None:
    parsers = run_migrations.parser()._subparsers
    assert parsers is not None
    choices = parsers._group_actions[0].choices
    assert choices is not None
    assert sorted(table.COMMANDS) == sorted(choices)
    files = {f"commands.{path.stem}" for path in (STEP / "commands").glob("*.py")} - {"commands.__init__"}
    assert {file for named in table.COMMANDS.values() for file in named} == files | {"glance"}


@pytest.mark.parametrize(("name", "files"), table.COMMANDS.items(), ids=table.COMMANDS)
def test_every_file_has_a_function_of_the_commands_name(name: str, files: tuple[str, ...]) -> None:
    for file in files:
        assert callable(getattr(importlib.import_module(f"migrations.release_step.{file}"), name))


def test_no_other_file_of_the_release_step_imports_by_text() -> None:
    sources = {path: path.read_text() for path in (ROOT / "migrations").rglob("*.py")}
    assert [path.name for path, source in sources.items() if "import_module" in source] == ["table.py"]


@pytest.mark.parametrize(
    "words", [("--help",), ("upgrade", "--help"), (), ("fly",), ("upgrade", "--wait", "-1")]
)
def test_help_and_wrong_calls_load_no_library(words: tuple[str, ...]) -> None:
    names = loaded(*words)
    assert not names & {"sqlalchemy", "alembic", "psycopg"}
    assert not rooms(names)


@pytest.mark.parametrize("word", ["heads", "history"])
def test_the_files_are_read_without_a_driver_and_without_a_room_of_ours(word: str) -> None:
    names = loaded(word)
    assert "alembic.script" in names
    assert not names & {"psycopg", "sqlalchemy.orm", "alembic_postgresql_enum"}
    assert rooms(names) == {"webapp.constraint_names"}


@pytest.mark.parametrize(
    "words",
    [("lint",), ("upgrade", "--sql"), ("upgrade", "93c6", "--connect-wait", "0"), ("plan",), ("current",)],
    ids=" ".join,
)
def test_what_compares_with_no_model_loads_none(words: tuple[str, ...]) -> None:
    names = loaded(*words)
    assert rooms(names) == {"webapp.constraint_names", "webapp.environment", "webapp.settings"}
    assert not names & {"sqlalchemy.orm", "flask"}


@pytest.mark.parametrize("words", [("check",), ("doctor",), ("generate", "add nothing")], ids=" ".join)
def test_what_compares_loads_the_models_and_no_page(words: tuple[str, ...]) -> None:
    names = loaded(*words)
    assert "webapp.models.company" in names
    assert not names & {"flask", "webapp.services", "webapp.app"}


def test_a_release_with_nothing_to_do_needs_no_alembic() -> None:
    names = loaded("upgrade", "--connect-wait", "0")
    assert "migrations.release_step.glance" in names
    assert "alembic" not in names
