"""Accounts: make and change them; somebody who can manage users always stays."""

import logging
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from webapp import db, sqlstates
from webapp.models.user import User
from webapp.rules.fields import CONTROL, FieldRule, Saying, Text
from webapp.rules.people import account as rules
from webapp.services.accounts import passwords

log = logging.getLogger(__name__)

LANGUAGES = rules.LANGUAGE.words
ADMIN = "admin"
LONGEST_EMAIL = 254
PLAIN = Text(LONGEST_EMAIL)
# What somebody may choose for the looks of the pages -> its rule.
SETTINGS = {"theme": rules.THEME, "density": rules.DENSITY}


class AccountError(Exception):
    """The wish about an account cannot be granted; `saying` tells why, `field` which column it is about."""

    def __init__(self, saying: Saying, field: str | None = None) -> None:
        self.saying = saying
        self.field = field
        super().__init__(str(saying))


class NoSuchUser(AccountError):
    """Nobody has this e-mail address or number."""


class LastAdministrator(AccountError):
    """Granting the wish would leave nobody who can manage users."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """What makes an account. Without a name, people see the e-mail address."""

    email: str
    role: str
    password: str
    name: str = ""


def add_user(new: NewUser) -> User:
    """The account, stored; raises AccountError."""
    email = normal_email(new.email)
    name = unicodedata.normalize("NFC", new.name).strip() or email[: rules.NAME.longest]
    _check("email", PLAIN, email)
    _check("email", rules.EMAIL, email)
    _check("role", rules.ROLE, new.role)
    _check("name", rules.NAME, name)
    _check_password(new.password, email)
    if by_email(email) is not None:
        raise _taken()
    user = User(email=email, name=name, role=new.role, password_hash=passwords.hashed(new.password))
    _store(user)
    log.info("user added", extra={"user_id": user.id, "role": user.role})
    return user


def everybody() -> list[User]:
    """All accounts, in the order of their e-mail addresses."""
    return list(db.session.scalars(select(User).order_by(User.email)))


def find(email: str) -> User:
    """The account with this e-mail address; raises NoSuchUser."""
    user = by_email(email)
    if user is None:
        raise NoSuchUser(Saying("there is no user with this e-mail address"), "email")
    return user


def by_email(typed: str) -> User | None:
    """The account with this e-mail address, or None; PostgreSQL is never asked for what it cannot hold."""
    email = normal_email(typed)
    if CONTROL.search(email):
        return None
    return db.session.scalar(select(User).where(User.email == email))


def set_password(user: User, password: str) -> None:
    """Give a new password and end all sessions; raises AccountError."""
    _check_password(password, user.email)
    user.password_hash = passwords.hashed(password)
    _changed(user, "password set")


def change_role(user: User, role: str) -> None:
    """Change what somebody may do and end their sessions; raises LastAdministrator, AccountError."""
    _check("role", rules.ROLE, role)
    if role == user.role:
        return
    if role != ADMIN:
        _keep_an_administrator(user)
    user.role = role
    _changed(user, "role changed")


def disable(user: User) -> None:
    """Let somebody in no more, from their next request on; raises LastAdministrator."""
    if not user.is_active:
        return
    _keep_an_administrator(user)
    user.is_active = False
    _changed(user, "user disabled")


def enable(user: User) -> None:
    """Let somebody in again, with their old password; sessions from before stay ended."""
    if user.is_active:
        return
    user.is_active = True
    _changed(user, "user enabled")


def rename(user: User, name: str) -> None:
    """Change the name that others see; raises AccountError."""
    name = unicodedata.normalize("NFC", name).strip()
    _check("name", rules.NAME, name)
    user.name = name
    _count_on(user, User.version)


def choose_language(user_id: int, language: str) -> None:
    """Remember which language somebody reads; raises AccountError, NoSuchUser."""
    _check("language", rules.LANGUAGE, language)
    user = db.session.get(User, user_id)
    if user is None:
        raise NoSuchUser(Saying("there is no user with this number"))
    user.language = language


def choose(user_id: int, chosen: Mapping[str, str | None]) -> None:
    """Remember colours and row height; None is the system's, or the usual one. Raises AccountError."""
    for name, word in chosen.items():
        if word is not None:
            _check(name, SETTINGS[name], word)
    db.session.execute(update(User).where(User.id == user_id).values(dict(chosen)))


def end_sessions(user_id: int) -> None:
    """Sign somebody out everywhere."""
    user = db.session.get(User, user_id)
    if user is not None:
        _count_on(user, User.session_version)
        log.info("signed out", extra={"user_id": user.id})


def last_visit_at(email: str) -> datetime | None:
    """When the account with this e-mail address was signed in to last; None where it never was, or is none."""
    user = by_email(email)
    return None if user is None else user.last_signed_in_at


def has_signed_in(user: User) -> None:
    """Note the moment."""
    user.last_signed_in_at = datetime.now(UTC)


def normal_email(typed: str) -> str:
    """The one form in which an e-mail address is kept and looked up."""
    return unicodedata.normalize("NFC", typed).strip().lower()


def _taken() -> AccountError:
    return AccountError(Saying("there is already a user with this e-mail address"), "email")


def _store(user: User) -> None:
    """Store a new account; whoever has stored the same address in the same moment was quicker."""
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError as error:
        if sqlstates.of(error) != sqlstates.UNIQUE_VIOLATION:
            raise
        raise _taken() from None


def _check(field: str, rule: FieldRule, value: str) -> None:
    if broken := rule.broken_by(value):
        raise AccountError(broken, field)


def _check_password(password: str, email: str) -> None:
    if broken := passwords.broken_by(password, email):
        raise AccountError(broken, "password")


def _keep_an_administrator(leaving: User) -> None:
    """Raise where nobody else could manage users; the locks make two who leave at once wait for each other."""
    if leaving.role != ADMIN:
        return
    active = select(User.id).where(User.role == ADMIN, User.is_active.is_(True)).order_by(User.id)
    if set(db.session.scalars(active.with_for_update())) <= {leaving.id}:
        raise LastAdministrator(Saying("this is the last active administrator; make somebody else one first"))


def _changed(user: User, what: str) -> None:
    _count_on(user, User.session_version, User.version)
    log.info(what, extra={"user_id": user.id})


def _count_on(user: User, *versions: InstrumentedAttribute[int]) -> None:
    """Raise versions where they stand: somebody else may have raised them since the user was read."""
    db.session.flush()
    raised = {version.key: version + 1 for version in versions}
    db.session.execute(
        update(User).where(User.id == user.id).values(raised),
        execution_options={"synchronize_session": False},
    )
    db.session.refresh(user, list(raised))
