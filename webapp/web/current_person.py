"""Who sends this request."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, g, request, session
from flask_login import current_user

from webapp.label import Label
from webapp.services.accounts import visitors
from webapp.services.accounts.visitors import Visitor
from webapp.words import labels

SIGNED_IN_AT = "signed_in_at"
# When they had signed in the time before; there is none in the session of a first visit.
LAST_VISIT_AT = "last_visit_at"
# Number and session version, as Person.get_id writes them, within what their columns hold.
SESSION = re.compile(r"([0-9]{1,18}):([0-9]{1,9})")
FIELDS = fields(Visitor)
# How far the clocks of two machines may differ.
SECONDS_OF_SKEW = 60


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
    return Person(*[getattr(visitor, one.name) for one in FIELDS])


def present() -> Person | None:
    """Who is signed in, if anybody."""
    somebody: Any = current_user
    person = somebody._get_current_object()
    return person if isinstance(person, Person) else None


def load(session_id: str) -> Person | None:
    """The person whose session this is, or None where it has ended."""
    parts = SESSION.fullmatch(session_id)
    if parts is None or not _is_recent(session.get(SIGNED_IN_AT)):
        return None
    visitor = visitors.in_session(int(parts[1]), int(parts[2]))
    return person(visitor) if visitor else None


def looks() -> Mapping[str, str | None]:
    """The colours and row height of whoever asks, where the request knows them already; else those of the browser."""
    # Not `present`: a page that says why the database is away must not ask it.
    reader = g.get("_login_user")
    if not isinstance(reader, Person):
        return request.cookies
    return {"theme": reader.theme, "density": reader.density}


def waiting() -> tuple[tuple[str, str], ...]:
    """How much waits behind entries of the menu: endpoint and number; known since the request found out who asks."""
    reader = present()
    if reader is None:
        return ()
    most = visitors.MOST_WAITING
    counts = (("change_sets", reader.waiting), ("quality", reader.findings), ("uploads", reader.uploads))
    return tuple(
        (name, f"{most - 1}+" if number >= most else str(number)) for name, number in counts if number
    )


def last_visit_at() -> datetime | None:
    """When the reader had signed in before this session."""
    noted = session.get(LAST_VISIT_AT)
    return datetime.fromtimestamp(noted, UTC) if isinstance(noted, int) else None


def signed_in() -> Person:
    """Who is signed in; for views that nobody else reaches."""
    return present() or abort(401)


def _is_recent(signed_in_at: Any) -> bool:
    """Whether the session is within its hours, whatever else refreshed the cookie; a clock set back ends it."""
    if not isinstance(signed_in_at, int):
        return False
    age = time.time() - signed_in_at
    return -SECONDS_OF_SKEW <= age <= current_app.permanent_session_lifetime.total_seconds()
