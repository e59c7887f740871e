"""How processes speak to whoever runs them: JSON lines in production, plain lines on one's own machine.

No line holds a row's value, a secret or a query string: of an exception, production shows the kind and the place.
"""

import json
import logging
import logging.config
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from webapp import sqlstates

request_id: ContextVar[str] = ContextVar("request_id", default="")

# What the standard library puts on every record; anything else was given as `extra` and is shown.
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class JsonLines(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        shown: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current := request_id.get():
            shown["request_id"] = current
        shown |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info and record.exc_info[0]:
            shown["error"] = without_values(record.exc_info[1], record.exc_info[2])
        return json.dumps(shown, ensure_ascii=False, default=str)


def without_values(error: BaseException | None, trace: TracebackType | None) -> dict[str, Any]:
    """Kind, SQLSTATE and place of an error; its text may quote a row and stays out."""
    state = sqlstates.of(error)
    frames = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace, limit=-20)
    ]
    return {"kind": type(error).__name__, **({"sqlstate": state} if state else {}), "at": frames}


def settings(*, is_production: bool) -> dict[str, Any]:
    """For logging.config.dictConfig, and for gunicorn, whose own lines take the same form."""
    form = "json" if is_production else "plain"
    level = "INFO" if is_production else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": JsonLines},
            "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s", "datefmt": "%H:%M:%S"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "gunicorn.error": {"level": level, "propagate": True, "handlers": []},
            # The release page makes scripts with it; what it says of its plugins is nobody's business here.
            "alembic": {"level": "WARNING"},
            # Of each job it says in three lines what the job says in one.
            "procrastinate": {"level": "WARNING"},
        },
    }


def configure(*, is_production: bool) -> None:
    """Set up logging of a process that gunicorn does not run."""
    logging.config.dictConfig(settings(is_production=is_production))
