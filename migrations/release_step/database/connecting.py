"""Reach the database: its address from the environment, a bounded wait, and a session with bounded patience."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, NoSuchModuleError

from migrations.release_step.database import reaching
from migrations.release_step.database.reaching import Answer
from migrations.release_step.telling.failures import Failure
from migrations.release_step.telling.patience import Patience
from webapp import settings, sqlstates

APPLICATION_NAME = "stockcode-release"
CONNECT_TIMEOUT_SECONDS = 5


# By what the server says in its own characters; whatever else keeps it from opening may pass.
REFUSED = {
    sqlstates.INVALID_PASSWORD: "the user or the password is wrong",
    sqlstates.INVALID_AUTHORIZATION: "it lets this user in from here not at all",
    sqlstates.INSUFFICIENT_PRIVILEGE: "this user may not connect to this database",
}
PASSING = {
    sqlstates.CANNOT_CONNECT_NOW: "it is starting up or shutting down",
    sqlstates.TOO_MANY_CONNECTIONS: "it has too many connections",
}
# Classes of what the server thinks of an option in the address.
BAD_OPTION = (sqlstates.DATA_EXCEPTION, sqlstates.SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION)


@dataclass(frozen=True, slots=True)
class Target:
    """The database to release to, with the parts of its address that may be shown."""

    url: URL

    @property
    def host(self) -> str:
        queried = self.url.query.get("host", "")
        named = queried if isinstance(queried, str) else ",".join(queried)
        return self.url.host or named or "the local socket"

    @property
    def database(self) -> str:
        return self.url.database or ""

    @property
    def shown(self) -> dict[str, str]:
        return {"database": self.database, "host": self.host}


def target(environ: Mapping[str, str]) -> Target:
    """The address in DATABASE_URL; a configuration failure when it is missing or malformed."""
    try:
        url = settings.database_url(environ)
    except settings.SettingsError as error:
        raise Failure("MIG-CONF-01", problem=str(error), advice="") from None
    ports = str(parts(url).get("port", "") if url.port is None else url.port).split(",")
    if not all(port.isdigit() and 0 < int(port) < 65536 for port in ports if port):
        raise Failure("MIG-CONF-03")
    return Target(url)


def parts(url: URL) -> dict[str, Any]:
    """What of an address is libpq's, by libpq's own words."""
    _, arguments = url.get_dialect()().create_connect_args(url)
    # The driver's own adapters are no part of an address.
    return {name: value for name, value in arguments.items() if name != "context"}


def engine(target: Target) -> Engine:
    """An engine that keeps no connection, hides every bind and prepares nothing on the server."""
    arguments = {
        "application_name": APPLICATION_NAME,
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "prepare_threshold": None,
        # Of a database in SQL_ASCII texts would come as bytes, before it can be refused.
        "client_encoding": "utf8",
    }
    try:
        return create_engine(target.url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise Failure("MIG-CONF-02", driver=target.url.drivername) from None


def connect(target: Target, patience: Patience) -> Connection:
    """A prepared session; retries an unreachable server for the given time, one that refuses never."""
    source = engine(target)
    started = time.monotonic()
    while True:
        waited = time.monotonic() - started
        answer = _refusal(target, round(waited)) or _opened(source, target, round(waited))
        if isinstance(answer, Connection):
            prepare(answer, patience)
            return answer
        if answer.code != "MIG-CONN-01" or waited >= patience.connect_seconds:
            raise answer
        time.sleep(random.uniform(0.2, 1.0))  # noqa: S311 - spreads retries, guards nothing


def _opened(source: Engine, target: Target, waited: int) -> Connection | Failure:
    try:
        return source.connect()
    except DBAPIError:
        reason = "it opened, and closed again"
        return Failure("MIG-CONN-01", **target.shown, reason=reason, seconds=waited)


def prepare(connection: Connection, patience: Patience) -> None:
    """Bound every wait of this session, then commit: a setting made in an open transaction dies with it.

    Behind a pooler the settings would stay with the server's session and meet somebody else: there, none are made.
    """
    if is_pooled(connection):
        connection.rollback()
        return
    wanted = {
        "lock_timeout": patience.lock_ms,
        "statement_timeout": patience.statement_ms,
        "idle_in_transaction_session_timeout": patience.idle_ms,
        "client_connection_check_interval": patience.check_interval_ms,
    }
    for name, milliseconds in wanted.items():
        connection.execute(
            text("SELECT set_config(:name, :value, false)"), {"name": name, "value": str(milliseconds)}
        )
    connection.commit()


def renew(connection: Connection, patience: Patience) -> None:
    """As it was at first: what a revision set for its session is not the next one's; the release lock stays."""
    for statement in ("RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL", "DISCARD TEMP"):
        connection.exec_driver_sql(statement)
    connection.commit()
    prepare(connection, patience)


def is_pooled(connection: Connection) -> bool:
    """A pooler hands out a number of its own, and the lock to whoever comes next on that server session."""
    return bool(backend_pid(connection) != connection.scalar(text("SELECT pg_backend_pid()")))


def backend_pid(connection: Connection) -> int:
    """The process that the client library believes it talks to."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver.info.backend_pid


def _refusal(target: Target, waited: int) -> Failure | None:
    """Why the server does not open, None when it does; whoever is refused has knocked once."""
    try:
        address = make_conninfo(**{**parts(target.url), "connect_timeout": CONNECT_TIMEOUT_SECONDS})
        answer = reaching.knock(address, CONNECT_TIMEOUT_SECONDS)
    except psycopg.ProgrammingError:
        return Failure("MIG-CONF-05")
    return None if answer.is_open else _told(target, answer, address, waited)


def _told(target: Target, answer: Answer, address: str, waited: int) -> Failure:
    state = answer.sqlstate
    if state in REFUSED:
        return Failure("MIG-CONN-02", **target.shown, reason=REFUSED[state])
    if answer.lacks_password and not state:
        return Failure("MIG-CONN-02", **target.shown, reason="it asks for a password, and none was given")
    if state == sqlstates.INVALID_DATABASE:
        return Failure("MIG-CONN-03", **target.shown)
    if state.startswith(BAD_OPTION) or answer.ping == pq.Ping.NO_ATTEMPT:
        return Failure("MIG-CONF-05")
    return Failure("MIG-CONN-01", **target.shown, reason=_reason(answer, address), seconds=waited)


def _reason(answer: Answer, address: str) -> str:
    if answer.sqlstate:
        return PASSING.get(answer.sqlstate, f"it answers {answer.sqlstate}")
    if answer.ping == pq.Ping.REJECT:
        return PASSING[sqlstates.CANNOT_CONNECT_NOW]
    return reaching.obstacle(address, CONNECT_TIMEOUT_SECONDS)
