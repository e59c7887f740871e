"""How long each wait of a release may last."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the release waits: for the server, for the other release, and in front of the application."""

    connect_seconds: float = 60
    release_seconds: float = 300
    # An ALTER TABLE that waits makes every query behind it wait too: two seconds, then it steps aside.
    lock_ms: int = 2000
    statement_ms: int = 900_000
    idle_ms: int = 300_000
    # The server notices a killed runner this soon, even in the middle of a statement.
    check_interval_ms: int = 500
