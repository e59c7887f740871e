"""Why a server does not open is told by its state, whatever language it speaks; who is refused has knocked once."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from sqlalchemy.engine import URL

from tests.migrations import servers
from tests.migrations.conftest import Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release

SECRET = "right-and-long"


class Server(NamedTuple):
    """A server of another language, and what it says in its log."""

    url: URL
    log: Path

    def refusals(self) -> int:
        """How often it has refused somebody."""
        return self.log.read_text(encoding="utf-8").count("FATAL")


@pytest.fixture(scope="module")
def japanese() -> Iterator[Server]:
    """A PostgreSQL 15 whose messages are in Japanese, and which wants a password."""
    with servers.fifteen(SECRET, "ja_JP.UTF-8") as (url, log):
        yield Server(url, log)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"password": "wrong"}, "MIG-CONN-02"),
        ({"password": ""}, "MIG-CONN-02"),
        ({"username": "nobody_of_that_name"}, "MIG-CONN-02"),
        ({"database": "no_such_records"}, "MIG-CONN-03"),
    ],
)
def test_a_japanese_server_that_refuses_is_asked_once_and_understood(
    release_with: Release, japanese: Server, changed: dict[str, str], code: str
) -> None:
    before, started = japanese.refusals(), time.monotonic()

    refused = release_with(japanese.url.set(**changed).render_as_string(hide_password=False), "upgrade")

    assert (refused.exit_code, refused.code) == (3, code), refused.err
    assert time.monotonic() - started < 5
    # No password at all is libpq's own refusal: nothing was sent that could be counted.
    assert japanese.refusals() - before == (0 if changed == {"password": ""} else 1)


def test_a_role_that_may_not_connect_is_told_so_by_a_japanese_server(
    release_with: Release, japanese: Server
) -> None:
    with psycopg.connect(japanese.url.render_as_string(hide_password=False), autocommit=True) as owner:
        owner.execute("CREATE ROLE outsider LOGIN PASSWORD 'x'")
        owner.execute("CREATE DATABASE closed")
        owner.execute("REVOKE CONNECT ON DATABASE closed FROM PUBLIC")
    there = japanese.url.set(username="outsider", password="x", database="closed")

    refused = release_with(there.render_as_string(hide_password=False), "ping")

    assert (refused.exit_code, refused.code) == (3, "MIG-CONN-02")
    assert "may not connect to this database" in refused.err


def test_a_japanese_server_with_too_many_connections_is_tried_again(
    release_with: Release, japanese: Server
) -> None:
    with psycopg.connect(japanese.url.render_as_string(hide_password=False), autocommit=True) as owner:
        owner.execute("CREATE ROLE single LOGIN CONNECTION LIMIT 1 PASSWORD 'x'")
    there = japanese.url.set(username="single", password="x").render_as_string(hide_password=False)
    with psycopg.connect(there):
        refused = release_with(there, "upgrade", "--connect-wait", "1")

    assert (refused.exit_code, refused.code) == (4, "MIG-CONN-01")
    assert "it has too many connections; tried for " in refused.err


def test_the_right_password_opens_a_japanese_server(release_with: Release, japanese: Server) -> None:
    assert release_with(japanese.url.render_as_string(hide_password=False), "current").out == "base\n"


def test_a_prepared_transaction_in_front_is_named_with_how_to_end_it(
    project: Project, release_with: Release, japanese: Server
) -> None:
    project.table("first")
    there = japanese.url.render_as_string(hide_password=False)
    with psycopg.connect(there, autocommit=True) as owner:
        owner.execute("BEGIN")
        owner.execute("SELECT pg_current_xact_id()")
        owner.execute("PREPARE TRANSACTION 'left behind'")
        refused = release_with(there, "upgrade")
        owner.execute("ROLLBACK PREPARED 'left behind'")

    assert (refused.exit_code, refused.code) == (5, "MIG-LOCK-05")
    assert "keep their locks: left behind." in refused.err
    assert "End each of them in this database: COMMIT PREPARED 'NAME'" in refused.err
