"""What can go wrong, as one line that holds names and states but never a value, SQL, DETAIL or an address."""

import traceback
from pathlib import Path
from types import TracebackType

from migrations.release_step.telling import messages


class Failure(Exception):
    """The command ends here; its line, exit code and JSON come from the catalogue."""

    def __init__(self, code: str, *, state: str = "", details: object = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.state = state
        self.details = details
        self.facts = facts
        self.exit_code = messages.CATALOGUE[code].exit_code

    @property
    def line(self) -> str:
        """Code, fact, current state, next action: one line."""
        message = messages.CATALOGUE[self.code]
        parts = (message.fact.format(**self.facts), self.state, message.action.format(**self.facts))
        return " ".join(f"{self.code}: {' '.join(part for part in parts if part)}".split())


class Interrupted(KeyboardInterrupt):
    """A signal arrived. A KeyboardInterrupt, because on that psycopg cancels the running statement."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__(name)
        self.number = number
        self.name = name
        self.state = ""


def place(error: BaseException) -> str:
    """File name and line in which the exception arose."""
    entries = traceback.extract_tb(error.__traceback__)
    return f"{Path(entries[-1].filename).name}:{entries[-1].lineno}" if entries else "an unknown place"


def frames(error: BaseException) -> str:
    """A traceback without any exception's text: frames, types, states."""
    parts: list[str] = []
    chain: BaseException | None = error
    while chain is not None and len(parts) < 10:
        parts.append(_frames_of(chain, chain.__traceback__))
        chain = chain.__cause__ or chain.__context__
    return "\n".join(parts)


def _frames_of(error: BaseException, trace: TracebackType | None) -> str:
    lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
    return "\n".join([f"{type(error).__module__}.{type(error).__qualname__}", *lines])
