"""The embedded PostgreSQL starts, refuses, recovers and stops as promised."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.processes import wait_until_gone
from webapp.cli import cluster, embedded, server_account

HOLDER = """
import sys, time
from pathlib import Path
from webapp.cli import embedded
server = embedded.start(Path(sys.argv[1]), is_throwaway=True)
print(server.process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster that exists already, so that each test starts it in a tenth of a second."""
    home = tmp_path_factory.mktemp("installation") / "postgres"
    embedded.start(home, is_throwaway=True).stop()
    return home


@pytest.fixture
def holder(home: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process that runs the server, and the server's process number."""
    command = [sys.executable, "-c", HOLDER, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        server_pid = int(process.stdout.readline())
        yield process, server_pid
        process.kill()
    wait_until_gone(server_pid)


def test_it_is_postgresql_18_in_utf_8_with_its_own_tools(home: Path) -> None:
    with embedded.start(home, is_throwaway=True) as server, psycopg.connect(server.url) as connection:
        assert connection.info.server_version // 10000 == 18
        assert connection.info.parameter_status("server_encoding") == "UTF8"
        assert connection.execute("SELECT lower('ＴＤＫ'), 'é' > 'z'").fetchone() == ("ｔｄｋ", True)
        shown = subprocess.run([server.bin_dir / "pg_dump", "--version"], capture_output=True, check=True)
        assert b" 18." in shown.stdout


def test_it_listens_on_a_private_socket_only(home: Path) -> None:
    with embedded.start(home, is_throwaway=True) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        socket_dir = Path(connection.info.host)
    assert socket_dir.stat().st_mode & 0o077 == 0
    assert (home / "data").stat().st_mode & 0o077 == 0


def test_the_application_is_no_superuser_there(home: Path) -> None:
    with embedded.start(home, is_throwaway=True) as server, psycopg.connect(server.url) as connection:
        assert connection.info.parameter_status("is_superuser") == "off"
        connection.execute("CREATE TABLE mine ()")


def test_data_is_there_after_a_restart(home: Path) -> None:
    with embedded.start(home) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7974 AS code")
    with embedded.start(home) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT code FROM kept").fetchone() == (7974,)


def test_stopping_twice_is_harmless_and_leaves_no_process(home: Path) -> None:
    server = embedded.start(home, is_throwaway=True)
    server.stop()
    server.stop()
    assert server.process.returncode == 0
    assert not (home / "data" / "postmaster.pid").exists()


def test_a_second_start_on_the_same_data_is_refused_in_one_line(
    home: Path, holder: tuple[subprocess.Popen[str], int]
) -> None:
    with pytest.raises(cluster.EmbeddedError) as refused:
        embedded.start(home)
    assert str(refused.value) == f"The database in {home} is in use: it was started by another command."
    os.kill(holder[1], 0)


def test_the_server_ends_when_its_launcher_is_killed_and_starts_again(
    home: Path, holder: tuple[subprocess.Popen[str], int]
) -> None:
    holder[0].kill()
    holder[0].wait()
    with embedded.start(home) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_server_that_was_killed_outright_recovers(home: Path) -> None:
    server = embedded.start(home)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE survives AS SELECT 1 AS n")
        server.process.kill()
    server.process.wait()
    server.lock.close()
    assert (home / "data" / "postmaster.pid").exists()
    with embedded.start(home) as again, psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT n FROM survives").fetchone() == (1,)


def test_a_process_number_that_somebody_else_has_now_does_not_stop_it(home: Path) -> None:
    (home / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{home / 'data'}\n1\n5432\n\n\n\n")
    server_account.current().own(home / "data" / "postmaster.pid")
    embedded.start(home, is_throwaway=True).stop()


def test_an_interrupted_creation_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data.new").mkdir(parents=True)
    (tmp_path / "postgres" / "data.new" / "PG_VERSION").write_text("18\n")
    embedded.start(tmp_path / "postgres", is_throwaway=True).stop()
    assert not (tmp_path / "postgres" / "data.new").exists()


def test_data_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(cluster.EmbeddedError, match=r"belongs to PostgreSQL 16, this is 18\. Use another"):
        embedded.start(tmp_path)


def test_a_file_in_the_directorys_place_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "postgres").write_text("")
    with pytest.raises(cluster.EmbeddedError, match=r"postgres cannot be used: File exists\.$"):
        embedded.start(tmp_path / "postgres")


def test_a_long_path_gets_a_short_private_socket_that_goes_with_the_server(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 25)
    with embedded.start(home, is_throwaway=True) as server, psycopg.connect(server.url) as connection:
        socket_dir = Path(connection.info.host)
        assert home not in socket_dir.parents
        assert socket_dir.stat().st_mode & 0o077 == 0
    assert not socket_dir.exists()


def test_somebody_elses_socket_directory_is_refused(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 25)
    squatted = cluster.socket_dir(home)
    squatted.mkdir(mode=0o755)
    try:
        with pytest.raises(cluster.EmbeddedError, match="belongs to somebody else"):
            cluster.make_socket_dir(home, server_account.current())
    finally:
        squatted.rmdir()


def test_the_reason_is_the_last_complaint_of_the_program() -> None:
    log = "LOG: starting\nFATAL:  could not write lock file: No space left on device\nLOG:  shut down\n"
    assert cluster.last_complaint(log) == "could not write lock file: No space left on device"
    assert cluster.last_complaint("initdb: error: no permission.\n") == "no permission"
    assert cluster.last_complaint("") == "no reason was given"


def test_root_lets_its_account_pass_closed_directories_without_opening_them(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    account = server_account.current()
    if os.geteuid() != 0:
        assert account == server_account.Account(os.geteuid(), os.getegid())
        return
    account.let_in(closed / "postgres")
    closed.chmod(0o700)  # takes the right back, as pytest does with its own directory
    account.let_in(closed / "postgres")
    assert closed.stat().st_mode & 0o007 == 0
    options = account.popen_options()
    passes = subprocess.run(["test", "-x", closed], check=False, **options)  # type: ignore[call-overload]  # user
    reads = subprocess.run(["test", "-r", closed], check=False, **options)  # type: ignore[call-overload]  # user
    assert (passes.returncode, reads.returncode) == (0, 1)
