"""Small pieces of HTML for fields; every value in them is escaped."""

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

# Fields, languages and states together; what is not asked for any more makes room.
MOST = 4000
Attributes = tuple[tuple[str, Any], ...]
# An input up to its value, and after it.
Halves = tuple[str, str]


def begin(tag: str, **attributes: Any) -> Markup:
    """A start tag. True makes a bare attribute, False and None none; `data_x` becomes `data-x`, `class_` class.

    A wide form has hundreds of these, so this does only what we need of wtforms.widgets.html_params.
    """
    return Markup(f"<{tag}{_written(tuple(attributes.items()))}>")  # noqa: S704  # escaped there


def control(first: dict[str, Any], value: str, **attributes: Any) -> Markup:
    """An input with a value. The rest of it is made once and kept, so nothing else may come from a record."""
    return filled(halves(tuple(first.items()), tuple(attributes.items())), value)


def filled(halves: Halves, value: str) -> Markup:
    """An input with a value between the halves that were made of it."""
    before, after = halves
    return Markup(f'{before} value="{escape(value)}"{after}>')  # noqa: S704  # escaped there, and here


def end(tag: str) -> Markup:
    """An end tag."""
    return Markup(f"</{tag}>")  # noqa: S704  # a tag of ours


def element(tag: str, content: str, **attributes: Any) -> Markup:
    """A whole element; content that is not markup is escaped."""
    return begin(tag, **attributes) + content + end(tag)


@lru_cache(maxsize=MOST)
def halves(before: Attributes, after: Attributes) -> Halves:
    """An input up to its value, and after it, made once and kept: nothing in it comes from a record."""
    return f"<input{_written(before)}", _written(after)


def _written(attributes: Attributes) -> str:
    """Attributes, each after a space."""
    parts = []
    for name, value in attributes:
        if value is True:
            parts.append(f" {_attribute(name)}")
        elif value is not False and value is not None:
            parts.append(f' {_attribute(name)}="{escape(value)}"')
    return "".join(parts)


def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
