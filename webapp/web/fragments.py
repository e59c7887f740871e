"""Pieces of pages that are the same for many readers are made once: templates call `kept` and `icon_of`."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from flask import Flask, request
from markupsafe import Markup

from webapp.web.speaking import speech

# Screens, languages and roles together make some hundred pieces; what is not asked for any more makes room.
MOST = 1000


class Fragments:
    """What an application has made, by template, language and whatever else the piece depends on."""

    def __init__(self, app: Flask) -> None:
        self._env = app.jinja_env
        self._sprite = f"{app.static_url_path}/icons.svg"
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()
        self._icons: dict[tuple[str, str], Markup] = {}

    def kept(self, template: str, *key: Hashable, **context: Any) -> Markup:
        """A template's output, which may depend on the language, on `key` and on nothing else.

        `context` is what it is made from; whatever of that differs between readers must be in the key.
        """
        known = (template, speech(), request.script_root, *key)
        found = self._kept.get(known)
        if found is None:
            # Its own template escapes what it shows.
            found = Markup(self._env.get_template(template).render(context))  # noqa: S704  # see above
            self._kept[known] = found
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(known)
        return found

    def icon_of(self, name: str) -> Markup:
        """One drawing of the sprite; what it means is said beside it."""
        known = (request.script_root, name)
        found = self._icons.get(known)
        if found is None:
            place = f"{request.script_root}{self._sprite}#{name}"
            found = Markup('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>').format(place)
            self._icons[known] = found
        return found


def install(app: Flask) -> None:
    """Let templates keep pieces."""
    fragments = Fragments(app)
    app.jinja_env.globals.update(kept=fragments.kept, icon_of=fragments.icon_of)
