"""What a platform asks: does the process live, and may it get visitors."""

from functools import cache
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, jsonify
from flask.blueprints import BlueprintSetupState
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from webapp import db
from webapp.services import permissions

MIGRATIONS = Path(__file__).parents[2] / "migrations"
RECORDED = text("SELECT version_num FROM alembic_version")

blueprint = Blueprint("status", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers; nothing else is asked, so that a lost database restarts nobody."""
    return _answer(200, status="ok")


@blueprint.get("/readyz")
def readyz() -> Response:
    """The database answers and is at the revision that this code needs, or past it."""
    wanted, known = shipped_revisions()
    try:
        found = db.session.scalar(RECORDED)
    except ProgrammingError:
        found = None  # a database that no release step has visited
    except SQLAlchemyError:
        return _answer(503, status="unavailable", reason="the database does not answer")
    finally:
        db.session.rollback()
    # A revision that this code does not know is a newer release's: old processes serve until they are replaced.
    if found == wanted or (found is not None and found not in known):
        return _answer(200, status="ok", revision=found)
    return _answer(
        503, status="unavailable", reason="the release step has not run", wanted=wanted, found=found
    )


@cache
def shipped_revisions() -> tuple[str | None, frozenset[str]]:
    """The newest revision in the migrations folder, and all of them."""
    revisions = ScriptDirectory(str(MIGRATIONS))
    return revisions.get_current_head(), frozenset(each.revision for each in revisions.walk_revisions())


# Read when the process starts: files that change under a running process are not its code.
@blueprint.record_once
def _remember(_: BlueprintSetupState) -> None:
    shipped_revisions()


# The screens' guard reads this; the platform that asks has no account.
for view in (healthz, readyz):
    view.required_right = permissions.PUBLIC  # type: ignore[attr-defined]  # functions take attributes


def _answer(code: int, **facts: Any) -> Response:
    response = jsonify(facts)
    response.status_code = code
    response.headers["Cache-Control"] = "no-store"
    return response
