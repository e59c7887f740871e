"""What a platform asks: does the process live, and may it get visitors."""

from typing import Any

from flask import Blueprint, Response, jsonify
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import SQLAlchemyError

from webapp.services import releasing
from webapp.services.accounts import permissions

blueprint = Blueprint("status", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers; nothing else is asked, so that a lost database restarts nobody."""
    return _answer(200, status="ok")


@blueprint.get("/readyz")
def readyz() -> Response:
    """The database answers and is at the revision that this code needs, or past it."""
    try:
        standing = releasing.look()
    except SQLAlchemyError:
        return _answer(503, status="unavailable", reason="the database does not answer")
    if standing.is_fit:
        return _answer(200, status="ok", revision=standing.found)
    reason = str(standing.finding)
    return _answer(503, status="unavailable", reason=reason, wanted=standing.wanted, found=standing.found)


# Read when the process starts: files that change under a running process are not its code.
@blueprint.record_once
def _remember(_: BlueprintSetupState) -> None:
    releasing.shipped()


# The gate reads this; the platform that asks has no account.
for view in (healthz, readyz):
    view.required_right = permissions.PUBLIC  # type: ignore[attr-defined]  # functions take attributes


def _answer(code: int, **facts: Any) -> Response:
    response = jsonify(facts)
    response.status_code = code
    response.headers["Cache-Control"] = "no-store"
    return response
