"""Servers, sessions and roles on which a release is refused before any DDL."""

import shutil
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.engine import URL

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

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-02")
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
