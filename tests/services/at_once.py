"""Two writers in the same moment: the second comes while what the first has written is not committed."""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, text

from webapp import db

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def second_of(engine: Engine, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """What comes of the second, an exception too: it begins once the first has written, which ends once it waits."""
    is_written, is_waiting = threading.Event(), threading.Event()
    outcomes: list[Any] = []

    def write_first() -> None:
        try:
            with db.transaction():
                first()
                is_written.set()
                assert is_waiting.wait(30)
        finally:
            is_written.set()
            db.session.remove()

    def write_second() -> None:
        assert is_written.wait(30)
        try:
            with db.transaction():
                outcomes.append(second())
        except Exception as error:  # what comes of it, whatever that is, is what the test asks for
            outcomes.append(error)
        finally:
            db.session.remove()

    threads = [threading.Thread(target=write) for write in (write_first, write_second)]
    for thread in threads:
        thread.start()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
        while threads[1].is_alive() and not looking.scalar(WAITING):
            threads[1].join(0.02)
    is_waiting.set()
    for thread in threads:
        thread.join()
    return outcomes[0]
