"""Whose word counts for where a request comes from: the proxies' that the settings name, and nobody else's."""

import logging

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

log = logging.getLogger(__name__)

COUNTED = "X-Forwarded-For"
HEADERS = (COUNTED, "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded")


def install(app: Flask, behind: int) -> None:
    """Believe so many proxies in front of an application; say once where one is not believed."""
    if behind:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind)  # type: ignore[method-assign]  # Flask says so
    is_said = False

    @app.before_request
    def warn() -> None:
        nonlocal is_said
        if not is_said and (names := ignored(behind)):
            is_said = True
            log.warning(
                "%s ignored as BEHIND_PROXIES is %s: all visitors of that proxy count as one source. "
                "Set it to the number of proxies in front.",
                ", ".join(names),
                behind,
                extra={"source": request.remote_addr},
            )


def ignored(behind: int) -> list[str]:
    """The headers of this request that say where it comes from, where none of them is believed."""
    named = [part for part in request.headers.get(COUNTED, "").split(",") if part.strip()]
    if behind and len(named) >= behind:
        return []
    return [name for name in HEADERS if name in request.headers]
