"""SIGINT and SIGTERM end the release cleanly; as PID 1 of a container the default would ignore SIGTERM.

What has been received decides how the command ends, whatever is raised while it unwinds: Alembic's own blocks and
PostgreSQL's answer to the cancelled statement both put other exceptions in the signal's place.
"""

import signal
from types import FrameType

from migrations.release_step.telling.failures import Interrupted

HANDLED = (signal.SIGINT, signal.SIGTERM)
_received: list[Interrupted] = []


def install() -> None:
    """The first signal cancels what is running; later ones must not disturb the cleaning up."""
    for number in HANDLED:
        signal.signal(number, _interrupt)


def are_handled() -> bool:
    """Whether a SIGINT that comes would be told here: then a KeyboardInterrupt without one is somebody's own."""
    return signal.getsignal(signal.SIGINT) is _interrupt


def received() -> Interrupted | None:
    """The signal that this process has been sent, if any."""
    return _received[0] if _received else None


def _interrupt(number: int, _frame: FrameType | None) -> None:
    for handled in HANDLED:
        signal.signal(handled, signal.SIG_IGN)
    _received.append(Interrupted(128 + number, signal.Signals(number).name))
    raise _received[0]
