"""What tests ask about processes that are not their own children."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SECONDS = 30.0


def wait_until_gone(pid: int) -> None:
    """Return once the process has ended, whether or not its parent has taken notice."""
    deadline = time.monotonic() + SECONDS
    while _runs(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.05)


def open_by(pid: int) -> Iterator[str]:
    """What a process has open, as the system names it: a path, or socket:[…]; without what it closes meanwhile."""
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            yield os.readlink(handle)


def _runs(pid: int) -> bool:
    try:
        # After the name in brackets, which may hold anything, comes the state (proc_pid_stat(5)).
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
