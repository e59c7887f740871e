"""Who may do what on a screen, and which addresses there are."""

import pytest
from flask import Flask
from flask_admin.actions import ActionsMixin
from flask_admin.base import BaseView

from tests import plans
from tests.screens.browsing import Browser
from webapp.screens import installing
from webapp.screens.record import registry
from webapp.screens.record.base import RecordView
from webapp.services.accounts import permissions

pytestmark = pytest.mark.usefixtures("connection")

installing.load()
SCREENS = registry.declared()
# Files are not typed but brought: where other screens have the form of a new record, theirs has the page of uploads.
IN_PLACE_OF_A_FORM = {"/admin/imports/new/": permissions.IMPORT}


def test_a_view_function_without_a_right_has_no_address(app: Flask) -> None:
    for screen in SCREENS:
        endpoint = screen.path.replace("-", "_")
        routed = {
            rule.endpoint.partition(".")[2]
            for rule in app.url_map.iter_rules()
            if rule.endpoint.startswith(f"{endpoint}.")
        }
        assert routed == set(screen.view.rights), screen.path


def test_stock_inline_editing_is_gone(app: Flask) -> None:
    browser = Browser(app, "admin")
    for screen in SCREENS:
        answer = browser.post(
            f"/admin/{screen.path}/ajax/update/", {"list_form_pk": "1", "name_en": "HACKED"}
        )
        assert answer.status_code == 404


@pytest.mark.parametrize("role", ["viewer", "steward", "approver", "admin"])
def test_a_screen_does_what_the_role_may_and_nothing_else(app: Flask, role: str) -> None:
    browser = Browser(app, role)
    for screen in SCREENS:
        for name, path in (("index_view", ""), ("create_view", "new/")):
            right = screen.view.rights.get(name)
            address = f"/admin/{screen.path}/{path}"
            right = IN_PLACE_OF_A_FORM.get(address, right)
            expected = 404 if right is None else 200 if permissions.allows(role, right) else 403
            answer = browser.get(address)
            assert answer.status_code == expected, (screen.path, name)


def test_the_menu_offers_what_the_role_may_see(app: Flask) -> None:
    assert "/admin/users/" in Browser(app, "admin").get("/admin/").text
    assert "/admin/users/" not in Browser(app, "steward").get("/admin/").text


def test_nobody_gets_in_without_signing_in(app: Flask) -> None:
    client = app.test_client()
    for screen in SCREENS:
        assert client.get(f"/admin/{screen.path}/").location.startswith("/login")
    assert client.get("/admin/").location.startswith("/login")


def test_a_programming_error_is_not_taken_for_another_signature(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def broken(_statement: object) -> object:
        calls.append(1)
        raise TypeError("a bug")

    plans.alter(monkeypatch, SCREENS[0].model, visible=broken)
    with pytest.raises(TypeError, match="a bug"):
        Browser(app).get(f"/admin/{SCREENS[0].path}/")
    assert len(calls) == 1


def test_every_promised_screen_is_there(app: Flask) -> None:
    wanted = "companies statements prices indicators industries filings imports change-sets users"
    assert {screen.path for screen in SCREENS} >= set(wanted.split())


@pytest.mark.parametrize(("language", "title"), [("ja", "企業を追加"), ("en", "Add company")])
def test_a_new_records_page_is_called_by_what_one_record_is(app: Flask, language: str, title: str) -> None:
    page = Browser(app, language=language).get("/admin/companies/new/").text
    assert f"<h1>{title}</h1>" in page
    assert f"<title>{title}" in page


def test_whatever_can_be_added_is_called_by_a_name_for_one_in_english() -> None:
    for screen in SCREENS:
        if "create_view" in screen.view.rights:
            assert screen.model.label.one, screen.path


def ours(view: type) -> list[type]:
    """The classes of ours that a screen is made of."""
    return [one for one in view.__mro__ if one.__module__.startswith("webapp.")]


def declared_in(view: type) -> set[str]:
    """What our classes of a screen add to Flask-Admin's or put in place of it, without what Python adds."""
    names = {name for one in ours(view) for name in vars(one) if not name.startswith("__")}
    # Flask-Admin's metaclass collects addresses in these.
    return names - {"_urls", "_default_view"}


def test_no_screen_stands_on_more_than_four_classes_of_ours() -> None:
    for screen in SCREENS:
        assert len(ours(screen.view)) <= 4, screen.path


def test_few_of_flask_admins_methods_are_overridden() -> None:
    theirs = {name for one in (BaseView, ActionsMixin) for name in dir(one) if callable(getattr(one, name))}
    overridden = declared_in(RecordView) & theirs
    assert len(overridden) <= 4, sorted(overridden)


def test_whoever_reads_a_record_screen_meets_few_names() -> None:
    names = {name for name in dir(RecordView) if not name.startswith("__")}
    assert len(names) <= 60, sorted(names)
