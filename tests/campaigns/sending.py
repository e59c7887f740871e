"""Sends what was thought up, as somebody in a role, and sees that nothing broke and nobody wrote what they may not."""

import traceback
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from flask import Flask
from sqlalchemy import Connection, func, select, text

from tests import people
from tests.campaigns.asking import ANYBODY, Ask
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.user import User
from webapp.services.accounts import permissions
from webapp.web import gate

SAFE = ("GET", "HEAD", "OPTIONS")
# Whoever may do nothing is counted all the same when they try to sign in.
COUNTED = {"account.sign_in"}
LONGEST_BATCH = 20


def checksum() -> dict[str, str]:
    """Table -> one number for all its rows."""
    tables = [table.name for table in db.Base.metadata.sorted_tables]
    sums = [f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} AS t)" for name in tables]
    row = db.session.execute(text(f"SELECT {', '.join(sums)}")).one()
    return dict(zip(tables, row, strict=True))


def _change_sets() -> int:
    return db.session.scalar(select(func.count()).select_from(ChangeSet)) or 0


def in_parts(form: str) -> bytes:
    """The same names and values as parts; one that is called like a file is one."""
    parts = []
    for pair in filter(None, form.split("&")):
        name, _, value = pair.partition("=")
        file = '; filename="a.csv"' if value.endswith("csv") else ""
        head = f'--edge\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts.append(head.encode() + unquote_to_bytes(value) + b"\r\n")
    return b"".join(parts) + b"--edge--\r\n"


@dataclass
class Sender:
    """A house full of people, each in a role, and what went wrong so far."""

    app: Flask
    people: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    harmless: list[Ask] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    # How many requests to each endpoint have stored a change set.
    stored: Counter[str] = field(default_factory=Counter)
    _known: dict[str, str] | None = None

    def send(self, ask: Ask) -> None:
        """Send it, and note what is wrong with the answer."""
        sender = None if ask.role == ANYBODY else self._person(ask.role)
        may_write = self.may_write(ask)
        if may_write:
            self.compare()
            self._known = None
        elif self._known is None:
            self._known = checksum()
        status = self._written(ask, sender) if may_write else self._status(ask, sender)
        if status >= 500:
            self.faults.append(f"{status}: {ask}")
        self.answers[status] += 1
        if not may_write:
            self.harmless.append(ask)
            if len(self.harmless) >= LONGEST_BATCH:
                self.compare()

    def compare(self) -> None:
        """What may not have written anything has not."""
        if self.harmless and self._known is not None and (now := checksum()) != self._known:
            written = [name for name, sums in now.items() if self._known[name] != sums]
            self.faults.append(f"one of these wrote {written}: {self.harmless}")
            self._known = now
        self.harmless = []

    def may_write(self, ask: Ask) -> bool:
        """Whether this person may change something by this request."""
        if ask.method in SAFE or not ask.has_token:
            return False
        if ask.endpoint in COUNTED:
            return True
        with self.app.app_context():
            right = gate.right_of(ask.endpoint)
        if right == permissions.PUBLIC:
            return True
        return right is not None and ask.role != ANYBODY and permissions.allows(ask.role, right)

    def _written(self, ask: Ask, sender: User | None) -> int:
        """The answer, once it is counted whether something was stored, and taken back where nothing is to be left."""
        before = _change_sets()
        # What is read before the request has a savepoint of its own, with which this one would end; and whoever sends
        # it stays known when a request's end takes the session away.
        db.session.remove()
        connection = db.session.get_bind()
        assert isinstance(connection, Connection)
        savepoint = connection.begin_nested() if ask.is_taken_back else None
        status = self._status(ask, sender)
        self.stored[ask.endpoint] += _change_sets() > before
        if savepoint is not None:
            db.session.remove()
            savepoint.rollback()
        return status

    def _status(self, ask: Ask, sender: User | None) -> int:
        client = self.app.test_client() if sender is None else people.signed_in(self.app, sender)
        token = people.csrf_token(client) if ask.has_token else "no token"
        body: bytes = ask.body.encode()
        kind = ask.kind
        if "form-urlencoded" in ask.kind:
            body += b"&csrf_token=" + token.encode()
        elif "multipart" in ask.kind:
            body, kind = in_parts(ask.body), f"{ask.kind}; boundary=edge"
        try:
            answer = client.open(
                ask.path,
                method=ask.method,
                query_string=ask.query,
                data=body if ask.method not in SAFE else None,
                content_type=kind if ask.method not in SAFE else None,
                headers=[*ask.headers, ("X-CSRFToken", token)],
            )
            answer.close()
            return answer.status_code
        except Exception:  # whatever comes up through the application is what the campaign looks for
            frames = [line for line in traceback.format_exc().splitlines() if line.strip()]
            self.faults.append("\n".join([repr(ask), *frames[-8:]]))
            db.session.rollback()
            return 0

    def _person(self, role: str) -> User:
        """Somebody in this role, whatever administrators have done to others meanwhile."""
        known = self.people.get(role)
        stored = None if known is None else db.session.get(User, known, populate_existing=True)
        if stored is None or not stored.is_active or stored.role != role:
            self.compare()
            self._known, stored = None, people.user(role)
        self.people[role] = stored.id
        return stored
