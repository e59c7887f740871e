"""No address, password, value or SQL in anything that the release step says, however it fails."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy.engine import URL, make_url

from tests.migrations import servers
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project, Result, ended, until

pytestmark = pytest.mark.release

CANARY = "kanaria%40/@:x"
MARK = "kanaria"
HOST = "127.0.0.1"

ONLINE = (
    ("upgrade",),
    ("downgrade", "base"),
    ("current",),
    ("ping",),
    ("check",),
    ("plan",),
    ("doctor",),
    ("stamp", "head"),
    ("generate", "add something"),
)


def run(project: Project, address: str | None, *arguments: str) -> Result:
    environ = project.variables()
    environ.pop("DATABASE_URL")
    if address is not None:
        environ["DATABASE_URL"] = address
    project.bring_code()
    command = [sys.executable, str(project.root / "migrations" / "run_migrations.py"), *arguments]
    done = subprocess.run(command, cwd="/", env=environ, capture_output=True, text=True, check=False)
    return Result(done.returncode, done.stdout, done.stderr)


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as open_port:
        open_port.bind((HOST, 0))
        open_port.listen()
        open_port.settimeout(0.2)
        yield open_port


@pytest.mark.parametrize("arguments", ONLINE, ids=lambda arguments: arguments[0])
@pytest.mark.parametrize("address", [None, "", "sqlite:///x"], ids=["unset", "empty", "sqlite"])
def test_without_an_address_every_command_ends_with_three_in_one_line(
    project: Project, release_with: Release, arguments: tuple[str, ...], address: str | None
) -> None:
    refused = release_with(address, *arguments)

    assert (refused.exit_code, refused.code) == (3, "MIG-CONF-01")
    assert refused.out == ""


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://user:{MARK}@{HOST}:notaport/db",
        f"postgresql://user:{MARK}@{HOST}:99999/db",
        f"postgresql://user:{MARK}@{HOST}:0/db",
        f"postgresql://user:{MARK}@{HOST}:1,{HOST}:99999/db",
        f"postgresql://user:{MARK}@/db?host={HOST}&port=99999",
        f"postgresql://user:{MARK}@/db?host=one,two,three&port=1,2",
        f"postgresql://user:{MARK}@/db?host={HOST}&port={MARK}",
        f"postgresql://user:{MARK}@{HOST}",
        f"postgresql://user:{MARK}@tail@{HOST}/db",
        f"mysql://user:{MARK}@{HOST}/db",
        f"postgresql+psycopg2://user:{MARK}@{HOST}/db",
        f"postgresql+nodriver://user:{MARK}@{HOST}/db",
        f"{MARK}",
        f"postgresql://user:{MARK}@{HOST}/db?no_such_option={MARK}",
        f"postgresql://user:{MARK}@{HOST}/db?sslmode={MARK}",
    ],
)
def test_a_malformed_address_is_a_configuration_failure_that_repeats_nothing(
    release_with: Release, address: str
) -> None:
    refused = release_with(address, "upgrade", "--json", "--connect-wait", "0")

    assert refused.exit_code == 3, refused.err
    assert refused.json["code"].startswith("MIG-CONF-")
    assert MARK not in refused.out + refused.err
    assert len(refused.err.splitlines()) == 1


def test_a_refused_connection_names_host_and_database_only(release_with: Release) -> None:
    address = f"postgresql://user:{quote(CANARY, safe='')}@{HOST}:{closed_port()}/records"

    refused = release_with(address, "upgrade", "--connect-wait", "0")

    assert (refused.exit_code, refused.code) == (4, "MIG-CONN-01")
    assert f"records on {HOST} cannot be reached (the connection was refused;" in refused.err
    assert MARK not in refused.err


def test_an_unknown_host_does_not_leak_what_stands_before_it(release_with: Release) -> None:
    address = f"postgresql://user:{quote(CANARY, safe='')}@nowhere.invalid/records"

    refused = release_with(address, "ping")

    assert (refused.exit_code, refused.code) == (4, "MIG-CONN-01")
    assert MARK not in refused.err


def test_a_refused_role_is_not_retried(project: Project, release_with: Release) -> None:
    address = make_url(str(project.url.set(username="nobody_of_that_name"))).render_as_string(False)

    started = time.monotonic()
    refused = release_with(address, "upgrade")

    assert (refused.exit_code, refused.code) == (3, "MIG-CONN-02")
    assert time.monotonic() - started < 10


def test_a_missing_database_is_said_so(project: Project, release_with: Release) -> None:
    address = project.url.set(database="no_such_records").render_as_string(hide_password=False)

    refused = release_with(address, "upgrade")

    assert (refused.exit_code, refused.code) == (3, "MIG-CONN-03")
    assert "no_such_records" in refused.err


def test_values_in_a_servers_complaint_are_not_repeated(project: Project, ask: Database) -> None:
    project.environ["APP_ENV"] = "local"
    project.revision(
        'op.execute("CREATE TABLE people (email text UNIQUE)")', 'op.execute("DROP TABLE people")'
    )
    project.revision(f"op.execute(\"INSERT INTO people VALUES ('{MARK}'), ('{MARK}')\")")

    failed = ended(project.fork("upgrade", "--json", "--debug"))

    assert failed.exit_code == 6
    assert "23505" in failed.err
    assert "people" in failed.err
    assert MARK not in failed.out + failed.err
    assert "test_secrets" not in failed.out
    assert "IntegrityError" in failed.err  # the frames are there, without the words


@pytest.mark.parametrize("statement", [f"SELECT '{MARK}'::int", f"SELECT {MARK}", f"SELEC '{MARK}'"])
def test_literals_and_sql_are_not_repeated(project: Project, release: Release, statement: str) -> None:
    project.revision(f'op.execute("{statement}")')

    failed = release("upgrade", "--json")

    assert failed.exit_code == 6
    assert f"'{MARK}'" not in failed.out + failed.err
    assert "SELEC" not in failed.out + failed.err


def test_a_password_of_awkward_characters_connects_and_stays_out_of_the_process_list(
    project: Project, ask: Database, server_url: str
) -> None:
    project.revision('op.execute("SELECT pg_sleep(1.5)")')
    project.url = project.url.set(password=CANARY)  # the embedded server trusts its socket and ignores it
    process = project.start("upgrade")
    until(lambda: ask.release_sessions() >= 2)

    command_lines = [
        path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)
    ]
    done = ended(process)

    assert (done.exit_code, MARK in done.out + done.err) == (0, False)
    assert not any(MARK.encode() in line for line in command_lines)


@pytest.mark.parametrize("package", ["psycopg", "sqlalchemy"])
def test_a_missing_driver_is_a_configuration_failure_without_a_traceback(
    project: Project, tmp_path_factory: pytest.TempPathFactory, package: str
) -> None:
    broken = tmp_path_factory.mktemp("packages")
    (broken / f"{package}.py").write_text("raise ImportError('no pq wrapper available', name=__name__)")
    project.environ["PYTHONPATH"] = str(broken)

    refused = project.run("upgrade")

    assert (refused.exit_code, refused.code) == (3, "MIG-CONF-02")
    assert f"The library {package} is not installed." in refused.err


@pytest.fixture(scope="module")
def guarded() -> Iterator[URL]:
    """A server that asks for the password, and a role whose password is awkward."""
    with servers.guarded(CANARY) as address:
        yield address


def test_the_right_password_of_awkward_characters_is_accepted(
    project: Project, release_with: Release, guarded: URL
) -> None:
    project.table("first")

    done = release_with(guarded.render_as_string(hide_password=False), "upgrade", "--json")

    assert done.exit_code == 0, done.err
    assert MARK not in done.out + done.err


@pytest.mark.parametrize("wrong", [MARK, f"{MARK}%", f"{CANARY}{CANARY}", ""])
def test_a_wrong_password_is_refused_at_once_and_not_repeated(
    project: Project, release_with: Release, guarded: URL, wrong: str
) -> None:
    project.environ["APP_ENV"] = "local"
    started = time.monotonic()

    address = guarded.set(password=wrong).render_as_string(hide_password=False)
    refused = release_with(address, "upgrade", "--debug")

    assert refused.exit_code == 3
    assert refused.err.splitlines()[-1].startswith("MIG-CONN-02: ")
    assert MARK not in refused.out + refused.err
    assert time.monotonic() - started < 10


def test_an_address_given_as_an_argument_is_not_repeated(project: Project, release: Release) -> None:
    refused = release("upgrade", "head", f"postgresql://user:{MARK}@{HOST}/db", "--json")

    assert (refused.exit_code, json.loads(refused.out)["code"]) == (2, "MIG-USE-01")
    assert MARK not in refused.out + refused.err


def test_without_an_address_nothing_is_even_tried(project: Project, listener: socket.socket) -> None:
    project.environ.update(PGHOST=HOST, PGPORT=str(listener.getsockname()[1]), PGDATABASE="db")

    refused = run(project, None, "upgrade")

    assert refused.exit_code == 3
    with pytest.raises(TimeoutError):
        listener.accept()
