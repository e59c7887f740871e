"""Every request has a number, which its answer carries and every log line of it repeats."""

import logging
import re
import time
from uuid import uuid4

from flask import Flask, Response, g, request

from webapp import logs

HEADER = "X-Request-ID"
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = logging.getLogger("webapp.request")


def install(app: Flask) -> None:
    """Number the requests of an application, and log one line for each."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_began = time.perf_counter()
    logs.request_id.set(given if ACCEPTABLE.fullmatch(given) else uuid4().hex)


def _end(response: Response) -> Response:
    response.headers[HEADER] = logs.request_id.get()
    began = g.get("request_began")
    # The path only: a query string holds what people searched for.
    log.info(
        "request",
        extra={
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": round((time.perf_counter() - began) * 1000, 1) if began else None,
        },
    )
    return response
