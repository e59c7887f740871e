"""Small pieces of HTML for fields; every value in them is escaped."""

from typing import Any

from markupsafe import Markup, escape


def begin(tag: str, **attributes: Any) -> Markup:
    """A start tag. True makes a bare attribute, False and None none; `data_x` becomes `data-x`, `class_` class.

    A wide form has hundreds of these, so this does only what we need of wtforms.widgets.html_params.
    """
    parts = [tag]
    for name, value in attributes.items():
        if value is True:
            parts.append(_attribute(name))
        elif value is not False and value is not None:
            parts.append(f'{_attribute(name)}="{escape(value)}"')
    return Markup(f"<{' '.join(parts)}>")  # noqa: S704  # values are escaped, names are ours


def end(tag: str) -> Markup:
    """An end tag."""
    return Markup(f"</{tag}>")  # noqa: S704  # a tag of ours


def element(tag: str, content: str, **attributes: Any) -> Markup:
    """A whole element; content that is not markup is escaped."""
    return begin(tag, **attributes) + content + end(tag)


def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
