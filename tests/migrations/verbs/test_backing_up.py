"""A copy of the database that can be believed: counted when it is made, and again when it is brought back."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL

from migrations.release_step.database import programs
from tests.migrations import servers
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release

# Words are listed as in the real tables: PostgreSQL prints such a CHECK otherwise once it has read it from a copy.
LISTED = """
op.create_table("first", sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
                sa.Column("a", sa.Text), sa.Column("kind", sa.String(20)),
                sa.CheckConstraint("kind IN ('one', 'an''other')", name="kind"))
"""
NAMES = "INSERT INTO first (id, a) SELECT n, '名前' || n FROM generate_series(1, 500) n"


@pytest.fixture
def copied(project: Project, release: Release, ask: Database, tmp_path: Path) -> Path:
    """A copy of a table of five hundred rows."""
    project.revision(LISTED, 'op.drop_table("first")')
    assert release("upgrade").exit_code == 0
    ask.execute(NAMES)
    made = release("backup", str(tmp_path / "copy"), "--json")
    assert made.exit_code == 0, made.err
    assert (made.json["revision"], made.json["rows"]) == ("0001aaaa", 501)
    return tmp_path / "copy"


@pytest.fixture
def elsewhere(new_database: Callable[[], URL]) -> str:
    """Another database, empty."""
    return new_database().render_as_string(hide_password=False)


def test_a_copy_comes_back_into_an_empty_database_row_by_row(
    copied: Path, elsewhere: str, release_with: Release
) -> None:
    back = release_with(elsewhere, "restore", str(copied), "--json")

    assert back.exit_code == 0, back.err
    assert (back.json["revision"], back.json["rows"]) == ("0001aaaa", 501)
    assert release_with(elsewhere, "current").out == "0001aaaa\n"
    with psycopg.connect(elsewhere.replace("+psycopg", "")) as session:
        assert session.execute("SELECT a FROM first WHERE id = 500").fetchone() == ("名前500",)


def test_what_a_copy_holds_is_of_one_instant_while_people_work(
    copied: Path, project: Project, release: Release, ask: Database, tmp_path: Path
) -> None:
    with psycopg.connect(
        project.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as writer:
        writer.execute("INSERT INTO first (id) VALUES (1000)")
        made = release("backup", str(tmp_path / "second"), "--json")
        writer.commit()
    assert (made.exit_code, made.json["rows"]) == (0, 501)
    assert ask.scalar("SELECT count(*) FROM first") == 501


def test_data_is_not_restored_over_without_consent(
    copied: Path, project: Project, release: Release, ask: Database
) -> None:
    ask.execute("DELETE FROM first WHERE id > 10")
    refused = release("restore", str(copied))
    other = release("restore", str(copied), "--confirm-database", "another")
    assert (refused.exit_code, refused.code, other.code) == (8, "MIG-SAVE-03", "MIG-SAVE-03")
    assert ask.scalar("SELECT count(*) FROM first") == 10

    done = release("restore", str(copied), "--confirm-database", str(project.url.database))

    assert done.exit_code == 0, done.err
    assert ask.scalar("SELECT count(*) FROM first") == 500
    assert ask.advisory_locks() == 0


@pytest.mark.parametrize("what", ["rows", "revision", "schema"])
def test_what_comes_back_otherwise_than_it_was_is_said(
    copied: Path, elsewhere: str, release_with: Release, what: str
) -> None:
    path = copied / "contents.json"
    told = json.loads(path.read_text())
    told[what] = {**told["rows"], "first": 501} if what == "rows" else "something else"
    path.write_text(json.dumps(told))
    failed = release_with(elsewhere, "restore", str(copied))
    assert (failed.exit_code, failed.code) == (9, "MIG-SAVE-04")
    assert what in failed.err


def test_a_broken_copy_leaves_the_database_as_it_was(
    copied: Path, elsewhere: str, release_with: Release
) -> None:
    for part in (copied / "dump").glob("*.dat*"):
        part.write_bytes(b"broken")
    failed = release_with(elsewhere, "restore", str(copied))
    assert (failed.exit_code, failed.code) == (9, "MIG-SAVE-01")
    assert release_with(elsewhere, "current").out == "base\n"


def test_a_folder_that_is_no_copy_or_is_one_already_is_refused(
    copied: Path, elsewhere: str, release: Release, release_with: Release, tmp_path: Path
) -> None:
    assert (release("backup", str(copied)).exit_code, release("backup", str(copied)).code) == (
        2,
        "MIG-SAVE-02",
    )
    none = release_with(elsewhere, "restore", str(tmp_path))
    assert (none.exit_code, none.code) == (2, "MIG-SAVE-05")


def test_a_release_makes_a_copy_first_where_it_has_anything_to_do(
    project: Project, release: Release, ask: Database, tmp_path: Path
) -> None:
    project.table("first")
    assert release("upgrade", "--backup", str(tmp_path / "before")).exit_code == 0
    assert json.loads((tmp_path / "before" / "contents.json").read_text())["revision"] == "base"
    assert release("upgrade", "--backup", str(tmp_path / "again")).exit_code == 0
    assert not (tmp_path / "again").exists()


def test_without_the_servers_own_program_nothing_is_begun(
    project: Project, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "WHEEL", "no_such_wheel")
    monkeypatch.setattr(programs, "DEBIAN", str(tmp_path))
    project.environ["PATH"] = str(tmp_path)
    refused = release("backup", str(tmp_path / "copy"))
    assert (refused.exit_code, refused.code) == (3, "MIG-CONF-07")
    assert not (tmp_path / "copy" / "contents.json").exists()


@pytest.fixture(scope="module")
def fifteen() -> Iterator[URL]:
    with servers.fifteen("awk:ward\\word") as (url, _):
        yield url


def test_an_older_server_is_copied_by_its_own_program_and_its_password_is_shown_to_nobody(
    project: Project, release_with: Release, fifteen: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.table("first")
    there = fifteen.render_as_string(hide_password=False)
    assert release_with(there, "upgrade").exit_code == 0
    seen: list[str] = []
    run = programs.subprocess.run
    monkeypatch.setattr(
        programs.subprocess, "run", lambda command, **more: seen.extend(command) or run(command, **more)
    )

    made = release_with(there, "backup", str(tmp_path / "copy"))

    assert made.exit_code == 0, made.err
    assert "/usr/lib/postgresql/15/bin/pg_dump" in seen
    assert not any("ward" in word for word in seen)
    assert shutil.which("pg_dump", path=os.fspath(servers.FIFTEEN)) in seen
