"""How a command may end: its exit code, the fact and the next action; what all sentences are made of."""

from dataclasses import dataclass

DONE = 0
BUG = 1
USAGE = 2
CONFIGURATION = 3
CONNECTION = 4
LOCK = 5
REVISION = 6
STATE = 7
UNSAFE = 8
COPY = 9


@dataclass(frozen=True, slots=True)
class Message:
    """One catalogue entry; fact and action are templates of names and numbers, never of values or SQL."""

    exit_code: int
    fact: str
    action: str
