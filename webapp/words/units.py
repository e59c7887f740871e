"""The unit in which lists show amounts of money: in the address, and remembered in a cookie of the browser."""

from dataclasses import dataclass
from decimal import Decimal

from flask import after_this_request, request
from flask.wrappers import Response
from sqlalchemy import Column

from webapp.db import Label

NAME = "unit"
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Unit:
    """So many yen, as the address calls it and as people do."""

    word: str
    yen: int
    label: Label

    def of(self, amount: Decimal | int) -> int:
        """Whole units in an amount of yen: what is left over is cut off, never rounded, as in filings."""
        whole = abs(int(amount)) // self.yen
        return -whole if amount < 0 else whole


YEN = Unit("yen", 1, Label("円", "yen"))
UNITS = {
    unit.word: unit
    for unit in (
        YEN,
        Unit("thousand", 1_000, Label("千円", "thousand yen")),
        Unit("million", 1_000_000, Label("百万円", "million yen")),
        Unit("hundred-million", 100_000_000, Label("億円", "hundred million yen")),
    )
}


def asked() -> Unit | None:
    """The unit in the address, if it is one."""
    return UNITS.get(request.args.get(NAME, ""))


def chosen() -> Unit:
    """The unit in the address, otherwise the one last chosen in this browser, otherwise yen."""
    return asked() or UNITS.get(request.cookies.get(NAME, ""), YEN)


def is_money(column: Column[object] | None) -> bool:
    """Whether a column holds amounts of whole yen."""
    return column is not None and column.info.get("unit") == "money"


def remember(unit: Unit) -> None:
    """Keep a choice for lists whose address says nothing."""

    @after_this_request
    def _keep(response: Response) -> Response:
        response.set_cookie(
            NAME, unit.word, max_age=A_YEAR, httponly=True, secure=request.is_secure, samesite="Lax"
        )
        return response
