"""Change sets on screen."""

from decimal import Decimal

import pytest
from flask import Flask
from psycopg import errors as postgres
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests import factories, people
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.naming import ENGLISH
from webapp.services.changes import applying, approving, door, proposing
from webapp.services.changes.proposals import Author, Moved, Wish

pytestmark = pytest.mark.usefixtures("connection")

URL = "/admin/change-sets/details/"


def newest() -> int:
    db.session.commit()
    return db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(1)).one()


def test_every_field_is_shown_before_and_after_by_its_label(app: Flask) -> None:
    industry = factories.industry(name_ja="その他製品").code
    number = int(factories.company(name_en="before", capital_stock=Decimal(1000)).id)
    wanted = Wish(
        Company,
        "update",
        {"name_en": "after", "capital_stock": Decimal(2000), "industry_code": industry},
        (number,),
    )
    intent = factories.intent(reason="a reason", source="a source")
    applying.carry_out(proposing.propose([wanted], intent))
    page = Browser(app).get(URL, id=newest())
    assert page.status_code == 200
    for told in (
        "Name (en)",
        "before",
        "after",
        "1,000",
        "2,000",
        f"{industry} Other Products",
        "a reason",
        "a source",
    ):
        assert told in page.text, told
    assert "name_ja_folded" not in page.text
    assert f"/admin/companies/details/?id={number}" in page.text


def test_a_deleted_record_is_shown_but_not_linked(app: Flask) -> None:
    row = factories.company(name_ja="消える社")
    number = int(row.id)
    applying.carry_out(
        proposing.propose([Wish(Company, "delete", {}, (number,))], factories.intent("delete"))
    )
    page = Browser(app).get(URL, id=newest())
    assert "消える社" in page.text
    assert f"/admin/companies/details/?id={number}" not in page.text


def test_warnings_are_shown_with_their_field(app: Flask) -> None:
    factories.company(edinet_code=None)
    assert "hard to find" in Browser(app).get(URL, id=newest()).text


def test_nobody_edits_a_change_set(app: Flask) -> None:
    factories.company()
    number = newest()
    browser = Browser(app, "admin")
    for path in ("edit/", "new/", "delete/", "action/"):
        assert browser.post(f"/admin/change-sets/{path}", {"id": number}, id=number).status_code == 404


def test_the_list_says_what_each_did(app: Flask) -> None:
    factories.company()
    page = Browser(app).get("/admin/change-sets/", flt0_table_name_is="companies", flt1_kind_is="create")
    assert "Created 1" in page.text


# ---- How it was decided ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "told"), [("en", "By the policy"), ("ja", "規定により自動承認")])
def test_a_change_of_a_steward_says_that_the_policy_decided(app: Flask, language: str, told: str) -> None:
    number = int(factories.company(name_en="Before").id)
    db.session.commit()
    browser = Browser(app, language=language)
    browser.save("/admin/companies/edit/", {"name_en": "After"}, id=number)
    made = db.session.get_one(ChangeSet, newest())
    assert (made.author_id, made.decided_by_id) == (browser.user_id, None)
    assert told in browser.get(URL, id=made.id).text


def test_a_change_that_somebody_else_approved_bears_their_name(app: Flask) -> None:
    row, approver = factories.company(name_en="Before"), people.user("approver", name="承認 花子")
    proposal = proposing.propose(
        [Wish(Company, "update", {"name_en": "After"}, (row.id,))], factories.intent()
    )
    number = approving.submit(proposal).id
    door.settle(lambda: door.decide(number, Author(approver.name, approver.id, approver.role)))
    page = Browser(app).get(URL, id=number).text
    assert "By a person" in page
    assert "承認 花子" in page


# ---- Undoing -----------------------------------------------------------------------------------------------------

UNDO = "/admin/change-sets/undo/"


def edited(**values: object) -> tuple[int, int]:
    """The number of a company and of the change set that edited it."""
    row = factories.company(name_ja="京都株式会社", name_en="Before")
    number = int(row.id)
    wanted = Wish(Company, "update", values, (number,))
    applying.carry_out(proposing.propose([wanted], factories.intent()))
    return number, newest()


