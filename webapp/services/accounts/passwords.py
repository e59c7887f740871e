"""Passwords: which are acceptable, how they are kept, and a check that takes as long for people who do not exist."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.rules.fields import Saying
from webapp.rules.people.account import LONGEST_PASSWORD, SHORTEST_PASSWORD

# OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB, two passes. Eight threads that hash at once need 152 MiB.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
FEWEST_DIFFERENT = 5


def broken_by(password: str, email: str) -> Saying | None:
    """Why this password is not acceptable, or None."""
    if len(password) < SHORTEST_PASSWORD:
        return Saying("must have at least %(shortest)s characters", {"shortest": SHORTEST_PASSWORD})
    if len(password) > LONGEST_PASSWORD:
        return Saying("must have at most %(longest)s characters", {"longest": LONGEST_PASSWORD})
    if len(set(password)) < FEWEST_DIFFERENT:
        return Saying("must have at least %(fewest)s different characters", {"fewest": FEWEST_DIFFERENT})
    if email and (email in password.lower() or password.lower() in email):
        return Saying("must not be the e-mail address")
    return None


def hashed(password: str) -> str:
    """What to keep of a password."""
    return _hasher.hash(_bytes(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether this is the password; without one to compare it takes the same time and is never right."""
    nobodys = _nobodys_hash()  # made on the first call of either kind, so that its time tells nothing
    if len(password) > LONGEST_PASSWORD:
        password = password[: LONGEST_PASSWORD + 1]
    try:
        is_match = _hasher.verify(kept or nobodys, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return is_match and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def _bytes(password: str) -> bytes:
    # Keyboards and systems compose the same character differently (NIST SP 800-63B, 3.1.1.2).
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
