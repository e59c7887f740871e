"""Saved views: keep a list's query under a name, share it, begin with it; the only writer of them."""

import logging
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import joinedload

from webapp import db
from webapp.models.saved_view import SavedView
from webapp.models.user import User
from webapp.rules import names
from webapp.rules.fields import CONTROL, Saying
from webapp.rules.people import view as rules
from webapp.services.accounts import permissions

log = logging.getLogger(__name__)

MOST_OF_A_PERSON = 100
MOST_SHOWN = 300
MOST_FOUND = 5


class ViewError(Exception):
    """The wish about a view cannot be granted; `saying` tells why, `field` which entry it is about."""

    def __init__(self, saying: Saying, field: str | None = None) -> None:
        self.saying = saying
        self.field = field
        super().__init__(str(saying))


class NoSuchView(ViewError):
    """There is none, or it is somebody else's and not shared, which looks the same."""

    def __init__(self) -> None:
        super().__init__(Saying("this view does not exist, or is not shared any more"))


class NotTheirs(ViewError):
    """The view is shared by somebody else, who alone may do this."""

    def __init__(self) -> None:
        super().__init__(Saying("only the owner of this view may do this"))


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants something of a view."""

    id: int
    role: str

    @property
    def may_tend_all(self) -> bool:
        """Whether the shared views of others are their business too."""
        return permissions.allows(self.role, permissions.MANAGE_VIEWS)


@dataclass(frozen=True, slots=True)
class NewView:
    """A list's query, as the list itself writes it, and what it is to be called."""

    screen: str
    name: str
    query: str
    is_shared: bool = False


def of_screens(asker: Asker, screens: Collection[str]) -> Sequence[SavedView]:
    """Their own views of these screens and those that others share, own ones first, each with its owner."""
    is_theirs = SavedView.owner_id == asker.id
    views = (
        select(SavedView)
        .where(SavedView.screen.in_(screens), or_(is_theirs, SavedView.is_shared.is_(True)))
        .order_by(is_theirs.desc(), SavedView.screen, SavedView.name, SavedView.id)
    )
    return db.session.scalars(views.options(joinedload(SavedView.owner)).limit(MOST_SHOWN)).all()


def find(asker: Asker, screens: Collection[str], text: str) -> Sequence[SavedView]:
    """Those whose name holds this text, however written, a few."""
    word = names.fold(text).strip()
    matching = (view for view in of_screens(asker, screens) if word in names.fold(view.name))
    return list(islice(matching, MOST_FOUND)) if word else []


def seen(asker: Asker, view_id: int) -> SavedView:
    """The view, where they may see it; raises NoSuchView."""
    view = db.session.get(SavedView, view_id)
    if view is None or not (view.is_shared or view.owner_id == asker.id):
        raise NoSuchView
    return view


def save(asker: Asker, new: NewView) -> SavedView:
    """The view, stored; raises ViewError."""
    name = _name(new.name)
    _check_query(new.query)
    _one_by_one(asker.id)
    owned = select(func.count()).where(SavedView.owner_id == asker.id)
    if (db.session.scalar(owned) or 0) >= MOST_OF_A_PERSON:
        raise ViewError(
            Saying("there are already %(most)s views; delete one first", {"most": MOST_OF_A_PERSON})
        )
    _check_free(asker.id, new.screen, name)
    view = SavedView(
        owner_id=asker.id, screen=new.screen, name=name, query=new.query, is_shared=new.is_shared
    )
    db.session.add(view)
    db.session.flush()
    _log("view saved", asker, view)
    return view


def rename(asker: Asker, view_id: int, name: str) -> SavedView:
    """Call it something else; raises ViewError."""
    view = _own(asker, view_id)
    name = _name(name)
    if name != view.name:
        _one_by_one(view.owner_id)
        _check_free(view.owner_id, view.screen, name)
        view.name = name
        _changed("view renamed", asker, view)
    return view


def overwrite(asker: Asker, view_id: int, query: str) -> SavedView:
    """Let it show what a list shows now; raises ViewError."""
    view = _own(asker, view_id)
    _check_query(query)
    if query != view.query:
        view.query = query
        _changed("view overwritten", asker, view)
    return view


def share(asker: Asker, view_id: int, *, is_shared: bool) -> SavedView:
    """Let everybody see it who may see its screen, or nobody else any more; raises ViewError."""
    view = _own(asker, view_id) if is_shared else _tended(asker, view_id)
    if view.is_shared != is_shared:
        view.is_shared = is_shared
        _changed("view shared" if is_shared else "view no longer shared", asker, view)
    if not is_shared:
        others = update(User).where(User.start_view_id == view.id, User.id != view.owner_id)
        db.session.execute(others.values(start_view_id=None))
    return view


def delete(asker: Asker, view_id: int) -> SavedView:
    """Throw it away; whoever begins with it begins at Home again. Raises ViewError."""
    view = _tended(asker, view_id)
    db.session.delete(view)
    db.session.flush()
    _log("view deleted", asker, view)
    return view


def begin_with(asker: Asker, view_id: int | None) -> None:
    """Make a view the first page after signing in, or Home again; raises NoSuchView."""
    if view_id is not None:
        _locked(asker, view_id)
    db.session.execute(update(User).where(User.id == asker.id).values(start_view_id=view_id))


def _locked(asker: Asker, view_id: int) -> SavedView:
    seen(asker, view_id)
    view = db.session.get(SavedView, view_id, with_for_update=True, populate_existing=True)
    if view is None:
        raise NoSuchView
    return view


def _own(asker: Asker, view_id: int) -> SavedView:
    view = _locked(asker, view_id)
    if view.owner_id != asker.id:
        raise NotTheirs
    return view


def _tended(asker: Asker, view_id: int) -> SavedView:
    view = _locked(asker, view_id)
    if view.owner_id != asker.id and not asker.may_tend_all:
        raise NotTheirs
    return view


def _one_by_one(owner_id: int) -> None:
    """Let what names and counts views of one person wait for each other, so that each sees what the other did."""
    db.session.execute(select(User.id).where(User.id == owner_id).with_for_update())


def _name(typed: str) -> str:
    name = unicodedata.normalize("NFC", typed).strip()
    if not name:
        raise ViewError(Saying("is needed"), "name")
    if broken := rules.NAME.broken_by(name):
        raise ViewError(broken, "name")
    return name


def _check_free(owner_id: int, screen: str, name: str) -> None:
    taken = select(SavedView.id).where(
        SavedView.owner_id == owner_id, SavedView.screen == screen, SavedView.name == name
    )
    if db.session.scalar(taken) is not None:
        raise ViewError(Saying("there is already a view of yours with this name"), "name")


def _check_query(query: str) -> None:
    if CONTROL.search(query) or len(query) > rules.LONGEST_QUERY:
        raise ViewError(
            Saying(
                "the conditions are too long to be kept: at most %(longest)s characters",
                {"longest": rules.LONGEST_QUERY},
            )
        )


def _changed(what: str, asker: Asker, view: SavedView) -> None:
    view.version += 1
    view.changed_at = datetime.now(UTC)
    db.session.flush()
    _log(what, asker, view)


def _log(what: str, asker: Asker, view: SavedView) -> None:
    log.info(what, extra={"user_id": asker.id, "view_id": view.id, "screen": view.screen})
