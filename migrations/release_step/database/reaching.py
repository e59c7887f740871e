"""Knock once, and learn from the server itself why it does not open: by its SQLSTATE, never by words.

A server speaks its own language (lc_messages), so the text of an error says nothing to a program; and what libpq is
told while it connects, no driver hands on. libpq writes the state into its text when asked to, before it connects.
"""

import ctypes
import re
import select
import socket
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo, pq

# PQERRORS_SQLSTATE of libpq: "severity and SQLSTATE only".
STATES_ONLY = 3
STATE = re.compile(r": +([0-9A-Z]{5})\s*$", re.ASCII)
DEFAULT_PORT = 5432


@dataclass(frozen=True, slots=True)
class Answer:
    """What a knock met: the state of a server that refuses, and what libpq's PQping makes of the address."""

    is_open: bool
    sqlstate: str = ""
    ping: int = pq.Ping.OK
    lacks_password: bool = False


def knock(address: str, seconds: float) -> Answer:
    """Connect once and leave again; `address` is libpq's, as psycopg writes it."""
    session = pq.PGconn.connect_start(address.encode())
    try:
        _ask_for_states(session)
        if _connect(session, seconds):
            return Answer(is_open=True)
        match = STATE.search(session.error_message.decode(errors="replace"))
        lacks_password = bool(session.needs_password)
    finally:
        session.finish()
    state = match[1] if match else ""
    # PQping logs in, too: where the server has said what it means, it is not asked again.
    ping = pq.Ping.OK if state else pq.PGconn.ping(address.encode())
    return Answer(is_open=False, sqlstate=state, ping=ping, lacks_password=lacks_password)


def obstacle(address: str, seconds: float) -> str:
    """Why nothing answers at the first host of this address, as the operating system tells it."""
    parts = conninfo.conninfo_to_dict(address)
    host = str(parts.get("hostaddr") or parts.get("host") or "").split(",")[0]
    port = int(str(parts.get("port") or DEFAULT_PORT).split(",")[0] or DEFAULT_PORT)
    try:
        _touch(host, port, seconds)
    except socket.gaierror:
        return "its name cannot be resolved"
    except FileNotFoundError:
        return "there is no socket"
    except ConnectionRefusedError:
        return "the connection was refused"
    except TimeoutError:
        return "it does not answer in time"
    except OSError:
        return "the network does not lead there"
    return "something listens there, and no session came about"


def _touch(host: str, port: int, seconds: float) -> None:
    if host and not host.startswith(("/", "@")):
        socket.create_connection((host, port), timeout=seconds).close()
        return
    with socket.socket(socket.AF_UNIX) as plug:
        plug.settimeout(seconds)
        plug.connect(f"{host or '/tmp'}/.s.PGSQL.{port}")  # noqa: S108 - libpq's own default


def _connect(session: pq.abc.PGconn, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while (state := session.connect_poll()) not in (pq.PollingStatus.OK, pq.PollingStatus.FAILED):
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        plugs = [session.socket]
        if state == pq.PollingStatus.WRITING:
            select.select([], plugs, [], left)
        else:
            select.select(plugs, [], [], left)
    return state == pq.PollingStatus.OK


def _ask_for_states(session: Any) -> None:
    library = _library()
    if library is not None and session.pgconn_ptr is not None:
        library.PQsetErrorVerbosity(ctypes.c_void_p(session.pgconn_ptr), STATES_ONLY)


@cache
def _library() -> ctypes.CDLL | None:
    """The libpq that the driver has loaded: the same file is the same library; None where the wheel holds none."""
    beside = Path(psycopg.__file__).parent.parent / "psycopg_binary.libs"
    paths = sorted(beside.glob("libpq-*"))
    return ctypes.CDLL(str(paths[0])) if paths else None
