"""Read the environment once into a frozen dataclass.

Sources: DATABASE_URL and SECRET_KEY come from the environment only and have no fallback.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from webapp import environment
from webapp.environment import MIN_SECRET_LENGTH

DRIVER = "postgresql+psycopg"
SCHEMES = ("postgres", "postgresql", DRIVER)
EXIT_CONFIGURATION = 3
DEFAULT_PORT = "5432"
# A name, an address of IPv6 in brackets, or a socket's directory with its slashes escaped; and a port.
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]/]+)(?::([0-9]{1,5}))?", re.ASCII)

Environment = Literal["production", "local"]


class SettingsError(Exception):
    """A variable is missing or malformed. The message is one line, names it, says how to set it, holds no value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a running process needs to know of its surroundings."""

    database_url: URL = field(repr=False)
    secret_key: str = field(repr=False)
    environment: Environment = "production"
    trusted_hosts: tuple[str, ...] = ()
    session_hours: int = 12
    behind_proxies: int = 0
    # Seconds that a worker which is told to stop gives the job that it is at.
    worker_grace: int = 20

    @property
    def is_production(self) -> bool:
        return self.environment == "production"


def from_environment() -> Settings:
    """Settings of this process; raises SettingsError."""
    return from_env(environment.variables())


def from_env(environ: Mapping[str, str]) -> Settings:
    """Settings of a process; raises SettingsError on the first variable that is missing or malformed."""
    app_env = _one_of(environ, "APP_ENV", ("production", "local"), "production")
    return Settings(
        database_url=database_url(environ),
        secret_key=_secret_key(environ),
        environment="local" if app_env == "local" else "production",
        trusted_hosts=_trusted_hosts(environ, app_env),
        session_hours=_whole_number(environ, "SESSION_HOURS", 12, 1, 24),
        behind_proxies=_whole_number(environ, "BEHIND_PROXIES", 0, 0, 5),
        worker_grace=_whole_number(environ, "WORKER_GRACE", 20, 0, 3600),
    )


def database_url(environ: Mapping[str, str]) -> URL:
    """The database's address for psycopg 3, as a URL whose repr hides the password; raises SettingsError."""
    raw = environ.get("DATABASE_URL", "").strip()
    how = "Set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE (percent-encode the password)."
    if not raw:
        raise SettingsError(f"DATABASE_URL is not set. {how}")
    try:
        url = _parsed(raw)
    except (ArgumentError, ValueError):
        # The library's own text would quote the address, password included.
        raise SettingsError(f"DATABASE_URL is not a database address. {how}") from None
    if url.drivername not in SCHEMES:
        raise SettingsError(
            f"DATABASE_URL must begin with postgresql://; only PostgreSQL is supported. {how}"
        )
    if not url.database:
        raise SettingsError(f"DATABASE_URL names no database. {how}")
    # An unescaped mark in the password moves its tail to the host or the database, whose names are shown.
    options = raw.partition("?")[2]
    if raw.count("@") > 1 or "@" in options or any(mark in url.database for mark in "@/"):
        raise SettingsError(f"DATABASE_URL holds an unescaped '@', '/' or '?' in its password. {how}")
    return _passed_on(url.set(drivername=DRIVER), how)


def _passed_on(url: URL, how: str) -> URL:
    """The same, when SQLAlchemy can hand it to the driver: hosts and ports in its options may not go together."""
    try:
        url.get_dialect()().create_connect_args(url)
    except ArgumentError:
        raise SettingsError(f"DATABASE_URL holds hosts and ports that do not go together. {how}") from None
    return url


def _parsed(raw: str) -> URL:
    """As libpq reads an address: several hosts, each with a port of its own, and a socket's directory as %2F….

    Raises ValueError and SQLAlchemy's ArgumentError for what is none.
    """
    scheme, _, rest = raw.partition("://")
    place, _, path = rest.partition("/")
    person, at, hosts = place.rpartition("@")
    if "," not in hosts and "%" not in hosts:
        return make_url(raw)
    url = make_url(f"{scheme}://{person}{at}/{path}")
    names, ports = zip(*(_host_and_port(one) for one in hosts.split(",")), strict=True)
    if len(names) == 1:
        return url.update_query_dict({"host": names[0], **({"port": ports[0]} if ports[0] else {})})
    return url.update_query_dict(
        {"host": ",".join(names), "port": ",".join(port or DEFAULT_PORT for port in ports)}
    )


def _host_and_port(written: str) -> tuple[str, str]:
    match = HOST.fullmatch(written)
    if match is None:
        raise ValueError(written)
    return unquote(match[1]).strip("[]"), match[2] or ""


def _secret_key(environ: Mapping[str, str]) -> str:
    key = environ.get("SECRET_KEY", "")
    how = "Set it to the output of: python3 -c 'import secrets; print(secrets.token_hex(32))'"
    if not key:
        raise SettingsError(f"SECRET_KEY is not set. {how}")
    if len(key) < MIN_SECRET_LENGTH:
        raise SettingsError(f"SECRET_KEY is shorter than {MIN_SECRET_LENGTH} characters. {how}")
    return key


def _trusted_hosts(environ: Mapping[str, str], environment: str) -> tuple[str, ...]:
    hosts = tuple(host.strip() for host in environ.get("TRUSTED_HOSTS", "").split(",") if host.strip())
    if hosts:
        return hosts
    if environment == "production":
        raise SettingsError(
            "TRUSTED_HOSTS is not set. Set it to the host names people use, such as admin.example.co.jp,localhost."
        )
    return ("localhost", "127.0.0.1")


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = environ.get(name, "").strip() or default
    if value not in allowed:
        raise SettingsError(
            f"{name} is not one of {', '.join(allowed)}. Set it to one of them or leave it out."
        )
    return value


def _whole_number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = environ.get(name, "").strip()
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise SettingsError(f"{name} is not a whole number from {low} to {high}. Correct it or leave it out.")
    return int(raw)
