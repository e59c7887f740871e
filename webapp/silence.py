"""A database that has stopped answering is noticed on our side, in seconds, and its connections are let go.

Neither its own limits nor the network's help: a stopped process counts no time, its kernel goes on acknowledging, and
a socket of the same machine has no TCP that could give up.
"""

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.orm import Session, scoped_session

log = logging.getLogger(__name__)

# A statement may take long while the server lives: after so long without a byte it is asked for a sign on another line.
SECONDS_BEFORE_ASKING = 3.0
SECONDS_TO_CONNECT = 3
# What nobody has to think about is answered at once.
SECONDS_TO_GREET = 2.0
SECONDS_OF_A_STATEMENT = 30
# What a worker does, or an operator for a whole exchange, takes longer than a page may.
SECONDS_OF_A_LONG_STATEMENT = 900
# One process of a living server may stand still by itself: past the server's own limit no answer will come.
SECONDS_PAST_ITS_LIMIT = 5.0
# While it is silent, one thread asks again so often, and all others are told at once.
SECONDS_BETWEEN_QUESTIONS = 1.0

SAID = "the server has stopped answering"


class Watch:
    """What a process knows of one server: whether it answers. Shared by all its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connect: Callable[[], Connection] | None = None
        self._is_silent = False
        self._asks_again_at = 0.0
        self._heard_at = 0.0

    def connected(self, connect: Callable[[], "Connection"]) -> "Connection":
        """A new connection; raises OperationalError, at once where the server is known to be silent."""
        self._heed()
        self._connect = connect
        try:
            connection = connect()
        except psycopg.errors.ConnectionTimeout:
            self._note(is_silent=True)
            raise
        except psycopg.Error:
            self._note(is_silent=False)  # a refusal is an answer
            raise
        self._note(is_silent=False)
        connection.watch = self
        return connection

    def is_alive(self, since: float) -> bool:
        """Whether there has been a sign of life since that moment, or there is one now."""
        with self._lock:
            if self._heard_at >= since:
                return True
        if self._connect is None:
            return True
        try:
            self.connected(self._connect).close()
        except psycopg.OperationalError:
            with self._lock:
                return not self._is_silent
        return True

    def _heed(self) -> None:
        """Raise OperationalError where the server is silent and it is not yet time to ask again."""
        with self._lock:
            if not self._is_silent:
                return
            now = time.monotonic()
            if now < self._asks_again_at:
                raise psycopg.OperationalError(SAID)
            # This thread asks; until it knows more, the others are told what is known.
            self._asks_again_at = now + SECONDS_TO_CONNECT + SECONDS_BETWEEN_QUESTIONS

    def _note(self, *, is_silent: bool) -> None:
        """Remember what the last question came to."""
        with self._lock:
            self._is_silent = is_silent
            if is_silent:
                self._asks_again_at = time.monotonic() + SECONDS_BETWEEN_QUESTIONS
            else:
                self._heard_at = time.monotonic()


class Connection(psycopg.Connection[Any]):
    """A connection that closes itself, with an OperationalError, when its server has stopped answering."""

    watch: Watch | None = None
    # The server's own limit for a statement of this transaction.
    seconds_allowed = SECONDS_OF_A_STATEMENT
    _is_greeting = False

    @contextmanager
    def greeting(self) -> Iterator[None]:
        """Inside, the server is given the time of a greeting and no more; afterwards that of any statement."""
        self._is_greeting, self.seconds_allowed = True, SECONDS_OF_A_STATEMENT
        try:
            yield
        finally:
            self._is_greeting = False

    def rollback(self) -> None:
        """Take back what was done. What is prepared stays, as every page ends so; a failure lets go of it, too.

        psycopg would forget all of it each time, and PostgreSQL parse the same statements for every page and save.
        """
        if self.info.transaction_status != TransactionStatus.INTRANS:
            super().rollback()
            return
        threshold, self.prepare_threshold = self.prepare_threshold, None
        try:
            self.execute("ROLLBACK")
        finally:
            self.prepare_threshold = threshold

    def wait(self, gen: Any, *limits: Any, **named: Any) -> Any:
        """Drive what psycopg has to wait for, with an eye on the clock."""
        return super().wait(self._watched(gen), *limits, **named)

    def _watched(self, work: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """The same work; psycopg comes by ten times a second while nothing happens."""
        heard = asked = time.monotonic()
        try:
            waits_for = next(work)
            while True:
                happened = yield waits_for
                if happened:
                    heard = asked = time.monotonic()
                else:
                    asked = self._look(heard, asked)
                waits_for = work.send(happened)
        except StopIteration as end:
            return end.value

    def _look(self, heard: float, asked: float) -> float:
        """When it was last known to live; closes the connection where it does not."""
        now = time.monotonic()
        if self._is_greeting or self.watch is None:
            if now - heard > SECONDS_TO_GREET:
                self._give_up()
            return asked
        if now - heard > self.seconds_allowed + SECONDS_PAST_ITS_LIMIT:
            self._give_up()
        if now - asked <= SECONDS_BEFORE_ASKING:
            return asked
        if not self.watch.is_alive(since=now - SECONDS_BETWEEN_QUESTIONS):
            self._give_up()
        return time.monotonic()

    def _give_up(self) -> None:
        # Closing, not cancelling: there is nobody to hear it.
        self.pgconn.finish()
        raise psycopg.OperationalError(SAID)


def listen(engine: Engine) -> None:
    """Let connections close themselves once the server has stopped answering, and be greeted before they are used."""
    watch = Watch()

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, cargs: Any, cparams: Any) -> Connection:
        return watch.connected(lambda: Connection.connect(*cargs, **cparams))

    @event.listens_for(engine, "checkout")
    def greet(connection: Any, _record: Any, _fairy: Any) -> None:
        try:
            with connection.greeting():
                engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            # Those of the same age are as dead; the pool connects anew.
            raise InvalidatePoolError from error


def give_back(session: scoped_session[Session], _error: BaseException | None = None) -> None:
    """Give a session back, whatever became of the request; a dead connection is no news to its reader."""
    try:
        session.remove()
    except Exception:  # it comes after the answer: nothing may be raised into that, whatever the driver says
        log.warning("the session could not be given back", exc_info=True)
        try:
            session().invalidate()
        except SQLAlchemyError:
            log.warning("nor could its connection be closed", exc_info=True)
        finally:
            session.registry.clear()
