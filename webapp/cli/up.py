"""stockcode up: everything on one machine, from an empty directory to a page in the browser."""

import http.client
import secrets
import socket
import subprocess
import sys
import sysconfig
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import click
import psycopg
from psycopg import sql

from webapp import environment, placed
from webapp.cli import embedded, local_env, supervising
from webapp.cli.cluster import EmbeddedError
from webapp.cli.supervising import Child

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sysconfig.get_path("scripts"))
HOST = "127.0.0.1"
FIRST_ADMINISTRATOR = "admin@localhost"
SECONDS_TO_ANSWER = 60.0
PAUSE = 0.1


class UpError(click.ClickException):
    """The installation cannot start or go on. The message is one line."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One machine's installation: its database, and what its processes are told."""

    server: embedded.Server
    environment: dict[str, str]

    def run(self, command: list[str], purpose: str, given: str | None = None) -> None:
        """Run a command to its end; when it fails, its last line is the reason that the user reads."""
        done = subprocess.run(
            command, input=given, text=True, capture_output=True, env=self.environment, cwd=ROOT, check=False
        )
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no reason was given"]
            raise UpError(f"{purpose} failed (exit {done.returncode}): {lines[-1].strip()}")

    def has_any(self, table: str) -> bool:
        with psycopg.connect(self.server.url) as connection:
            row = connection.execute(
                sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
            ).fetchone()
        return bool(row and row[0])


def up(port: int, data_dir: Path) -> None:
    """Run until a wish to stop or the end of a part; what cannot start or go on is told in one line."""
    with supervising.wishes_as_exceptions():
        try:
            _run_until_stopped(port, data_dir.absolute())
        except supervising.Wished:
            click.echo("Stopped. Your data is kept.")
        except EmbeddedError as error:
            raise UpError(str(error)) from None
        except psycopg.Error as error:
            raise UpError(f"The database in {data_dir} failed ({error.sqlstate or 'no answer'}).") from None
        except OSError as error:
            raise UpError(f"{error.filename or data_dir}: {error.strerror}.") from None


def _run_until_stopped(port: int, data_dir: Path) -> None:
    if (sentence := placed.lacking()) is not None:
        raise UpError(sentence)
    with ExitStack() as running:
        listener = running.enter_context(closing(_listen(port)))
        click.echo(f"Starting the database in {data_dir / 'postgres'}")
        server = running.enter_context(embedded.start(data_dir / "postgres"))
        installation = Installation(server, _environment(server, data_dir / "local.env"))
        _prepare(installation)
        children = [*_launch(installation, listener, running), Child("database", server.process)]
        listener.close()
        _wait_for_answer(port, children)
        click.echo(f"Stock Code Admin is at http://{HOST}:{port}/ (Ctrl-C stops it)")
        ended = supervising.first_to_end(children)
        raise UpError(
            f"The {ended.name} ended unexpectedly (exit {ended.process.returncode}); all is stopped."
        )


def _listen(port: int) -> socket.socket:
    """Take the port before anything else starts; the web server inherits it."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UpError(
            f"Port {port} cannot be used: {error.strerror}. Choose another: stockcode up --port {port + 1}"
        ) from None
    return listener


def _environment(server: embedded.Server, env_file: Path) -> dict[str, str]:
    variables = {
        "DATABASE_URL": server.url,
        "SECRET_KEY": local_env.secret_key(env_file),
        "APP_ENV": "local",
    }
    local_env.write(env_file, variables)
    return {**environment.variables(), **variables}


def _prepare(installation: Installation) -> None:
    """Newest revision, starter data the first time, somebody who can sign in."""
    release_step = [sys.executable, str(ROOT / "migrations" / "run_migrations.py"), "upgrade"]
    installation.run(release_step, "Bringing the database to the newest revision")
    if not installation.has_any("companies"):
        click.echo("Importing the seed")
        installation.run([str(SCRIPTS / "stockcode"), "seed"], "Importing the seed")
    if not installation.has_any("users"):
        password = secrets.token_urlsafe(15)
        command = [str(SCRIPTS / "stockcode"), "users", "add", FIRST_ADMINISTRATOR]
        installation.run(
            [*command, "--role", "admin", "--password-stdin"], "Creating the first administrator", password
        )
        click.echo(
            f"First administrator: {FIRST_ADMINISTRATOR}  password: {password}  (shown only this once)"
        )


def _launch(installation: Installation, listener: socket.socket, running: ExitStack) -> list[Child]:
    """Worker first, so that the web server is the first to stop."""
    worker = supervising.launch("worker", [str(SCRIPTS / "stockcode"), "worker"], installation.environment)
    running.callback(worker.stop)
    serve = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}", "--no-control-socket"]
    serve += ["--config", "python:webapp.api.serving", "--chdir", str(ROOT), "--workers", "2"]
    serve += ["--log-level", "warning", "wsgi:app"]
    web = supervising.launch("web server", serve, installation.environment, keep=(listener.fileno(),))
    running.callback(web.stop)
    return [web, worker]


def _wait_for_answer(port: int, children: list[Child]) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        for child in children:
            if child.process.poll() is not None:
                raise UpError(f"The {child.name} did not start (exit {child.process.returncode}).")
        if _answers(port):
            return
        time.sleep(PAUSE)
    raise UpError(f"The web server did not answer on port {port} within {SECONDS_TO_ANSWER:.0f} s.")


def _answers(port: int) -> bool:
    with closing(http.client.HTTPConnection(HOST, port, timeout=5)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
