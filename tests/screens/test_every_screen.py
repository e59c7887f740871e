"""What holds for every screen there is or will be."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import UniqueConstraint

from tests.factories import MAKERS
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.lists import conditions
from webapp.models.change_set import ChangeSet
from webapp.models.columns import Curated
from webapp.models.user import User
from webapp.screens import installing
from webapp.screens.record import registry
from webapp.services.changes import row_codec

pytestmark = pytest.mark.usefixtures("connection")

ROOT = Path(__file__).parents[2]

installing.load()
PATHS = [screen.path for screen in registry.declared()]
LANGUAGES = ("ja", "en")
BAD_KEYS = (
    "abc",
    "1,2",
    "",
    "\x00",
    "1\x00",
    "9" * 30,
    "-1",
    "٣",
    "1e3",
    "a" * 5000,
    "1,2024-02-30",
    "1,2024-13-01,3",
)
BAD_QUERIES: tuple[dict[str, str], ...] = (
    {"page": "-1"},
    {"page": "1" + "0" * 20},
    {"page": "1" * 5000},
    {"page_size": "-5"},
    {"page_size": "100000"},
    {"sort": "-1"},
    {"sort": "999"},
    {"sort": "9" * 5000},
    {"sort": "0", "desc": "7"},
    {"search": "%"},
    {"search": "_"},
    {"search": "\\"},
    {"search": "a" * 5000},
    {"search": " ".join("ab") * 3000},
    {"search": "'; drop table companies --"},
    {"flt0_company_is": "x" * 201},
    {"flt0_company_is": "#" + "9" * 40},
    {"flt0_company_is": "#99999999999999999"},
    {"flt0_": "1"},
    {"flt_1": "1"},
    {"flt0_no_such": "1"},
    {"flt0_listing_status_is": "no such"},
    {"flt0_fiscal_year_end_on_from": "2024-02-30"},
    {"flt0_submitted_at_to": "9999-12-31"},
    {"flt0_fiscal_year_end_month_from": "1" * 50},
    {"flt0_fiscal_year_end_month_from": "NaN"},
    {"flt0_volume_from": "1e400"},
    {"flt0_statement_is": "9" * 19},
    {"nonsense": "1"},
    {"order": "-,--id,id,-id,'"},
    {"order": "," * 3000, "down": "9" * 50},
    {"order": "id", "sort": "9" * 30, "after": "x"},
    {"flt0.a_company_is": "#1", "flt1.a_volume_from": "1", "flt2.b_no_such": "1"},
    {"flt0.a_submitted_at_to": "9999-12-31", "flt.é_x": "1"},
    {"columns": "," * 500, "order": "-changed_at,version"},
)


def screens(right: str | None = None) -> list[Any]:
    return [screen for screen in registry.declared() if right is None or right in screen.view.rights]


def a_row(model: type[db.Base]) -> str | None:
    """The key of a new row, as its screen's addresses have it."""
    if model in MAKERS:
        row = MAKERS[model]()
        db.session.commit()
        return ",".join(str(getattr(row, column.name)) for column in model.__table__.primary_key.columns)
    return None


def make_a_row_of_everything() -> None:
    """Dear enough to be made once for all the lists."""
    for maker in MAKERS.values():
        maker()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_opens_with_and_without_rows(app: Flask, language: str) -> None:
    browser = Browser(app, "admin", language)
    for path in PATHS:
        assert browser.get(f"/admin/{path}/").status_code == 200, path
    make_a_row_of_everything()
    for path in PATHS:
        page = browser.get(f"/admin/{path}/")
        assert page.status_code == 200, path
        assert f'<html lang="{language}"' in page.text, path
        for size in (20, 50, 100, 200):
            assert browser.get(f"/admin/{path}/", page_size=size).status_code == 200, (path, size)


def test_every_offered_sort_works_both_ways(app: Flask) -> None:
    browser = Browser(app, "admin")
    make_a_row_of_everything()
    for screen in screens():
        plan = screen.view.plan
        assert plan.sorts, screen.path
        for name in plan.sorts:
            index = plan.columns.index(name)
            for descending in ({}, {"desc": "1"}):
                page = browser.get(f"/admin/{screen.path}/", sort=index, **descending)
                assert page.status_code == 200, (screen.path, name, descending)


