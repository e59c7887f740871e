"""Visitors: somebody in a session, with all that every page wants to know of them, found with one statement."""

from dataclasses import dataclass, replace

from sqlalchemy import bindparam, func, literal, or_, select

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.findings.finding import FiledFinding
from webapp.models.saved_view import SavedView
from webapp.models.upload import Upload
from webapp.models.user import User
from webapp.rules import finding

# Counting further tells nobody more.
MOST_WAITING = 100
# The menu holds no more; the others are on a page of their own.
MOST_VIEWS = 12


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody in a session: who they are, how they want pages to look, and what waits for them."""

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


def in_session(user_id: int, session_version: int) -> Visitor | None:
    """The active user whose session this is, or None where it has ended."""
    row = db.session.execute(_IN_SESSION, {"user_id": user_id, "session_version": session_version}).first()
    if row is None:
        return None
    *facts, views = row
    return replace(Visitor(*facts), views=tuple((number, name, path) for number, name, path in views or ()))


def of_user(user: User) -> Visitor:
    """The same of a user who has just proved to be one; what waits is told with their next page."""
    return Visitor(*(getattr(user, column.key) for column in OF_A_VISITOR))
