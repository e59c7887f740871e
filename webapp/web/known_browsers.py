"""A browser keeps, signed, which accounts have signed in there: strangers' guesses do not keep these people out."""

import secrets
from typing import Any

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp.services.accounts import signing_in

# Half a year after the last signing in, a browser is a stranger again.
DAYS = 180
# People who share one machine.
MOST_ACCOUNTS = 10
SALT = "known-browser"
DAY = 24 * 3600


def number_for(email: str) -> str | None:
    """What this browser is called where this account has signed in there before; None for strangers."""
    kept = _kept()
    return kept["browser"] if _account(email) in kept["accounts"] else None


def is_known() -> bool:
    """Whether anybody has signed in here before."""
    return bool(_kept()["accounts"])


def remember(answer: Response, email: str) -> None:
    """Let the browser that gets this answer be known to this account."""
    kept, account = _kept(), _account(email)
    accounts = [account, *(other for other in kept["accounts"] if other != account)][:MOST_ACCOUNTS]
    is_secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(
        _cookie(),
        _signer().dumps({"browser": kept["browser"], "accounts": accounts}),
        max_age=DAYS * DAY,
        secure=is_secure,
        httponly=True,
        samesite="Lax",
    )


def _kept() -> dict[str, Any]:
    """The browser's name and accounts; a new name and none where it shows nothing of ours."""
    try:
        kept = _signer().loads(request.cookies.get(_cookie(), ""), max_age=DAYS * DAY)
    except BadSignature:
        return {"browser": secrets.token_hex(16), "accounts": []}
    return dict(kept)


def _account(email: str) -> str:
    """Short enough for a cookie of ten, and without the key nobody's name."""
    return signing_in.account_key(email, _secret_key())[:24]


def _cookie() -> str:
    # The prefix makes browsers refuse a cookie of this name that another host of the domain has set.
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_secret_key(), salt=SALT)


def _secret_key() -> str:
    key = current_app.secret_key
    assert isinstance(key, str)
    return key