def test_a_saved_form_offers_to_undo_and_undoing_leads_back(app: Flask) -> None:
    number = int(factories.company(name_en="Before").id)
    db.session.commit()
    browser = Browser(app)
    browser.save("/admin/companies/edit/", {"name_en": "After"}, id=number)
    page = browser.get("/admin/companies/").text
    assert 'data-key="u"' in page
    answer = browser.post(UNDO, {"id": newest(), "url": "/admin/companies/?search=x"})
    assert answer.location == "/admin/companies/?search=x"
    assert db.session.get_one(Company, number).name_en == "Before"
    undone = db.session.get_one(ChangeSet, newest())
    assert (undone.kind, undone.author_name) == ("undo", browser.user_name)
    assert (
        f"Change set #{undone.undoes_id} was undone, as change set #{undone.id}."
        in browser.get("/admin/").text
    )


def test_a_change_set_says_what_undoing_would_do_and_afterwards_which_undid_it(app: Flask) -> None:
    _number, made = edited(name_en="After")
    browser = Browser(app)
    page = browser.get(URL, id=made).text
    assert "Undo this change" in page
    assert "Updated 1" in page
    answer = browser.post(UNDO, {"id": made})
    done = newest()
    assert answer.location == f"{URL}?id={done}"
    after, undoing = browser.get(URL, id=made).text, browser.get(URL, id=done).text
    assert "Undo this change" not in after
    assert f'<a href="{URL}?id={done}">#{done}</a>' in after
    assert f'<a href="{URL}?id={made}">#{made}</a>' in undoing
    assert f"Undoes change set #{made}" in undoing


def test_an_undoing_that_cannot_be_has_no_button_but_a_reason_with_a_name(app: Flask) -> None:
    number, made = edited(name_en="After")
    other = Browser(app)
    other.save("/admin/companies/edit/", {"name_en": "Theirs"}, id=number)
    browser = Browser(app)
    page = browser.get(URL, id=made).text
    row = db.session.get_one(Company, number)
    name = row.naming.of_record(row, ENGLISH)
    said = f"{other.user_name} (#{newest()}) has changed “{name}” since: Name (en)."
    assert said in page
    assert 'disabled aria-describedby="undo-refusal"' in page
    assert browser.post(UNDO, {"id": made}).location == f"{URL}?id={made}"
    told = browser.get("/admin/").text
    assert "Nothing was undone." in told
    assert said in told
    assert db.session.get_one(Company, number).name_en == "Theirs"


def test_what_stands_in_the_way_of_undoing_is_told_in_the_readers_language(app: Flask) -> None:
    number, made = edited(name_en="After")
    author = Author("root (command line)")
    intent = factories.intent(author=author)
    applying.carry_out(proposing.propose([Wish(Company, "update", {"name_en": "Later"}, (number,))], intent))
    page = Browser(app, language="ja").get(URL, id=made).text
    assert f"その後、コマンド（root） (#{newest()})が" in page
    assert "command line" not in page


def test_many_rows_that_have_changed_are_told_in_short(app: Flask) -> None:
    rows = [factories.company(name_en="Before") for _ in range(5)]
    wanted = [Wish(Company, "update", {"name_en": "After"}, (row.id,)) for row in rows]
    applying.carry_out(proposing.propose(wanted, factories.intent()))
    made = newest()
    wanted = [Wish(Company, "delete", {}, (row.id,)) for row in rows]
    applying.carry_out(proposing.propose(wanted, factories.intent("delete")))
    page = Browser(app).get(URL, id=made).text
    assert page.count("has deleted “") == 3
    assert "2 more records have changed." in page


def test_whoever_undoes_second_learns_who_was_first(app: Flask) -> None:
    _number, made = edited(name_en="After")
    first, second = Browser(app), Browser(app)
    first.post(UNDO, {"id": made})
    done = newest()
    second.post(UNDO, {"id": made})
    assert newest() == done
    told = second.get("/admin/").text
    assert f"{first.user_name} undid it already at" in told
    assert f"with change set #{done}." in told


def test_a_creation_that_others_refer_to_is_not_undone(app: Flask) -> None:
    row = factories.company()
    made, said = newest(), f"Other records refer to “{row}” by now."
    factories.price(company_id=row.id)
    browser = Browser(app)
    assert said in browser.get(URL, id=made).text
    browser.post(UNDO, {"id": made})
    assert said in browser.get("/admin/").text


