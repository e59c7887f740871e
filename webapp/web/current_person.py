"""Who sends this request."""

from dataclasses import astuple, dataclass
from typing import Any

from flask import abort
from flask_login import current_user

from webapp.db import Label
from webapp.services.accounts.accounts import Visitor
from webapp.words import labels


@dataclass(frozen=True, slots=True)
class Person(Visitor):
    """Somebody signed in, as the request found them; no part of it asks the database again."""

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return True

    @property
    def is_anonymous(self) -> bool:
        return False

    @property
    def role_label(self) -> Label:
        """Their role as people read it."""
        return labels.WORDS["role"][self.role]

    def get_id(self) -> str:
        """What the session cookie holds; raising the version ends every session that has the old one."""
        return f"{self.id}:{self.session_version}"


def person(visitor: Visitor) -> Person:
    """The person behind an account."""
    return Person(*astuple(visitor))


def present() -> Person | None:
    """Who is signed in, if anybody."""
    somebody: Any = current_user
    found = somebody._get_current_object()
    return found if isinstance(found, Person) else None


def signed_in() -> Person:
    """Who is signed in; for views that nobody else reaches."""
    return present() or abort(401)
