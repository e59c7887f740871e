"""People to test with: an account in a role, and a browser in which they have signed in."""

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection

from webapp import db
from webapp.models.user import User
from webapp.services.accounts import passwords
from webapp.web import leaving
from webapp.web.current_person import SIGNED_IN_AT

PASSWORD = "correct horse battery staple"
_numbers = itertools.count(1)
# The databases that many tests have in common, one after another.
SHARED: set[str | None] = set()
REAL, CHEAP = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def user(role: str = "steward", **values: Any) -> User:
    """An account, stored in the test's transaction: one that were committed would meet other tests."""
    bind = db.session.get_bind()
    is_alone = isinstance(bind, Connection) or bind.engine.url.database not in SHARED
    assert is_alone, "ask for the fixture `connection`"
    return committed(role, **values)


def committed(role: str, **values: Any) -> User:
    """An account for the eyes of other connections, which the test takes away again."""
    number = next(_numbers)
    facts = {
        "email": f"{role}{number}@example.co.jp",
        "name": f"{role} {number}",
        "role": role,
        "password_hash": _kept(),
        "is_active": True,
    }
    made = User(**(facts | values))
    db.session.add(made)
    db.session.commit()
    db.session.refresh(made)
    return made


def signed_in(app: Flask, somebody: User) -> FlaskClient:
    """A browser in which this person has signed in."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = f"{somebody.id}:{somebody.session_version}"
        session[SIGNED_IN_AT] = int(time.time())
        session["csrf_token"] = "a" * 40
    return client


def csrf_token(client: FlaskClient) -> str:
    """The token that a form in this browser carries."""
    with client.session_transaction() as session:
        session.setdefault("csrf_token", "a" * 40)
        kept = session["csrf_token"]
    signer = URLSafeTimedSerializer(client.application.secret_key or "", salt="wtf-csrf-token")
    token = signer.dumps(kept)
    return leaving.masked(token if isinstance(token, str) else token.decode())


@contextmanager
def hashing_by(hasher: PasswordHasher) -> Iterator[None]:
    """Hash passwords that way, and forget what was hashed in another."""
    before = passwords._hasher
    _hash_by(hasher)
    yield
    _hash_by(before)


def _hash_by(hasher: PasswordHasher) -> None:
    passwords._hasher = hasher
    passwords._nobodys_hash.cache_clear()
    _kept.cache_clear()


@cache
def _kept() -> str:
    return passwords.hashed(PASSWORD)
