"""Servers, sessions and roles on which a release is refused before any DDL."""

import shutil
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from migrations.release_step.database import preflight
from tests.migrations import servers
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release


def test_a_role_without_the_right_to_create_is_refused(
    project: Project, release_with: Release, ask: Database, stranger: URL
) -> None:
    project.table("first")

    refused = release_with(stranger.render_as_string(hide_password=False), "upgrade")

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-05")
    assert ask.revision() is None


def test_a_role_that_does_not_own_the_tables_is_refused(
    project: Project, release: Release, release_with: Release, ask: Database, stranger: URL
) -> None:
    project.table("first")
    assert release("upgrade").exit_code == 0
    project.table("second")
    ask.execute(f"GRANT CREATE ON SCHEMA public TO {stranger.username}")
    address = stranger.render_as_string(hide_password=False)

    unreadable = release_with(address, "upgrade")
    ask.execute(f"GRANT SELECT ON alembic_version TO {stranger.username}")
    refused = release_with(address, "upgrade")

    assert (unreadable.exit_code, unreadable.code) == (8, "MIG-SAFE-14")
    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-06")
    assert "alembic_version, first" in refused.err
    assert ask.revision() == "0001aaaa"


def test_a_read_only_session_is_refused(project: Project, release: Release, ask: Database) -> None:
    project.table("first")
    ask.execute(f"ALTER DATABASE {project.url.database} SET default_transaction_read_only = on")

    refused = release("upgrade")

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-03")
    assert ask.revision() is None


def test_a_server_older_than_fifteen_is_refused(
    project: Project, release: Release, ask: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.table("first")
    monkeypatch.setattr(preflight, "OLDEST_SERVER", 990000)

    refused = release("upgrade")

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-01")
    assert ask.revision() is None


def test_a_streaming_replica_is_refused(project: Project, release_with: Release) -> None:
    project.table("first")

    with servers.replica() as (_, there):
        address = there.render_as_string(hide_password=False)
        refused, looked = release_with(address, "upgrade"), release_with(address, "ping", "--json")
        project.head = None
        for path in project.versions.glob("*.py"):
            path.unlink()
        checked, doctor = release_with(address, "check"), release_with(address, "doctor", "--json")

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-02")
    assert (checked.exit_code, checked.code) == (8, "MIG-SAFE-02")
    assert doctor.exit_code == 8
    assert [one["what"] for one in doctor.json["details"]][-1] == "prepared transactions"
    assert not any("MIG-BUG" in one["fact"] for one in doctor.json["details"])
    assert (looked.exit_code, looked.json["is_replica"]) == (0, True)
    assert looked.json["obstacle"].startswith("MIG-SAFE-02")


@pytest.fixture
def pooled(project: Project) -> Iterator[URL]:
    is_there = shutil.which("pgbouncer", path=servers.PATH) is not None
    servers.require(is_there, "pgbouncer", "THE REFUSAL OF POOLERS")
    with servers.pooler(project.url) as address:
        yield address


def test_a_pooler_in_transaction_mode_is_refused_and_its_sessions_are_left_as_they_were(
    project: Project, release_with: Release, ask: Database, pooled: URL
) -> None:
    project.table("first")
    address = pooled.render_as_string(hide_password=False)

    refused = release_with(address, "upgrade")

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-04")
    assert (ask.revision(), ask.advisory_locks()) == (None, 0)
    plain = pooled.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True, prepare_threshold=None) as somebody:
        assert somebody.execute("SHOW lock_timeout").fetchone() == ("0",)


def test_what_may_be_released_to_has_no_obstacle(project: Project, release: Release) -> None:
    looked = release("ping", "--json")

    assert (looked.exit_code, looked.json["obstacle"], looked.json["may_create"]) == (0, None, True)
    assert looked.json["database"] == project.url.database


@pytest.fixture
def empty_project(project: Project) -> Project:
    """No revisions yet: the head is the base, and only what is compared matters."""
    return project


def test_looking_at_a_read_only_database_is_answered_in_a_sentence(
    empty_project: Project, release: Release, ask: Database
) -> None:
    name = empty_project.url.database
    ask.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    checked, doctor, ping = release("check"), release("doctor", "--json"), release("ping", "--json")
    assert (checked.exit_code, checked.code) == (8, "MIG-SAFE-03")
    facts = {one["what"]: one["fact"] for one in doctor.json["details"]}
    assert facts["schema"].startswith("MIG-SAFE-03")
    assert facts["prepared transactions"] == "none"
    assert (ping.exit_code, ping.json["is_read_only"]) == (0, True)


def test_an_event_trigger_that_refuses_is_told_in_a_sentence(
    empty_project: Project, release: Release, server_url: str
) -> None:
    inside = make_url(server_url).set(drivername="postgresql", database=empty_project.url.database)
    with psycopg.connect(inside.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(
            "CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no DDL here'; END $$"
        )
        admin.execute("CREATE EVENT TRIGGER no_ddl ON ddl_command_start EXECUTE FUNCTION no()")
        checked, doctor = release("check"), release("doctor", "--json")
        admin.execute("DROP EVENT TRIGGER no_ddl")
    assert (checked.exit_code, checked.code) == (8, "MIG-SAFE-19")
    facts = {one["what"]: one["fact"] for one in doctor.json["details"]}
    assert facts["schema"].startswith("MIG-SAFE-19")
    assert "prepared transactions" in facts


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_a_database_of_another_encoding_is_refused_before_the_first_statement(
    project: Project, release_with: Release, server_url: str, encoding: str, option: tuple[str, ...]
) -> None:
    project.table("first")
    name = f"encoded_{uuid4().hex[:8]}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(
            f"CREATE DATABASE {name} OWNER {project.url.username} ENCODING '{encoding}'"
            " LOCALE 'C' TEMPLATE template0"
        )
        there = project.url.set(database=name).render_as_string(hide_password=False)
        refused = release_with(there, "upgrade", *option)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-17")
    assert encoding in refused.err


def test_a_schema_called_as_the_role_does_not_take_tables_from_the_history(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    assert release("upgrade").exit_code == 0
    project.table("second")
    ask.execute(f"CREATE SCHEMA {project.url.username}")

    refused = release("upgrade")

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-18")
    assert "while the history is in public" in refused.err
    assert not ask.has_table("second")


@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_tables_without_a_history_are_named_before_the_first_statement(
    project: Project, release: Release, ask: Database, option: tuple[str, ...]
) -> None:
    project.table("first")
    ask.execute("CREATE TABLE found_there (id int)")

    refused = release("upgrade", *option)

    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-10")
    assert "holds 1 tables or views (found_there)" in refused.err
    assert ask.revision() is None
