"""The embedded database's files: made whole or not at all, and never used by two servers."""

import os
import shutil
import subprocess
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from webapp import environment
from webapp.cli.server_account import Account

SUPERUSER = "postgres"
VERSION = "18"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # sun_path in unix(7), less its final NUL
SECONDS_FOR_A_PREDECESSOR = 15.0
PAUSE = 0.05


class EmbeddedError(Exception):
    """The embedded database cannot be started. The message is one line that says what to do."""


def create(home: Path, tools: Path, account: Account, *, is_throwaway: bool) -> None:
    """Run initdb beside the final place, then move it: an interrupted one leaves nothing half-made."""
    if (home / "data").exists():
        _check_version(home / "data")
        return
    half_made = home / "data.new"
    shutil.rmtree(half_made, ignore_errors=True)
    command = [str(tools / "initdb"), "-D", str(half_made), "-U", SUPERUSER, "--auth=trust"]
    command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command += ["--set", "timezone=UTC", "--set", "log_timezone=UTC"]
    command += ["--no-sync"] if is_throwaway else []
    options: dict[str, Any] = account.popen_options()
    initdb = subprocess.run(
        command, capture_output=True, text=True, cwd="/", env=clean_environment(), check=False, **options
    )
    if initdb.returncode != 0:
        shutil.rmtree(half_made, ignore_errors=True)
        raise EmbeddedError(f"The database in {home} cannot be created: {last_complaint(initdb.stderr)}.")
    half_made.rename(home / "data")


def wait_for_predecessor(data: Path) -> None:
    """Outlast a server whose launcher was killed; forget a process number that others use now."""
    deadline = time.monotonic() + SECONDS_FOR_A_PREDECESSOR
    while (pid := _running_server(data)) is not None:
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"The database in {data.parent} is in use by process {pid}. To stop it: kill -INT {pid}"
            )
        time.sleep(PAUSE)
    # PostgreSQL alone would refuse to start when the number was given to any other process of this user.
    (data / "postmaster.pid").unlink(missing_ok=True)


def socket_dir(home: Path) -> Path:
    """Where the socket is: inside home, unless that path is too long for one."""
    inside = home / "socket"
    if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return inside
    return Path(tempfile.gettempdir()) / f"stockcode-{sha256(os.fsencode(home)).hexdigest()[:16]}"


def make_socket_dir(home: Path, account: Account) -> Path:
    """The socket is the only key to the database, so nobody else may enter its directory."""
    directory = socket_dir(home)
    if len(os.fsencode(directory / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        raise EmbeddedError(f"{directory} is too long for a socket. Set TMPDIR to a short directory.")
    try:
        directory.mkdir(mode=0o700)
        account.own(directory)
    except FileExistsError:
        status = directory.lstat()
        if directory.is_symlink() or status.st_uid != account.uid or status.st_mode & 0o077:
            raise EmbeddedError(f"{directory} belongs to somebody else. Remove it, or set TMPDIR.") from None
    account.let_in(directory / SOCKET_NAME)
    return directory


def clean_environment() -> dict[str, str]:
    """No PG* variable of the caller's reaches the server."""
    return {"PATH": environment.variables().get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def last_complaint(output: str) -> str:
    """The reason that a PostgreSQL program gave last, without its prefix."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for mark in ("FATAL:", "PANIC:", "error:"):
        for line in reversed(lines):
            if mark in line:
                return line.split(mark)[-1].strip().rstrip(".")
    return lines[-1].rstrip(".") if lines else "no reason was given"


def _check_version(data: Path) -> None:
    version = (data / "PG_VERSION").read_text().strip()
    if version != VERSION:
        raise EmbeddedError(
            f"{data} belongs to PostgreSQL {version}, this is {VERSION}. Use another data directory."
        )


def _running_server(data: Path) -> int | None:
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if str(data) in _command_line(pid) else None


def _command_line(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        except OSError:
            return ""
    command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
