"""Where the database stands, for those who release: always to be seen, and first where nothing can be saved."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from webapp.label import Label
from webapp.screens.work.panel import Panel
from webapp.services import releasing
from webapp.services.accounts import permissions
from webapp.web.current_person import Person
from webapp.web.speaking import speech
from webapp.words import standings


def read(_reader: Person) -> Mapping[str, Any]:
    """The place and the revision, and a sentence where they do not fit."""
    standing = releasing.standing()
    label, tone = standings.PLACES[standing.place]
    return {
        "state": speech().say(label),
        "tone": tone,
        "revision": standing.found or releasing.NOTHING,
        "sentence": None if standing.is_fit else speech().sentence(standing.finding),
        "url": url_for("release.index"),
    }


PANEL = Panel(
    name="release",
    label=Label("リリース", "Release"),
    part="today",
    place=90,
    template="home/release.html",
    read=read,
    right=permissions.RELEASE,
)
