"""What a view offers for each row beside looking, editing and deleting: Flask-Admin's column_extra_row_actions."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup

TEMPLATE = "admin/model/row_actions.html"


def offers(view: Any, actions: Sequence[Any]) -> Callable[[str, Any], Markup] | None:
    """What shows the actions of a row, by its key and record; None where a view has none."""
    if not actions:
        return None
    template = current_app.jinja_env.get_template(TEMPLATE)
    known = {"get_url": view.get_url}
    # An action looks its macro up by this name.
    context = template.new_context(known | {"row_actions": template.make_module(known)})
    return lambda key, record: Markup().join(action.render(context, key, record) for action in actions)
