"""One command starts everything on one machine, says clearly why it cannot, and leaves nothing running."""

import errno
import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from tests.processes import open_by, wait_until_gone
from webapp import placed
from webapp.cli import embedded, local_env
from webapp.cli.commands.up import command as up_command

# It brings the database to the newest revision before it starts, as every installation does.
pytestmark = pytest.mark.release
ROOT = Path(__file__).parents[2]
STOCKCODE = Path(sys.executable).with_name("stockcode")
SECONDS = 120.0
# What a worker may say that follows a killed one.
OF_THE_KILLED = re.compile(r"(?:\S+ WARNING webapp\.worker: job of a lost worker\n)*")


@dataclass
class Running:
    """A `stockcode up` in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    said: list[str] = field(default_factory=list)

    def wait_for_address(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if "is at http://" in line:
                return
        raise AssertionError(f"no address: {self.said} {self.process.stderr and self.process.stderr.read()}")

    def end(self) -> str:
        """Wait for the end; what it said on stderr."""
        out, err = self.process.communicate(timeout=SECONDS)
        self.said += out.splitlines(keepends=True)
        return err

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(data_dir: Path) -> Iterator[Running]:
    port = free_port()
    command = [STOCKCODE, "up", "--port", str(port), "--data-dir", data_dir]
    # Somewhere else, without a word of ours in the environment, as after a fresh clone.
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/", env=environment
    ) as process:
        here = Running(process, port)
        try:
            here.wait_for_address()
            children = here.children()
            yield here
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=SECONDS)
    for child in children:
        wait_until_gone(child)


class FirstRun(NamedTuple):
    """A data directory after its first run, what that run said, and the key that it left."""

    data_dir: Path
    said: list[str]
    key: str


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    """Ended by Ctrl-C."""
    data_dir = tmp_path_factory.mktemp("installation") / "var"
    with running(data_dir) as here:
        assert here.get("/healthz") == 200
        assert here.get("/login") == 200
        here.process.send_signal(signal.SIGINT)
        assert here.end() == ""
        assert here.process.returncode == 0
    return FirstRun(data_dir, here.said, local_env.read(data_dir / "local.env")["SECRET_KEY"])


@pytest.fixture(scope="module")
def fallen_run(first_run: FirstRun) -> tuple[int, str]:
    """How a run ended whose web server fell, and what it said of it."""
    with running(first_run.data_dir) as here:
        os.kill(here.children()[-1], signal.SIGKILL)
        said = here.end()
    return here.process.returncode, said


@pytest.fixture(scope="module")
def next_run(first_run: FirstRun, fallen_run: tuple[int, str]) -> Iterator[Running]:
    """A run that follows one that kill -9 has ended, which has left nothing; SIGTERM stops it, and is no failure."""
    with running(first_run.data_dir) as killed:
        killed.process.kill()
        killed.end()
    with running(first_run.data_dir) as here:
        yield here
        here.process.terminate()
        assert OF_THE_KILLED.fullmatch(here.end())
        assert here.process.returncode == 0


def test_the_first_run_shows_the_first_administrators_password_once(first_run: FirstRun) -> None:
    shown = [line for line in first_run.said if "admin@localhost" in line]
    assert len(shown) == 1
    assert re.search(r"password: [\w-]{20}  ", shown[0])
    assert first_run.said[-1] == "Stopped. Your data is kept.\n"


def test_when_one_process_falls_all_stop(fallen_run: tuple[int, str]) -> None:
    exit_code, said = fallen_run
    assert re.fullmatch(r"Error: The web server ended unexpectedly \(exit -9\); all is stopped\.\n", said)
    assert exit_code == 1


def test_the_next_run_keeps_people_data_and_key_even_after_kill_9(
    first_run: FirstRun, next_run: Running
) -> None:
    assert next_run.get("/readyz") == 200
    assert not any("password" in line or "seed" in line for line in next_run.said)
    assert local_env.read(first_run.data_dir / "local.env")["SECRET_KEY"] == first_run.key


def test_a_second_start_beside_it_is_one_clear_line(first_run: FirstRun, next_run: Running) -> None:
    command = [STOCKCODE, "up", "--port", str(free_port()), "--data-dir", first_run.data_dir]
    second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert second.returncode == 1
    assert re.fullmatch(r"Error: The database in \S+ is in use: .*\n", second.stderr)
    assert next_run.get("/healthz") == 200


def private_megabytes(pid: int) -> float:
    """What a process has for itself (proc_pid_smaps_rollup(5))."""
    rows = re.findall(
        r"^Private_\w+:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE
    )
    return sum(map(int, rows)) / 1024


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def workers_of(master: int) -> list[int]:
    """The web processes, once both are there: the first answers before the second is forked."""
    until = time.monotonic() + SECONDS
    while len(workers := children_of(master)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    return workers


def test_workers_share_what_is_loaded_by_a_process_without_thread_or_connection(next_run: Running) -> None:
    for _each in range(6):
        assert next_run.get("/readyz") == 200
        assert next_run.get("/login") == 200
    master = next_run.children()[-1]
    workers = workers_of(master)
    assert len(workers) == 2
    # Some 90 before anything is asked, where each loads the application for itself.
    assert max(map(private_megabytes, workers)) < 45
    assert len(list(Path(f"/proc/{master}/task").iterdir())) == 1
    sockets = [link for link in open_by(master) if link.startswith("socket:")]
    assert len(sockets) == 1, "the site's own"


def test_the_other_commands_get_their_settings_from_local_env(first_run: FirstRun) -> None:
    env_file = first_run.data_dir / "local.env"
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    shown = subprocess.run(
        ["sh", "-c", '. "$1" && env', "sh", env_file], capture_output=True, text=True, check=True, env={}
    ).stdout.splitlines()
    exported = dict(line.split("=", 1) for line in shown)
    assert {name: exported[name] for name in ("DATABASE_URL", "SECRET_KEY", "APP_ENV")} == local_env.read(
        env_file
    )


def test_a_taken_port_is_one_clear_line_and_starts_nothing(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(up_command, ["--port", str(port), "--data-dir", str(tmp_path / "var")])
    assert done.exit_code == 1
    assert done.stderr.startswith(
        f"Error: Port {port} cannot be used: Address already in use. Choose another"
    )
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "var").exists()


def test_without_what_pages_load_it_says_what_to_run_and_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = placed.lacking(tmp_path)
    monkeypatch.setattr(placed, "lacking", lambda: sentence)
    done = CliRunner().invoke(up_command, ["--port", str(free_port()), "--data-dir", str(tmp_path / "var")])
    assert done.exit_code == 1
    assert done.stderr == f"Error: {sentence}\n"
    assert not (tmp_path / "var").exists()


def test_a_directory_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    data_dir = tmp_path / "file" / "var"
    done = CliRunner().invoke(up_command, ["--port", str(free_port()), "--data-dir", str(data_dir)])
    assert done.exit_code == 1
    assert (
        done.stderr == f"Error: The database directory {data_dir}/postgres cannot be used: Not a directory.\n"
    )


def test_a_full_disk_is_one_clear_line_and_leaves_no_database_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[embedded.Server] = []
    start = embedded.start

    def remember(home: Path) -> embedded.Server:
        started.append(start(home, is_throwaway=True))
        return started[0]

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(embedded, "start", remember)
    monkeypatch.setattr(os, "fsync", full)
    done = CliRunner().invoke(up_command, ["--port", str(free_port()), "--data-dir", str(tmp_path)])
    assert done.exit_code == 1
    assert done.stderr == f"Error: {tmp_path}: No space left on device.\n"
    assert started[0].process.returncode == 0


def test_a_kept_key_that_is_too_short_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "local.env").write_text("export SECRET_KEY=short\n")
    assert len(local_env.secret_key(tmp_path / "local.env")) == 64


def test_values_survive_the_shell(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://stockcode@/db?host=/a b/'c'", "SECRET_KEY": "$HOME`id`"}
    local_env.write(tmp_path / "deep" / "local.env", given)
    assert local_env.read(tmp_path / "deep" / "local.env") == given
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["local.env"]
