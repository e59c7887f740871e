"""The unit in which a browser shows amounts of money: remembered in a cookie for lists whose address says nothing."""

from flask import after_this_request, request
from flask.wrappers import Response

from webapp.words.units import UNITS, YEN, Unit

NAME = "unit"
A_YEAR = 365 * 24 * 3600


def remembered() -> Unit:
    """The unit last chosen in this browser, otherwise yen."""
    return UNITS.get(request.cookies.get(NAME, ""), YEN)


def remember(unit: Unit) -> None:
    """Keep a choice."""

    @after_this_request
    def _keep(response: Response) -> Response:
        response.set_cookie(
            NAME, unit.word, max_age=A_YEAR, httponly=True, secure=request.is_secure, samesite="Lax"
        )
        return response
