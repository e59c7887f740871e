"""What an indicator is reckoned of as its page shows it: a value by its name, and where it is looked at."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import url_for

from webapp import db
from webapp.models import code_words
from webapp.models.market.corporate_action import CorporateAction
from webapp.screens.record import registry
from webapp.services.changes import row_codec
from webapp.words import formatters, keys, numbers
from webapp.words.speech import Speech


class Place(NamedTuple):
    """A row in which a figure stands, and what it adds to it; nothing where it is the figure itself."""

    name: str
    url: str | None
    value: Any = None
    sign: str = ""


class Shown(NamedTuple):
    """A value with its name and unit, and where it is looked at."""

    label: str
    value: Any
    unit: str
    places: Sequence[Place]


def split(action: Mapping[str, Any], speech: Speech) -> Shown:
    """A split by its ex-date, with how many shares became how many."""
    named = Place(str(formatters.day(action["ex_on"], speech)), address(CorporateAction, action))
    before, after = (numbers.write(action[name]) for name in ("ratio_from", "ratio_to"))
    return Shown(speech.say(code_words.ACTIONS[action["kind"]]), f"{before} → {after}", "", [named])


def address(model: type[db.Base], row: Mapping[str, Any]) -> str | None:
    """Where a row is looked at, by those who may."""
    view = registry.view_of(model)
    if view is None or "details_view" not in view.allowed():
        return None
    return url_for(f"{view.endpoint}.details_view", id=keys.write(row_codec.key_of(model, row)))
