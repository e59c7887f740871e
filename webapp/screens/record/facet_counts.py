"""The counts of a list's facets, which its panel fetches when it is looked at."""

from dataclasses import astuple

from flask import jsonify
from flask.typing import ResponseReturnValue

from webapp.lists import facets, query
from webapp.screens.record.screen import RecordScreen, refuse
from webapp.web.speaking import speech


def answer(screen: RecordScreen) -> ResponseReturnValue:
    """By the name of each facet: whether there are more rows than were counted, and [name, value, label, count] of each
    value that it has; the name tells a value from having none."""
    try:
        asked = screen.understood()
    except query.Misread as misread:
        return refuse(misread)
    counted = facets.counted(asked, speech())
    return jsonify(
        {
            name: {"has_more": facet.has_more, "values": [astuple(value) for value in facet.values]}
            for name, facet in counted.items()
        }
    )
