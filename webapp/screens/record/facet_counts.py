"""The counts of a list's facets, which its panel fetches when it is looked at."""

from dataclasses import astuple

from flask import jsonify
from flask.typing import ResponseReturnValue

from webapp.lists import facets
from webapp.screens.record.screen import RecordScreen
from webapp.web.speaking import speech


def answer(screen: RecordScreen) -> ResponseReturnValue:
    """By the name of each facet: whether there are more rows than were counted, and [name, value, label, count] of each
    value that it has; the name tells a value from having none."""
    counted = facets.counted(screen.asked(), speech())
    return jsonify(
        {
            name: {"has_more": facet.has_more, "values": [astuple(value) for value in facet.values]}
            for name, facet in counted.items()
        }
    )