@pytest.mark.parametrize("path", PATHS)
def test_every_offered_sort_has_an_index(path: str) -> None:
    (screen,) = [screen for screen in screens() if screen.path == path]
    table = row_codec.table_of(screen.model)
    unique = [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
    indexes = [list(table.primary_key.columns), *unique, *(list(index.columns) for index in table.indexes)]
    led = [[column.name for column in columns] for columns in indexes]
    for columns in screen.view.plan.sorts.values():
        assert any(names[: len(columns)] == list(columns) for names in led), columns


def test_a_list_makes_two_statements_however_many_rows(app: Flask) -> None:
    # In English, a list of change sets asks once for each kind of record what it is called now.
    browser = Browser(app, "admin", language="ja")
    make_a_row_of_everything()
    make_a_row_of_everything()
    for path in PATHS:
        with statements() as seen:
            assert browser.get(f"/admin/{path}/").status_code == 200, path
        allowed = 2 if path != "users" else 0  # its own statements look like those of the session
        assert len(seen) == allowed, (path, seen)


def bad_queries(path: str) -> Iterator[dict[str, str]]:
    """Those for a list, but for conditions of other lists: of what it does not know, one is like another."""
    plans = {screen.path: screen.view.plan for screen in screens()}
    of_others = set().union(*(plan.filters for plan in plans.values())) - set(plans[path].filters)
    for query in BAD_QUERIES:
        if of_others.isdisjoint(map(conditions.arg_of, query)):
            yield query


@pytest.mark.parametrize("path", PATHS)
def test_no_query_breaks_a_list(app: Flask, path: str) -> None:
    browser = Browser(app, "admin")
    for query in bad_queries(path):
        for part in ("", "facets/"):
            page = browser.get(f"/admin/{path}/{part}", **query)
            assert page.status_code in (200, 400), (part, query, page.status)


@pytest.mark.parametrize("path", PATHS)
def test_control_characters_in_an_address_are_refused(app: Flask, path: str) -> None:
    browser = Browser(app, "admin")
    for name in ("search", "page", "flt0_company_is", "url", "anything", "flt0_listing_status_is"):
        assert browser.get(f"/admin/{path}/", **{name: "a\x00b"}).status_code == 400, name


@pytest.mark.parametrize("path", PATHS)
def test_a_key_that_is_none_ends_kindly(app: Flask, path: str) -> None:
    browser = Browser(app, "admin")
    for key in BAD_KEYS:
        for page in ("details/", "edit/", "delete/confirm/"):
            answer = browser.get(f"/admin/{path}/{page}", id=key)
            assert answer.status_code in (400, 404), (page, key, answer.status)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_a_record_that_is_not_there_is_a_404_with_the_menu_around_it(
    app: Flask, path: str, language: str
) -> None:
    browser = Browser(app, "admin", language)
    for page in ("details/", "edit/", "beside/", "delete/confirm/", "nowhere/"):
        answer = browser.get(f"/admin/{path}/{page}", id="2147483647")
        assert answer.status_code == 404, page
        assert 'id="side"' in answer.text
        assert answer.text.count("<h1>") == 1
    assert "data-flash" not in browser.get("/admin/").text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_details_form_and_deletion_open(app: Flask, model: type[db.Base], language: str) -> None:
    browser = Browser(app, "admin", language)
    key = a_row(model)
    (path,) = [screen.path for screen in screens() if screen.model is model]
    for page in ("details/", "edit/", "delete/confirm/"):
        answer = browser.get(f"/admin/{path}/{page}", id=key)
        assert answer.status_code == 200, (page, answer.status)
        assert f'<html lang="{language}"' in answer.text
    assert browser.get(f"/admin/{path}/new/").status_code == 200


def test_no_page_has_a_template_of_flask_admins_own(app: Flask) -> None:
    browser = Browser(app, "admin")
    for screen in screens():
        pages = ["", "new/"]
        if (key := a_row(screen.model)) is not None:
            pages += ["details/", "edit/", "delete/confirm/"]
        for page in pages:
            browser.get(f"/admin/{screen.path}/{page}", id=key)
    # Also what pages import and extend.
    loaded = [template.filename for template in app.jinja_env.cache.values()]
    assert len(loaded) > 20
    assert [name for name in loaded if not Path(name).is_relative_to(ROOT / "templates")] == []


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_saving_unchanged_changes_nothing(app: Flask, model: type[db.Base]) -> None:
    browser = Browser(app, "admin")
    key = a_row(model)
    (path,) = [screen.path for screen in screens() if screen.model is model]
    before = db.session.query(ChangeSet).count()
    answer = browser.save(f"/admin/{path}/edit/", {}, id=key)
    assert answer.status_code == 302, answer.text
    assert db.session.query(ChangeSet).count() == before


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_a_record_is_deleted_through_a_change_set(app: Flask, model: type[db.Base]) -> None:
    browser = Browser(app, "admin")
    key = a_row(model)
    (path,) = [screen.path for screen in screens() if screen.model is model]
    sent = {"id": key, "confirmed": "1", "change_reason": "not needed"}
    answer = browser.post(f"/admin/{path}/delete/", sent, seen="1")
    assert answer.status_code == 302
    change_set = db.session.query(ChangeSet).order_by(ChangeSet.id.desc()).first()
    assert change_set is not None
    assert (change_set.kind, change_set.reason, change_set.counts["deleted"]) == ("delete", "not needed", 1)
    assert browser.get(f"/admin/{path}/details/", id=key).status_code == 404


def test_files_are_exported(app: Flask) -> None:
    browser = Browser(app, "admin")
    make_a_row_of_everything()
    for path in PATHS:
        answer = browser.get(f"/admin/{path}/export/csv/")
        assert answer.status_code == 200, path
        assert answer.data.startswith(b"\xef\xbb\xbf"), path
        answer.close()
        workbook = browser.get(f"/admin/{path}/export/xlsx/")
        assert (workbook.status_code, workbook.data[:2]) == (200, b"PK"), path
        workbook.close()
        assert browser.get(f"/admin/{path}/export/ods/").status_code == 404, path


def test_every_curated_table_has_a_screen_and_a_history_trigger() -> None:
    shown = {screen.model for screen in screens()}
    curated = {m.class_ for m in db.Base.registry.mappers if issubclass(m.class_, Curated)}
    assert curated <= shown
    triggers = db.session.connection().exec_driver_sql(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'keep_updated'"
    )
    assert {model.__tablename__ for model in curated} == set(triggers.scalars())


def test_users_are_nobodys_business_but_administrators(app: Flask) -> None:
    assert User in {screen.model for screen in screens()}
    for role in ("viewer", "steward", "approver"):
        assert Browser(app, role).get("/admin/users/").status_code == 403
