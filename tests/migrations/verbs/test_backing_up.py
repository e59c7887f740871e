"""A copy of the database that can be believed: counted when it is made, and again when it is brought back."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy.engine import URL

from migrations import run_migrations
from migrations.release_step.database import programs
from tests.migrations import servers
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project, terminate, until

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


def test_a_copy_of_everything_that_stewards_make_comes_back_as_what_a_release_left(
    filled: URL,
    new_database: Callable[[], URL],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    copy, back = str(tmp_path / "copy"), new_database()
    for url, command in ((filled, ["backup", copy]), (back, ["restore", copy]), (back, ["check"])):
        monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
        assert run_migrations.main(command) == 0, capsys.readouterr().err
    assert "as the last release left it" in capsys.readouterr().out


def test_a_copy_in_front_of_a_release_takes_its_place_again(
    copied: Path, project: Project, release: Release, ask: Database
) -> None:
    leaning = (
        "CREATE TYPE mood AS ENUM ('calm'); CREATE SEQUENCE numbers; CREATE FUNCTION one() RETURNS int LANGUAGE"
        " sql AS 'SELECT 1'; CREATE TABLE second (id int REFERENCES first, mood mood DEFAULT 'calm',"
        " n int DEFAULT one() + nextval('numbers')); CREATE VIEW seen AS SELECT a FROM first"
    )
    project.revision(f"op.execute({leaning!r})", phase="contract")
    assert release("upgrade").exit_code == 0

    done = release("restore", str(copied), "--confirm-database", str(project.url.database))

    assert done.exit_code == 0, done.err
    assert (ask.revision(), ask.has_table("second"), ask.has_table("seen")) == ("0001aaaa", False, False)
    assert ask.scalar("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace") == 0
    assert release("upgrade").exit_code == 0


def test_a_restore_does_not_stand_in_front_of_people_for_long(
    copied: Path, project: Project, release: Release, ask: Database
) -> None:
    plain = project.url.set(drivername="postgresql").render_as_string(hide_password=False)
    name = str(project.url.database)
    with psycopg.connect(plain) as reader:
        reader.execute("SELECT 1 FROM first")
        failed = release("restore", str(copied), "--confirm-database", name, "--lock-timeout", "100")
    assert (failed.exit_code, failed.code) == (9, "MIG-SAVE-01")
    assert "psql ended with 3 (SQLSTATE 55P03)" in failed.err
    assert ask.scalar("SELECT count(*) FROM first") == 500


def test_a_signal_ends_a_restore_with_all_that_it_runs(copied: Path, project: Project, ask: Database) -> None:
    plain = project.url.set(drivername="postgresql").render_as_string(hide_password=False)
    over = ("--confirm-database", str(project.url.database), "--lock-timeout", "60000")
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with psycopg.connect(plain) as reader:
        reader.execute("SELECT 1 FROM first")
        started = project.fork("restore", str(copied), *over)
        until(lambda: ask.scalar(others))
        ended = terminate(started)
        assert (ended.exit_code, ended.code) == (143, "MIG-INT-01"), ended.err
        # Its server's process looks for it every half second.
        until(lambda: not ask.scalar(others))
    assert (ask.scalar("SELECT count(*) FROM first"), ask.advisory_locks()) == (500, 0)


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


@pytest.mark.parametrize("what", ["rows", "revision", "objects"])
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


@pytest.mark.parametrize("spelled_by", [{"server": 15}, {"objects": None}], ids=["another server", "nobody"])
def test_what_a_schema_is_made_of_is_compared_where_it_is_told_in_the_same_words(
    copied: Path, elsewhere: str, release_with: Release, spelled_by: dict[str, int | None]
) -> None:
    path = copied / "contents.json"
    told = {**json.loads(path.read_text()), "objects": "of another release", **spelled_by}
    path.write_text(json.dumps({name: value for name, value in told.items() if value is not None}))
    assert release_with(elsewhere, "restore", str(copied)).exit_code == 0


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


@pytest.mark.parametrize("given", ["in the address", "in a file of its owner's"])
def test_whatever_leads_the_release_step_to_a_server_leads_its_programs_there(
    project: Project, release_with: Release, fifteen: URL, tmp_path: Path, given: str
) -> None:
    socket = quote(str(fifteen.query["host"]), safe="")
    password = quote(str(fifteen.password), safe="")
    if given == "in a file of its owner's":
        secret = tmp_path / "pgpass"
        secret.touch(mode=0o600)
        secret.write_text("*:*:*:*:awk\\:ward\\\\word\n")
        project.environ["PGPASSFILE"] = str(secret)
    person = f"owner:{password}" if given == "in the address" else "owner"
    # As libpq reads it: nobody is at the first of both.
    address = (
        f"postgresql://{person}@%2Fno%2Fsuch%2Fplace:5433,{socket}/postgres?target_session_attrs=read-write"
    )

    made = release_with(address, "backup", str(tmp_path / "copy"))

    assert made.exit_code == 0, made.err
    assert (tmp_path / "copy" / "contents.json").exists()


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
