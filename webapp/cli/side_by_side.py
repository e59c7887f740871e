"""Do at once what waits for nothing else, each on a connection and in a transaction of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, TypeVar

from webapp import db, silence

Result = TypeVar("Result")
# Of whom the server is asked to give up what it is doing, once somebody has pressed Ctrl-C.
SECONDS_TO_CANCEL = 5
SECONDS_BETWEEN_CANCELS = 0.05


def done(works: Sequence[Callable[[], Result]]) -> list[Result]:
    """What each came to; where one fails the others are kept, and the first failure is raised once all have ended."""
    connections: list[Any] = []
    with ThreadPoolExecutor(len(works)) as pool:
        futures = [pool.submit(_in_transaction, work, connections) for work in works]
        try:
            return [future.result() for future in futures]
        except KeyboardInterrupt:
            # Who is between two statements begins the next one only then, so they are asked until all have ended.
            while wait(futures, SECONDS_BETWEEN_CANCELS).not_done:
                for connection in connections:
                    connection.cancel_safe(timeout=SECONDS_TO_CANCEL)
            raise


def _in_transaction(work: Callable[[], Result], connections: list[Any]) -> Result:
    """A long one; sessions belong to their thread, so that it ends with it."""
    try:
        with db.transaction():
            db.let_statements_take(silence.SECONDS_OF_A_LONG_STATEMENT)
            connections.append(db.session.connection().connection.driver_connection)
            return work()
    finally:
        silence.give_back(db.session)