def test_of_a_list_the_records_that_nobody_touched_since_can_be_undone_by_themselves(app: Flask) -> None:
    rows = [factories.company(name_en="Before") for _ in range(3)]
    touched, numbers = str(rows[0]), [row.id for row in rows]
    wanted = [Wish(Company, "update", {"name_en": "Wrong"}, (number,)) for number in numbers]
    applying.carry_out(proposing.propose(wanted, factories.intent("import")))
    made = newest()
    wanted = [Wish(Company, "update", {"name_en": "Theirs"}, (numbers[0],))]
    applying.carry_out(proposing.propose(wanted, factories.intent()))
    browser = Browser(app)
    assert "Undo the other 2 records" in browser.get(URL, id=made).text
    browser.post(UNDO, {"id": made, "others": "1"})
    names = [db.session.get_one(Company, number).name_en for number in numbers]
    assert names == ["Theirs", "Before", "Before"]
    left = f"“{touched}” has been changed or referred to since"
    assert left in browser.get(URL, id=newest()).text


def test_only_who_may_write_undoes_and_only_by_a_form(app: Flask) -> None:
    number, made = edited(name_en="After")
    viewer = Browser(app, "viewer")
    assert "Undo this change" not in viewer.get(URL, id=made).text
    assert viewer.post(UNDO, {"id": made}).status_code == 403
    steward = Browser(app)
    assert steward.get(UNDO, id=made).status_code == 405
    assert steward.client.post(UNDO, data={"id": made}).status_code == 400
    for key in ("", "x", "1,2", "-1", "9" * 30, "987654321", "\x00"):
        assert steward.post(UNDO, {"id": key}).status_code in (400, 404), key
    assert steward.post(UNDO, {}).status_code == 404
    assert db.session.get_one(Company, number).name_en == "After"


def test_a_refusal_of_the_database_is_told_and_nothing_is_undone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, made = edited(name_en="After")

    def refuse(*_what: object) -> None:
        raise OperationalError("UPDATE secret", {}, postgres.DiskFull("secret"))

    monkeypatch.setattr(applying, "write_rows", refuse)
    browser = Browser(app)
    browser.post(UNDO, {"id": made})
    assert "disk is full" in browser.get("/admin/").text
    assert db.session.get_one(Company, number).name_en == "After"


def test_two_who_write_the_same_row_at_the_same_moment_are_told_apart(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _number, made = edited(name_en="After")

    def refuse(*_what: object) -> None:
        raise Moved

    monkeypatch.setattr(applying, "write_rows", refuse)
    browser = Browser(app)
    browser.post(UNDO, {"id": made})
    assert "Somebody else was saving at the same moment; try again." in browser.get("/admin/").text


def test_the_token_of_a_form_is_shown_to_nobody(app: Flask) -> None:
    number = int(factories.company().id)
    db.session.commit()
    browser = Browser(app)
    browser.save("/admin/companies/edit/", {"name_en": "x"}, id=number)
    token = db.session.get_one(ChangeSet, newest()).save_token
    assert token is not None
    for path in ("", "details/", "export/all/", "export/csv/"):
        answer = browser.get(f"/admin/change-sets/{path}", id=newest(), columns="id,save_token")
        assert answer.status_code == 200
        assert token not in answer.text
        answer.close()


def test_cells_of_one_sitting_are_one_line_of_the_list_and_each_can_be_reached_and_undone(app: Flask) -> None:
    number = int(factories.company(name_en="before", name_kana="マエ", website_url=None).id)
    db.session.commit()
    browser, numbers = Browser(app), []
    cells = {"name_en": "after", "name_kana": "アト", "website_url": "https://example.jp/"}
    for name, typed in cells.items():
        query = {"id": number, "name": name}
        form = browser.form("/admin/companies/cell/", **query)
        assert browser.post("/admin/companies/cell/", {**form, name: typed}, **query).status_code == 200
        numbers.append(newest())
    page = browser.get("/admin/change-sets/").text
    lines = [number for number in numbers if f"details/?id={number}" in page]
    assert lines == numbers[:1]
    assert "3 cells" in page
    first = browser.get(URL, id=numbers[0]).text
    assert all(f"{URL}?id={number}" in first for number in numbers[1:])
    assert "5 records" in first  # the two names that passed are records, too
    assert all(typed in first for typed in cells.values())
    assert "Undo 3 cells" in first
    assert "cells" not in browser.get(URL, id=numbers[1]).text.partition("<main")[2].partition("</main")[0]
    browser.post(UNDO, {"id": numbers[1]})
    row = db.session.get_one(Company, number, populate_existing=True)
    assert (row.name_en, row.name_kana) == ("after", "マエ")
    assert "Undo 2 cells" in browser.get(URL, id=numbers[0]).text
    browser.post(UNDO, {"id": numbers[0], "sitting": "1"})
    row = db.session.get_one(Company, number, populate_existing=True)
    assert (row.name_en, row.name_kana, row.website_url) == ("before", "マエ", None)
