"""Servers of other kinds, for refusals: a streaming replica and a connection pooler."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from webapp.cli import embedded, server_account

PGBOUNCER = """
[databases]
* = {target} user={user}
[pgbouncer]
listen_addr =
unix_socket_dir = {home}
unix_socket_mode = 0777
listen_port = {port}
auth_type = any
pool_mode = transaction
logfile = {home}/log
pidfile = {home}/pid
"""

# Where Debian keeps the oldest release that the release step accepts.
FIFTEEN = Path("/usr/lib/postgresql/15/bin")
JAPANESE = Path("/usr/share/i18n/locales/ja_JP")
PATH = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"


def require(is_there: bool, package: str, what: str) -> None:
    """Skip where a program of Debian's is missing, loudly; on the machine that decides it must be there."""
    if not is_there:
        assert (
            os.environ.get("CI") != "true"
        ), f"with CI=true {package} must be there: apt-get install {package}"
        pytest.skip(f"{package.upper()} IS NOT INSTALLED, {what} WAS NOT TESTED: apt-get install {package}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(address: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(address, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "the server did not answer in time"
            time.sleep(0.1)


@contextmanager
def home() -> Iterator[Path]:
    """A short directory, for the socket in it, that the server's account may use."""
    folder = Path(tempfile.mkdtemp(prefix="stockcode-mig-"))
    account = server_account.current()
    account.own(folder)
    account.let_in(folder / "x")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(command: list[str], address: str, log: Path | None = None, **environ: str) -> Iterator[None]:
    """A server process as the server's account, until the block is left."""
    options: dict[str, Any] = server_account.current().popen_options()
    quiet = subprocess.DEVNULL
    with nullcontext(quiet) if log is None else log.open("wb") as words:
        process = subprocess.Popen(
            command, cwd="/", stdout=quiet, stderr=words, **options, env={**os.environ, **environ}
        )
    try:
        wait_for(address)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


@contextmanager
def replica() -> Iterator[tuple[URL, URL]]:
    """Addresses of a primary and of its streaming replica."""
    with home() as folder, embedded.start(folder / "primary", is_throwaway=True) as primary:
        data, admin = folder / "replica", make_url(primary.admin_url)
        tools = embedded.server_tools()
        copy = [
            str(tools / "pg_basebackup"),
            "--pgdata",
            str(data),
            "--write-recovery-conf",
            "--checkpoint=fast",
        ]
        options: dict[str, Any] = server_account.current().popen_options()
        source = ["--host", str(admin.query["host"]), "--username", admin.username or "", "--no-sync"]
        subprocess.run([*copy, *source], cwd="/", check=True, capture_output=True, **options)
        command = [str(tools / "postgres"), "-D", str(data), "-c", "listen_addresses="]
        # A replica must allow at least as many sessions as its primary.
        for name, value in {**embedded.THROWAWAY, "unix_socket_directories": str(folder)}.items():
            command += ["-c", f"{name}={value}"]
        url = make_url(primary.url)
        there = url.update_query_dict({"host": str(folder)})
        with running(command, there.render_as_string(hide_password=False)):
            yield url, there


@contextmanager
def pooler(server: URL) -> Iterator[URL]:
    """The address of a pgbouncer in transaction mode before a server that is reached through a socket."""
    with home() as folder:
        port = free_port()
        there = server.set(port=port).update_query_dict({"host": str(folder)})
        configuration = folder / "pgbouncer.ini"
        target = f"host={server.query.get('host', server.host)} port={server.port or 5432}"
        configuration.write_text(
            PGBOUNCER.format(target=target, user=server.username, home=folder, port=port)
        )
        plain = there.set(drivername="postgresql").render_as_string(hide_password=False)
        with running([str(shutil.which("pgbouncer", path=PATH)), "-q", str(configuration)], plain):
            yield there


@contextmanager
def guarded(password: str) -> Iterator[URL]:
    """The address of a database whose server asks for this password."""
    with home() as folder, embedded.start(folder / "server", is_throwaway=True) as server:
        with psycopg.connect(server.admin_url, autocommit=True) as admin:
            admin.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(embedded.NAME), password)
            )
            (folder / "server" / "data" / "pg_hba.conf").write_text("local all all scram-sha-256\n")
            admin.execute("SELECT pg_reload_conf()")
        yield make_url(server.url).set(drivername="postgresql", password=password)


@contextmanager
def fifteen(password: str = "", language: str = "C") -> Iterator[tuple[URL, Path]]:
    """A PostgreSQL 15 of Debian's that may speak Japanese: its owner's address, and the file of what it says."""
    require((FIFTEEN / "postgres").exists(), "postgresql-15", "THE OLDEST SERVER")
    require(JAPANESE.exists() or language == "C", "locales", "A JAPANESE SERVER")
    with home() as folder:
        account, data, secret = server_account.current(), folder / "data", folder / "secret"
        secret.write_text(password or "unused")
        secret.chmod(0o644)
        environ = {"LOCPATH": str(folder)} if language != "C" else {}
        if environ:
            # Where a system has none of its own; the words are in the package, the rules of the language are not.
            name, _, charset = language.partition(".")
            made = ["localedef", "-i", name, "-f", charset, str(folder / language)]
            subprocess.run(made, check=True, capture_output=True)
        begin = [str(FIFTEEN / "initdb"), "--pgdata", str(data), "--username=owner", "--no-sync"]
        begin += ["--encoding=UTF8", f"--locale={language}"]
        begin += [f"--auth={'scram-sha-256' if password else 'trust'}", f"--pwfile={secret}"]
        options: dict[str, Any] = account.popen_options()
        subprocess.run(
            begin, cwd="/", check=True, capture_output=True, env={**os.environ, **environ}, **options
        )
        command = [str(FIFTEEN / "postgres"), "-D", str(data), "-c", "listen_addresses=", "-c", "fsync=off"]
        command += ["-c", f"unix_socket_directories={folder}", "-c", "max_prepared_transactions=2"]
        url = URL.create(
            "postgresql", "owner", password or None, database="postgres", query={"host": str(folder)}
        )
        log = folder / "said"
        with running(command, url.render_as_string(hide_password=False), log, **environ):
            yield url, log
