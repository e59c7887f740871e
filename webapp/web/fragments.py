"""Pieces of pages that are the same for many readers are made once: templates call `kept` and `icon_of`."""

from collections import OrderedDict
from collections.abc import Hashable

from flask import Flask, request
from markupsafe import Markup

from webapp.web.speaking import speech

# Screens, languages and roles together make some hundred pieces; what is not asked for any more makes room.
MOST = 1000


class Fragments:
    """What an application has made, by template, language and all of its context."""

    def __init__(self, app: Flask) -> None:
        self._env = app.jinja_env
        self._sprite = f"{app.static_url_path}/icons.svg"
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()
        self._icons: dict[tuple[str, str], Markup] = {}

    def kept(self, template: str, **context: Hashable) -> Markup:
        """A template's output, which depends on the language, on its whole context and on nothing else.

        What it finds out for itself, such as what somebody in a role may open, its context names too.
        """
        key = (template, speech(), request.script_root, *context.items())
        markup = self._kept.get(key)
        if markup is None:
            rendered = self._env.get_template(template).render(context)
            markup = Markup(rendered)  # noqa: S704  # its own template escapes what it shows
            self._kept[key] = markup
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return markup

    def icon_of(self, name: str) -> Markup:
        """One drawing of the sprite; what it means is said beside it."""
        key = (request.script_root, name)
        markup = self._icons.get(key)
        if markup is None:
            place = f"{request.script_root}{self._sprite}#{name}"
            markup = Markup('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>').format(place)
            self._icons[key] = markup
        return markup


def install(app: Flask) -> None:
    """Let templates keep pieces."""
    fragments = Fragments(app)
    app.jinja_env.globals.update(kept=fragments.kept, icon_of=fragments.icon_of)
