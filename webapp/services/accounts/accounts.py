"""Accounts: make and change them, and let in who proves to be one of them, without telling guessers anything."""

import logging
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, literal, or_, select, update

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.findings.finding import FiledFinding
from webapp.models.saved_view import SavedView
from webapp.models.upload import Upload
from webapp.models.user import User
from webapp.rules import account as rules
from webapp.rules import finding
from webapp.rules.fields import CONTROL, FieldRule, Saying, Text
from webapp.services.accounts import passwords

log = logging.getLogger(__name__)

LANGUAGES = rules.LANGUAGE.words
ADMIN = "admin"
LONGEST_EMAIL = 254
PLAIN = Text(LONGEST_EMAIL)
# What somebody may choose for the looks of the pages -> its rule.
SETTINGS = {"theme": rules.THEME, "density": rules.DENSITY}
# Counting further tells nobody more.
MOST_WAITING = 100
# The menu holds no more; the others are on a page of their own.
MOST_VIEWS = 12


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


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody in a session, and all that every page wants to know of them, found with one statement."""

    id: int
    email: str
    name: str
    role: str
    session_version: int
    language: str | None
    theme: str | None
    density: str | None
    start_view_id: int | None
    # Change sets that wait for a decision, counted up to MOST_WAITING.
    waiting: int = 0
    # Findings that they look after and that stand open, counted as far.
    findings: int = 0
    # Files of theirs that are compared and wait for their decision, counted as far.
    uploads: int = 0
    # Saved views that they may see, their own first: number, name, path of the screen.
    views: tuple[tuple[int, str, str], ...] = ()


OF_A_VISITOR = (
    User.id,
    User.email,
    User.name,
    User.role,
    User.session_version,
    User.language,
    User.theme,
    User.density,
    User.start_view_id,
)
_waiting = (
    select(literal(1).label("one")).where(ChangeSet.status == "proposed").limit(MOST_WAITING).subquery()
)
_findings = (
    select(literal(1).label("one"))
    .where(FiledFinding.owner_id == bindparam("user_id"), FiledFinding.status == finding.OPEN)
    .limit(MOST_WAITING)
    .subquery()
)
_uploads = (
    select(literal(1).label("one"))
    .join_from(ChangeSet, Upload, Upload.change_set_id == ChangeSet.id)
    .where(ChangeSet.status == "proposed", Upload.uploaded_by_id == bindparam("user_id"))
    .limit(MOST_WAITING)
    .subquery()
)
_is_own = SavedView.owner_id == bindparam("user_id")
_views = (
    select(SavedView.id, SavedView.name, SavedView.screen)
    .where(or_(_is_own, SavedView.is_shared.is_(True)))
    .order_by(_is_own.desc(), SavedView.name, SavedView.id)
    .limit(MOST_VIEWS)
    .subquery()
)
# Made once: every request asks it.
_IN_SESSION = select(
    *OF_A_VISITOR,
    select(func.count()).select_from(_waiting).scalar_subquery().label("waiting"),
    select(func.count()).select_from(_findings).scalar_subquery().label("findings"),
    select(func.count()).select_from(_uploads).scalar_subquery().label("uploads"),
    select(func.json_agg(func.json_build_array(*_views.c))).scalar_subquery().label("views"),
).where(
    User.id == bindparam("user_id"),
    User.session_version == bindparam("session_version"),
    User.is_active.is_(True),
)


def add_user(wanted: NewUser) -> User:
    """The account, stored; raises AccountError."""
    email = normal_email(wanted.email)
    name = unicodedata.normalize("NFC", wanted.name).strip() or email[: rules.NAME.longest]
    _check("email", PLAIN, email)
    _check("email", rules.EMAIL, email)
    _check("role", rules.ROLE, wanted.role)
    _check("name", rules.NAME, name)
    _check_password(wanted.password, email)
    if by_email(email) is not None:
        raise AccountError(Saying("there is already a user with this e-mail address"), "email")
    user = User(email=email, name=name, role=wanted.role, password_hash=passwords.hashed(wanted.password))
    db.session.add(user)
    db.session.flush()
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


def in_session(user_id: int, session_version: int) -> Visitor | None:
    """The active user whose session this is, or None where it has ended."""
    found = db.session.execute(_IN_SESSION, {"user_id": user_id, "session_version": session_version}).first()
    if found is None:
        return None
    *facts, views = found
    return replace(Visitor(*facts), views=tuple((number, name, path) for number, name, path in views or ()))


def visitor(user: User) -> Visitor:
    """The same of a user who has just proved to be one; what waits is told with their next page."""
    return Visitor(*(getattr(user, column.key) for column in OF_A_VISITOR))


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
    user.version += 1


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
    user = db.session.get(User, user_id, with_for_update=True, populate_existing=True)
    if user is not None:
        user.session_version += 1
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
    user.session_version += 1
    user.version += 1
    db.session.flush()
    log.info(what, extra={"user_id": user.id})
