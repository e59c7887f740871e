"""Reach the database: its address from the environment, a bounded wait, and a session with bounded patience."""

import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, NoSuchModuleError

from migrations.release_step.telling.failures import Failure
from migrations.release_step.telling.patience import Patience
from webapp import settings

APPLICATION_NAME = "stockcode-release"
CONNECT_TIMEOUT_SECONDS = 5


# What connection errors say in English; libpq gives no sqlstate for them.
REFUSED = {
    "password authentication failed": "password authentication failed",
    "no password supplied": "no password was given",
    "no pg_hba.conf entry": "this machine and role have no entry in pg_hba.conf",
    "is not permitted to log in": "this role may not log in",
    "authentication failed": "authentication failed",
}
BAD_OPTION = re.compile(r"invalid \w+ value|invalid connection option|invalid integer value")
REASONS = {
    "refused": "the connection was refused",
    "timeout": "it does not answer in time",
    "timed out": "it does not answer in time",
    "resolve": "its name cannot be resolved",
    "name or service": "its name cannot be resolved",
    "starting up": "it is starting up",
    "shutting down": "it is shutting down",
    "too many": "it has too many connections",
    "remaining connection slots": "it has too many connections",
    "no such file": "there is no socket",
    "ssl": "TLS could not be agreed",
}


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
    if url.port is not None and not 0 < url.port < 65536:
        raise Failure("MIG-CONF-03")
    return Target(url)


def engine(target: Target) -> Engine:
    """An engine that keeps no connection, hides every bind and prepares nothing on the server."""
    arguments = {
        "application_name": APPLICATION_NAME,
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "prepare_threshold": None,
    }
    try:
        return create_engine(target.url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise Failure("MIG-CONF-02", driver=target.url.drivername) from None


def connect(target: Target, patience: Patience) -> Connection:
    """A prepared session; retries an unreachable server for the given time, a refused role never."""
    source = engine(target)
    started = time.monotonic()
    while True:
        try:
            connection = source.connect()
            break
        except DBAPIError as error:
            waited = time.monotonic() - started
            failure = _classify(target, error, round(waited))
            if failure.code != "MIG-CONN-01" or waited >= patience.connect_seconds:
                raise failure from None
        time.sleep(random.uniform(0.2, 1.0))  # noqa: S311 - spreads retries, guards nothing
    prepare(connection, patience)
    return connection


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


def is_pooled(connection: Connection) -> bool:
    """A pooler hands out a number of its own, and the lock to whoever comes next on that server session."""
    return bool(backend_pid(connection) != connection.scalar(text("SELECT pg_backend_pid()")))


def backend_pid(connection: Connection) -> int:
    """The process that the client library believes it talks to."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver.info.backend_pid


def _classify(target: Target, error: DBAPIError, waited: int) -> Failure:
    said = str(error.orig).lower()  # looked at, never shown: it may hold the tail of a password
    if isinstance(error.orig, psycopg.ProgrammingError) or BAD_OPTION.search(said):
        return Failure("MIG-CONF-05")
    if "database" in said and "does not exist" in said:
        return Failure("MIG-CONN-03", **target.shown)
    if "role" in said and "does not exist" in said:
        return Failure("MIG-CONN-02", **target.shown, reason="there is no such role")
    for marker, reason in REFUSED.items():
        if marker in said:
            return Failure("MIG-CONN-02", **target.shown, reason=reason)
    reason = next((reason for marker, reason in REASONS.items() if marker in said), "no further reason given")
    return Failure("MIG-CONN-01", **target.shown, reason=reason, seconds=waited)
