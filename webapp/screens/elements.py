"""Small pieces of HTML for fields; every value in them is escaped."""

from typing import Any

from markupsafe import Markup
from wtforms.widgets import html_params

BEGIN = Markup("<{} {}>")
END = Markup("</{}>")


def begin(tag: str, **attributes: Any) -> Markup:
    """A start tag. True makes a bare attribute, False and None none; `data_x` becomes `data-x`."""
    given = {name: value for name, value in attributes.items() if value is not None}
    # html_params escapes each value.
    return BEGIN.format(tag, Markup(html_params(**given)))  # noqa: S704


def element(tag: str, content: str, **attributes: Any) -> Markup:
    """A whole element; content that is not markup is escaped."""
    return begin(tag, **attributes) + content + END.format(tag)
