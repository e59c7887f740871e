"""Sign in: count the attempt first, then compare; guessing is slowed for an account and for an address."""

import hashlib
import hmac
import logging
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import InstrumentedAttribute

from webapp import db
from webapp.models.login_attempt import LoginAttempt
from webapp.models.user import User
from webapp.services.accounts import accounts, passwords

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=5)
MOST_PER_ACCOUNT = 10
MOST_PER_ADDRESS = 20
KEPT = timedelta(days=1)
# Held until the attempt is committed; some milliseconds, as nothing is compared meanwhile.
ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


class TooManyAttempts(Exception):
    """This account or address failed too often of late; nothing was compared."""

    retry_after = int(WINDOW.total_seconds())


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed, and the network address they came from."""

    email: str
    password: str = field(repr=False)
    address: str


def count(credentials: Credentials, secret_key: str) -> None:
    """Count an attempt as failed until it succeeds; raises TooManyAttempts.

    It must be committed before sign_in is called: a hundred guesses sent at once then see each other, one by one.
    """
    account, address = _keys(credentials, secret_key)
    for key in (account, address):  # always in this order, so that two never wait for each other
        db.session.execute(ONE_BY_ONE, {"key": key})
    db.session.add(LoginAttempt(account_key=account, address_key=address))
    db.session.flush()
    is_guessing = _recent(LoginAttempt.account_key, account) > MOST_PER_ACCOUNT
    if is_guessing or _recent(LoginAttempt.address_key, address) > MOST_PER_ADDRESS:
        log.warning("sign-in refused, too many attempts")
        raise TooManyAttempts


def sign_in(credentials: Credentials, secret_key: str) -> User | None:
    """The active user with this e-mail address and password; None tells no more than that there is none."""
    user = proven(credentials, secret_key)
    if user is None:
        log.info("sign-in failed")
        return None
    accounts.has_signed_in(user)
    db.session.flush()
    log.info("signed in", extra={"user_id": user.id})
    return user


def proven(credentials: Credentials, secret_key: str) -> User | None:
    """The same for somebody who is asked once more, such as for a new password; their attempts are forgotten."""
    user = accounts.by_email(credentials.email)
    is_right = passwords.is_right(credentials.password, user.password_hash if user else None)
    if user is None or not is_right or not user.is_active:
        return None
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hashed(credentials.password)
    account, _ = _keys(credentials, secret_key)
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.account_key == account))
    return user


def forget_old_attempts() -> int:
    """Delete attempts older than a day; how many."""
    old: ColumnElement[bool] = LoginAttempt.attempted_at < func.now() - KEPT
    return len(db.session.scalars(delete(LoginAttempt).where(old).returning(LoginAttempt.id)).all())


def _recent(column: InstrumentedAttribute[str], key: str) -> int:
    since = func.clock_timestamp() - WINDOW
    counted = select(func.count()).where(column == key, LoginAttempt.attempted_at > since)
    return db.session.scalar(counted) or 0


def _keys(credentials: Credentials, secret_key: str) -> tuple[str, str]:
    """Keyed hashes: whoever reads the table learns neither who tried nor from where."""
    account = f"account:{accounts.normal_email(credentials.email)}"
    address = f"address:{credentials.address}"
    first, second = (
        hmac.new(secret_key.encode(), words.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
        for words in (account, address)
    )
    return first, second
