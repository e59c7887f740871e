"""Saved views: each with an address of its own, kept, shared and thrown away by whoever made it."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose

from webapp import db
from webapp.label import Label
from webapp.lists.query import view_number
from webapp.models.saved_view import SavedView
from webapp.rules.people import view as rules
from webapp.screens.record import list_menus
from webapp.screens.record.base import PageView
from webapp.services.accounts import permissions
from webapp.services.lists import saved_views
from webapp.services.lists.saved_views import NewView, NoSuchView, NotTheirs, ViewError
from webapp.web import current_person, error_pages, way_back
from webapp.web.speaking import speech

UNPROCESSABLE = 422
WAYS = ("index", "open", "of", "save", "edit", "overwrite", "share", "start", "delete")


class ViewsView(PageView):
    """One's own views and those that others share."""

    label = Label("保存ビュー", "Saved views")
    # Of one's own views everybody is the master; the service knows whose is whose.
    rights = dict.fromkeys(WAYS, permissions.READ)

    def __init__(self) -> None:
        super().__init__(
            name="Saved views",
            category="Work",
            endpoint="views",
            url="views",
            menu_icon_type="sprite",
            menu_icon_value="star",
        )

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All that the reader may see, or those of one screen."""
        lists = list_menus.open_lists()
        chosen = request.args.get("screen", "")
        screens = {chosen: lists[chosen]} if chosen in lists else lists
        stored = saved_views.of_screens(list_menus.asker(), screens.keys())
        return self.render(
            "views/index.html",
            views=[self._shown(one, lists) for one in stored],
            screen=speech().say(lists[chosen].label) if chosen in lists else None,
        )

    @expose("/<key>/")
    def open(self, key: str) -> ResponseReturnValue:
        """The view's own address: its list, with its query."""
        try:
            kept = self._seen(key)
        except NoSuchView as missing:
            return self._refused(missing)
        view = list_menus.open_lists()[kept.screen]
        return redirect(list_menus.address(view, kept.query, kept.id))

    @expose("/of/<screen>/")
    def of(self, screen: str) -> ResponseReturnValue:
        """What the menu of a list holds; the query is the list's."""
        lists = list_menus.open_lists()
        view = lists.get(screen) or abort(404)
        stored = saved_views.of_screens(list_menus.asker(), [screen])
        query = list_menus.kept_query(view.asked())
        shown = [self._shown(one, lists) for one in stored]
        here = next((one for one in shown if one["id"] == view_number(request.args)), None)
        return self.render(
            "views/menu.html",
            views=shown,
            here=here,
            is_changed=here is not None and list_menus.is_changed(here["query"], query),
            query=query,
            screen=screen,
            url=list_menus.address(view, query, None if here is None else here["id"]),
            longest=rules.NAME.longest,
        )

    @expose("/save/<screen>/", methods=("GET", "POST"))
    def save(self, screen: str) -> ResponseReturnValue:
        """Keep the query of this address under a name."""
        view = list_menus.open_lists().get(screen) or abort(404)
        query = list_menus.kept_query(view.asked())
        if request.method != "POST":
            return self._save_page(view, query, None)
        new_view = NewView(screen, request.form.get("name", ""), query, "is_shared" in request.form)
        try:
            with db.transaction():
                kept = saved_views.save(list_menus.asker(), new_view)
                if "is_start" in request.form:
                    saved_views.begin_with(list_menus.asker(), kept.id)
                address, name = list_menus.address(view, kept.query, kept.id), kept.name
        except ViewError as refused:
            return self._save_page(view, query, refused), UNPROCESSABLE
        flash(speech().gettext("The view “%(name)s” is saved.", name=name), "success")
        return redirect(address, 303)

    @expose("/<key>/edit/", methods=("GET", "POST"))
    def edit(self, key: str) -> ResponseReturnValue:
        """Its name, who sees it, and whether the reader begins with it."""
        try:
            kept = self._seen(key)
            if not self._may_edit(kept):
                raise NotTheirs
            if request.method != "POST":
                return self._edit_page(kept, None)
            with db.transaction():
                self._change(kept)
        except NoSuchView as missing:
            return self._refused(missing)
        except NotTheirs:
            abort(403)
        except ViewError as refused:
            return self._edit_page(self._seen(key), refused), UNPROCESSABLE
        flash(speech().gettext("The view was saved."), "success")
        return redirect(self._back(), 303)

    @expose("/<key>/overwrite/", methods=("POST",))
    def overwrite(self, key: str) -> ResponseReturnValue:
        """Keep the query of this address in place of the one before."""
        try:
            view = list_menus.open_lists()[self._seen(key).screen]
            query = list_menus.kept_query(view.asked())
            with db.transaction():
                kept = saved_views.overwrite(list_menus.asker(), self._number(key), query)
                address = list_menus.address(view, kept.query, kept.id)
        except NotTheirs:
            abort(403)
        except ViewError as refused:
            return self._refused(refused)
        flash(speech().gettext("The view now shows what the list shows."), "success")
        return redirect(address, 303)

    @expose("/<key>/share/", methods=("POST",))
    def share(self, key: str) -> ResponseReturnValue:
        """Let everybody see it, or nobody else any more."""
        is_shared = request.form.get("is_shared") == "1"
        said = (
            speech().gettext("Everybody who may see this list now sees the view.")
            if is_shared
            else speech().gettext("Nobody else sees the view any more.")
        )
        return self._done(key, lambda who, number: saved_views.share(who, number, is_shared=is_shared), said)

    @expose("/<key>/start/", methods=("POST",))
    def start(self, key: str) -> ResponseReturnValue:
        """Begin with it from now on, or with Home again."""
        is_start = request.form.get("is_start") == "1"
        said = (
            speech().gettext("This view is now your start page.")
            if is_start
            else speech().gettext("Home is your start page again.")
        )
        return self._done(
            key, lambda who, number: saved_views.begin_with(who, number if is_start else None), said
        )

    @expose("/<key>/delete/", methods=("POST",))
    def delete(self, key: str) -> ResponseReturnValue:
        """Throw it away."""
        return self._done(key, saved_views.delete, speech().gettext("The view was deleted."))

    # ---- What they share ------------------------------------------------------------------------------------

    def _done(self, key: str, do: Callable[[Any, int], Any], said: str) -> ResponseReturnValue:
        try:
            with db.transaction():
                do(list_menus.asker(), self._seen(key).id)
        except NotTheirs:
            abort(403)
        except ViewError as refused:
            return self._refused(refused)
        flash(said, "success")
        return redirect(self._back(), 303)

    def _number(self, key: str) -> int:
        number = list_menus.number(key)
        if number is None:
            raise NoSuchView
        return number

    def _seen(self, key: str) -> SavedView:
        """The view, of a list that the reader may see; raises NoSuchView."""
        kept = saved_views.seen(list_menus.asker(), self._number(key))
        if kept.screen not in list_menus.open_lists():
            raise NoSuchView
        return kept

    def _may_edit(self, kept: SavedView) -> bool:
        who = list_menus.asker()
        return kept.owner_id == who.id or who.may_tend_all

    def _change(self, kept: SavedView) -> None:
        who, number, typed = list_menus.asker(), kept.id, request.form
        is_shared = "is_shared" in typed
        if kept.owner_id == who.id:
            saved_views.rename(who, number, typed.get("name", ""))
        if is_shared != kept.is_shared:
            saved_views.share(who, number, is_shared=is_shared)
        is_start = current_person.signed_in().start_view_id == number
        if ("is_start" in typed) != is_start:
            saved_views.begin_with(who, None if is_start else number)

    def _shown(self, kept: SavedView, lists: Any) -> dict[str, Any]:
        person = current_person.signed_in()
        return {
            "id": kept.id,
            "name": kept.name,
            "screen": speech().say(lists[kept.screen].label),
            "url": self.get_url(".open", key=kept.id),
            "is_own": kept.owner_id == person.id,
            "is_shared": kept.is_shared,
            "is_start": kept.id == person.start_view_id,
            "may_edit": self._may_edit(kept),
            "owner": kept.owner.name,
            "query": kept.query,
        }

    def _save_page(self, view: Any, query: str, refused: ViewError | None) -> str:
        back = list_menus.address(view, query)
        typed = {name: request.form.get(name, "") for name in ("name", "is_shared", "is_start")}
        return self._form(
            heading=speech().gettext("Save the view"),
            typed=typed,
            refused=refused,
            stored=None,
            return_url=back,
        )

    def _edit_page(self, kept: SavedView, refused: ViewError | None) -> str:
        shown = self._shown(kept, list_menus.open_lists())
        names = ("name", "is_shared", "is_start")
        typed = {name: request.form.get(name, "") if refused else shown[name] for name in names}
        return self._form(
            heading=shown["name"], typed=typed, refused=refused, stored=shown, return_url=self._back()
        )

    def _form(self, *, refused: ViewError | None, **context: Any) -> str:
        context["error"] = refused and speech().sentence(refused.saying)
        context["error_at"] = refused and refused.field
        return str(self.render("views/form.html", longest=rules.NAME.longest, **context))

    def _refused(self, refused: ViewError) -> ResponseReturnValue:
        if isinstance(refused, NoSuchView):
            title = speech().sentence(refused.saying)
            explanation = error_pages.Explanation(
                title, speech().gettext("It may have been deleted, or is no longer shared.")
            )
            return error_pages.answer(error_pages.Problem(404, explanation=explanation))
        flash(speech().sentence(refused.saying), "error")
        return redirect(self.get_url(".index"), 303)

    def _back(self) -> str:
        """Where the reader came from, if that is one of our pages; otherwise all views."""
        return way_back.safe_next(request.values.get("url")) or str(self.get_url(".index"))
