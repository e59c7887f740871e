"""A command of the release step loads what it works with and no more: start-up is most of what a short one takes."""

import importlib
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from migrations import run_migrations
from migrations.release_step import table
from migrations.release_step.revisions import environment, shipped
from tests.migrations.conftest import Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release

ROOT = Path(__file__).parents[2]
STEP = ROOT / "migrations" / "release_step"
# Nobody answers there, and no name has to be looked up.
ADDRESS = "postgresql://nobody@127.0.0.1:1/nothing"


def loaded(*words: str, address: str = ADDRESS) -> set[str]:
    """Every module that the release step had loaded when it ended."""
    script = (
        "import sys\nfrom migrations import run_migrations\n"
        "try:\n    run_migrations.main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        cwd=ROOT,
        env={"DATABASE_URL": address, "APP_ENV": "local"},
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
    assert {file for named in table.COMMANDS.values() for file in named} == files | {
        "verbs.glance",
        "revisions.shipped",
    }


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


def test_the_newest_revision_is_named_without_any_library() -> None:
    names = loaded("heads")
    assert not names & {"sqlalchemy", "alembic", "psycopg"}
    assert not rooms(names)


def test_the_files_say_of_themselves_what_alembic_says_of_them() -> None:
    code, alembics = shipped.read(), environment.history()
    assert code is not None
    assert code.heads == alembics.heads
    assert code.files.keys() == {each.revision for each in alembics.revisions()}


def test_every_head_is_named(project: Project, release: Release) -> None:
    for name in ("0003cccc", "0002bbbb"):
        project.revision("pass", revision=name, parent=None)
    named = release("heads", "--json")
    assert named.json["heads"] == ["0002bbbb", "0003cccc"]


@pytest.mark.parametrize(
    "line", ['revision = "00" + "02bbbb"', "revision: str = str('0002bbbb')"], ids=["sum", "call"]
)
def test_where_a_file_is_not_plain_alembic_is_asked(project: Project, release: Release, line: str) -> None:
    project.revision("pass", revision="0002bbbb")
    (file,) = project.versions.glob("*.py")
    file.write_text(file.read_text().replace('revision = "0002bbbb"', line, 1))
    assert release("heads", "--json").json["heads"] == ["0002bbbb"]


def test_a_file_that_cannot_be_read_is_said_so(project: Project, release: Release) -> None:
    (project.versions / "20260101_000009_broken_revision.py").write_text("revision = (")
    assert release("heads").code == "MIG-CONF-04"


def test_the_list_of_revisions_needs_no_driver_and_no_room_of_ours() -> None:
    names = loaded("history")
    assert "alembic.script" in names
    assert not names & {"psycopg", "sqlalchemy.orm", "alembic_postgresql_enum"}
    assert rooms(names) == {"webapp.constraint_names", "webapp.sqlstates"}


@pytest.mark.parametrize(
    "words",
    [("lint",), ("upgrade", "--sql"), ("upgrade", "93c6", "--connect-wait", "0"), ("plan",), ("current",)],
    ids=" ".join,
)
def test_what_compares_with_no_model_loads_none(words: tuple[str, ...]) -> None:
    names = loaded(*words)
    assert rooms(names) == {
        f"webapp.{name}" for name in ("constraint_names", "environment", "settings", "sqlstates")
    }
    assert not names & {"sqlalchemy.orm", "flask"}


@pytest.mark.parametrize("words", [("check",), ("doctor",), ("generate", "add nothing")], ids=" ".join)
def test_what_compares_loads_the_models_and_no_page(words: tuple[str, ...]) -> None:
    names = loaded(*words)
    assert "webapp.models.company" in names
    assert not names & {"flask", "webapp.services", "webapp.app"}


def test_a_release_with_nothing_to_do_needs_no_alembic(database_url: URL) -> None:
    plain = database_url.set(drivername="postgresql")
    names = loaded("upgrade", "--connect-wait", "0", address=plain.render_as_string(hide_password=False))
    assert {f"migrations.release_step.{name}" for name in ("verbs.glance", "schema.left")} <= names
    assert "alembic" not in names
