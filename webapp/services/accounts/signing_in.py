"""Sign in: count the attempt first, then compare; guessing is slowed for an account and for a source.

Strangers share one count of an account, so that many sources guess no more than one. A browser in which the account has
signed in before counts by itself (OWASP: device cookies): what strangers do keeps nobody out who comes from there.
"""

import hashlib
import hmac
import logging
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.orm import InstrumentedAttribute

from webapp import db
from webapp.models.login_attempt import LoginAttempt
from webapp.models.user import User
from webapp.rules.people import account as rules
from webapp.services.accounts import accounts, passwords, sources

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=5)
MOST_PER_ACCOUNT = 10
MOST_PER_SOURCE = 20
KEPT = timedelta(days=1)
# Held until the attempt is committed; some milliseconds, as nothing is compared meanwhile.
ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


class TooManyAttempts(Exception):
    """This account or source failed too often of late; nothing was compared."""

    retry_after = int(WINDOW.total_seconds())


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed, the network address they came from, and, where the account knows it, their browser."""

    email: str
    password: str = field(repr=False)
    address: str
    browser: str | None = None


def count(credentials: Credentials, secret_key: str) -> int:
    """Count an attempt as failed until it succeeds, and give its number; raises TooManyAttempts.

    It must be committed before sign_in is called: a hundred guesses sent at once then see each other, one by one.
    """
    account, source = _keys(credentials, secret_key)
    for key in (account, source):  # always in this order, so that two never wait for each other
        db.session.execute(ONE_BY_ONE, {"key": key})
    attempt = LoginAttempt(account_key=account, address_key=source)
    db.session.add(attempt)
    db.session.flush()
    is_guessing = _recent(LoginAttempt.account_key, account) > MOST_PER_ACCOUNT
    if is_guessing or _recent(LoginAttempt.address_key, source) > MOST_PER_SOURCE:
        log.warning("sign-in refused, too many attempts", extra=_facts(credentials))
        raise TooManyAttempts
    return attempt.id


def sign_in(credentials: Credentials, attempt: int, secret_key: str) -> User | None:
    """The active user with this e-mail address and password; None tells no more than that there is none."""
    user = proven(credentials, attempt, secret_key)
    if user is None:
        return None
    accounts.has_signed_in(user)
    db.session.flush()
    log.info("signed in", extra={"user_id": user.id})
    return user


def proven(credentials: Credentials, attempt: int, secret_key: str) -> User | None:
    """The same for somebody who is asked once more, such as for a new password.

    Their attempt is forgotten, and what failed before in a browser that the account knows; never what strangers did:
    otherwise whoever signs in often would give them new guesses.
    """
    user = accounts.by_email(credentials.email)
    is_right = passwords.is_right(credentials.password, user.password_hash if user else None)
    if user is None or not is_right or not user.is_active:
        log.info("sign-in failed", extra=_facts(credentials))
        return None
    if passwords.is_outdated(user.password_hash):
        _renew(user, credentials.password)
    account, _ = _keys(credentials, secret_key)
    own = LoginAttempt.id == attempt
    if credentials.browser is not None:
        own |= LoginAttempt.account_key == account
    db.session.execute(delete(LoginAttempt).where(own))
    return user


def _renew(user: User, password: str) -> None:
    """Keep the password under today's settings, unless somebody has set another one since it was compared."""
    is_same = (User.id == user.id) & (User.password_hash == user.password_hash)
    db.session.execute(update(User).where(is_same).values(password_hash=passwords.hashed(password)))


def forget_old_attempts() -> int:
    """Delete attempts older than a day; how many."""
    old: ColumnElement[bool] = LoginAttempt.attempted_at < func.now() - KEPT
    return len(db.session.scalars(delete(LoginAttempt).where(old).returning(LoginAttempt.id)).all())


def account_key(email: str, secret_key: str) -> str:
    """What stands for an account where its name must not be read."""
    return _keyed(f"account:{accounts.normal_email(email)}", secret_key)


def _recent(column: InstrumentedAttribute[str], key: str) -> int:
    since = func.clock_timestamp() - WINDOW
    counted = select(func.count()).where(column == key, LoginAttempt.attempted_at > since)
    return db.session.scalar(counted) or 0


def _keys(credentials: Credentials, secret_key: str) -> tuple[str, str]:
    """What the attempt counts for, an account and a source, as keyed hashes.

    Whoever reads the table learns neither who tried nor from where.
    """
    if credentials.browser is not None:
        known = f"{credentials.browser}:{accounts.normal_email(credentials.email)}"
        return _keyed(f"known:{known}", secret_key), _keyed(f"browser:{known}", secret_key)
    source = _keyed(f"address:{sources.of(credentials.address)}", secret_key)
    return account_key(credentials.email, secret_key), source


def _keyed(words: str, secret_key: str) -> str:
    return hmac.new(secret_key.encode(), words.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _facts(credentials: Credentials) -> dict[str, str | bool]:
    """Which account and source failed; what is no e-mail address may be a password in the wrong field and stays out."""
    email = accounts.normal_email(credentials.email)
    is_email = len(email) <= accounts.LONGEST_EMAIL and rules.EMAIL.broken_by(email) is None
    return {
        "account": email if is_email else "(not an e-mail address)",
        "source": sources.of(credentials.address),
        "is_known_browser": credentials.browser is not None,
    }
