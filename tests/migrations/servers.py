"""Servers of other kinds, for refusals: a streaming replica and a connection pooler."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
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

PATH = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"


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
def running(command: list[str], address: str) -> Iterator[None]:
    """A server process as the server's account, until the block is left."""
    options: dict[str, Any] = server_account.current().popen_options()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd="/", stdout=quiet, stderr=quiet, **options)
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
