"""Programs that run beside each other: one falls, all stop; a wish to stop reaches them in order."""

import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from webapp.cli import embedded

SECONDS_TO_STOP = 30.0
PAUSE = 0.1
WISHES = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Wished(BaseException):
    """Somebody asked for the end: Ctrl-C, SIGTERM or a closed terminal. No error, so no Exception."""


@dataclass(frozen=True, slots=True)
class Child:
    """A program that runs until it is stopped."""

    name: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Ask it to finish what it does, and wait; insist after half a minute."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def launch(
    name: str, command: list[str], environment: Mapping[str, str], keep: tuple[int, ...] = ()
) -> Child:
    """Start a program that Ctrl-C does not reach, that ends with us, and that inherits the files in keep."""
    process = subprocess.Popen(
        embedded.with_parent(command, "TERM"),
        stdin=subprocess.DEVNULL,
        env=dict(environment),
        pass_fds=keep,
        start_new_session=True,
    )
    return Child(name, process)


def first_to_end(children: list[Child]) -> Child:
    """Wait until any child ends by itself."""
    while True:
        for child in children:
            if child.process.poll() is not None:
                return child
        time.sleep(PAUSE)


@contextmanager
def wishes_as_exceptions() -> Iterator[None]:
    """Inside, the first wish to stop is raised as Wished wherever the program stands; later ones change nothing."""

    def wish(_number: int, _frame: FrameType | None) -> None:
        for number in WISHES:
            signal.signal(number, signal.SIG_IGN)
        raise Wished

    before = {number: signal.signal(number, wish) for number in WISHES}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
