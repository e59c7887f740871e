"""How pages look to somebody: colours and row height, kept with the account and in cookies for signed-out pages."""

from collections.abc import Mapping

from flask import Blueprint, Flask, after_this_request, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from webapp import db
from webapp.services.accounts import accounts, permissions
from webapp.services.accounts.accounts import AccountError
from webapp.web import current_person, error_pages, gate, way_back
from webapp.web.current_person import Person

A_YEAR = 365 * 24 * 3600
HOME = "/admin/"

blueprint = Blueprint("appearance", __name__)


def install(app: Flask) -> None:
    """Add the address that keeps a choice, and let every page know it before its first paint."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["appearance"] = current_person.looks


def remember(choices: Mapping[str, str | None]) -> None:
    """Keep choices in the browser too: the page that asks people to sign in has only those."""

    @after_this_request
    def _keep(response: Response) -> Response:
        for name, word in choices.items():
            if word is not None:
                response.set_cookie(name, word, max_age=A_YEAR, secure=request.is_secure, samesite="Lax")
            elif name in request.cookies:
                response.delete_cookie(name, secure=request.is_secure, samesite="Lax")
        return response


def remember_those_of(person: Person) -> None:
    """The same with all choices of somebody who has just signed in."""
    remember(_choices(person))


@blueprint.post("/account/settings")
@gate.requires(permissions.SIGNED_IN)
def save() -> ResponseReturnValue:
    """Keep what was chosen; a script gets no page, as it has changed the one that is shown."""
    settings = {name: request.form[name] or None for name in accounts.SETTINGS if name in request.form}
    if not settings:
        return error_pages.answer(error_pages.Problem(400))
    try:
        with db.transaction():
            accounts.choose(current_person.signed_in().id, settings)
    except AccountError:
        return error_pages.answer(error_pages.Problem(400))
    remember(settings)
    if error_pages.wants_json():
        return make_response("", 204)
    return redirect(way_back.safe_next((request.form.get("next") or "").rstrip("?")) or HOME, 303)


def _choices(person: Person) -> dict[str, str | None]:
    return {name: getattr(person, name) for name in accounts.SETTINGS}
