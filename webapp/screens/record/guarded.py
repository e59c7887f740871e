"""Deny by default: a view function runs only for those who have the right that its screen declares for it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from flask import abort, request
from flask.typing import ResponseReturnValue

from webapp.services.accounts import permissions
from webapp.web import current_person

NOBODY: frozenset[str] = frozenset()


@lru_cache
def _allowed(rights: tuple[tuple[str, str], ...], role: str | None) -> frozenset[str]:
    """The view functions that somebody in this role may call; None asks what anybody might."""
    return frozenset(name for name, right in rights if role is None or permissions.allows(role, right))


class Guarded:
    """Name of a view function -> right. What is not named there has no address and nobody may call it."""

    rights: ClassVar[Mapping[str, str]] = {}

    def allowed(self) -> frozenset[str]:
        """The view functions that whoever asks may call; where nobody asks, those that anybody might."""
        rights = tuple(self.rights.items())
        if not request:
            return _allowed(rights, None)
        person = current_person.present()
        return NOBODY if person is None else _allowed(rights, person.role)

    def may(self, name: str) -> bool:
        """Whether whoever asks may call this view function."""
        return name in self.allowed()

    def is_accessible(self) -> bool:
        """Whether the menu offers this screen."""
        return not self.allowed().isdisjoint(("index_view", "index"))

    def _handle_view(self, name: str, **_kwargs: Any) -> ResponseReturnValue | None:
        if not self.may(name):
            abort(403)
        return None

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin's own calls the function again when it raises TypeError, which hides what went wrong.
        return fn(self, *args, **kwargs)
