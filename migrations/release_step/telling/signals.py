"""SIGINT and SIGTERM end the release cleanly; as PID 1 of a container the default would ignore SIGTERM."""

import signal
from types import FrameType

from migrations.release_step.telling.failures import Interrupted

HANDLED = (signal.SIGINT, signal.SIGTERM)


def install() -> None:
    """The first signal cancels what is running; later ones must not disturb the cleaning up."""
    for number in HANDLED:
        signal.signal(number, _interrupt)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    for handled in HANDLED:
        signal.signal(handled, signal.SIG_IGN)
    raise Interrupted(128 + number, signal.Signals(number).name)
