"""Saving forms: relation fields, refusals, conflicts, and what the database says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from psycopg import errors as postgres
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.bench.forms import BOOKKEEPING
from tests.screens.browsing import Browser, fields, statements
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.models.stock_price import StockPrice
from webapp.services import applying

pytestmark = pytest.mark.usefixtures("connection")

COMPANY = "/admin/companies/edit/"
STATEMENT = "/admin/statements/edit/"


def company(**values: Any) -> int:
    number = int(factories.company(**values).id)
    db.session.commit()
    return number


def statement(**values: Any) -> int:
    number = int(factories.statement(**values).id)
    db.session.commit()
    return number


def filing(**values: Any) -> str:
    doc_id = str(factories.filing(**values).doc_id)
    db.session.commit()
    return doc_id


def newest() -> ChangeSet:
    return db.session.scalars(select(ChangeSet).order_by(ChangeSet.id.desc()).limit(1)).one()


def stored(number: int) -> Company:
    return db.session.get_one(Company, number)


# ---- Relation fields: the form holds keys, never related objects -------------------------------------------------


def test_a_nullable_reference_is_set_changed_and_cleared(app: Flask) -> None:
    browser = Browser(app)
    owner = company()
    number = statement(company_id=owner)
    first, second = filing(company_id=owner), filing(company_id=owner)
    for key in (first, second, ""):
        typed = {"filing_doc_id": key, "filing_doc_id-name": key}
        assert browser.save(STATEMENT, typed, id=number).status_code == 302
        assert db.session.get_one(FinancialStatement, number).filing_doc_id == (key or None)
        assert newest().items[0].after == {"filing_doc_id": key or None}


def test_a_required_reference_is_changed_but_never_cleared(app: Flask) -> None:
    browser = Browser(app)
    one, other = company(), company()
    number = statement(company_id=one)
    assert browser.save(STATEMENT, {"company_id": str(other)}, id=number).status_code == 302
    assert db.session.get_one(FinancialStatement, number).company_id == other
    page = browser.save(STATEMENT, {"company_id": "", "company_id-name": ""}, id=number)
    assert page.status_code == 200
    assert "is needed" in page.text
    assert db.session.get_one(FinancialStatement, number).company_id == other


@pytest.mark.parametrize("typed", ["999999999", "abc", "-1", "1,2", "9" * 30, "1\x00"])
def test_a_key_that_names_no_record_is_refused_at_its_field(app: Flask, typed: str) -> None:
    number = statement()
    before = db.session.query(ChangeSet).count()
    page = Browser(app).save(STATEMENT, {"company_id": typed}, id=number)
    assert page.status_code == 200
    assert "is not one of the choices" in page.text
    assert db.session.query(ChangeSet).count() == before


def test_a_reference_is_resolved_from_a_typed_name_without_script(app: Flask) -> None:
    number = statement()
    other = company(ticker_symbol="7974", name_ja="任天堂株式会社", listing_status="listed")
    browser = Browser(app)
    assert browser.save(STATEMENT, {"company_id-name": "7974"}, id=number).status_code == 302
    assert db.session.get_one(FinancialStatement, number).company_id == other
    page = browser.save(STATEMENT, {"company_id-name": "nobody at all"}, id=number)
    assert "choose one from the list" in page.text
    assert 'value="nobody at all"' in page.text


def test_a_reference_left_alone_is_left_alone(app: Flask) -> None:
    owner = company(industry_code=factories.industry().code)
    before = db.session.query(ChangeSet).count()
    assert Browser(app).save(COMPANY, {}, id=owner).status_code == 302
    assert db.session.query(ChangeSet).count() == before


def test_a_row_with_a_composite_key_is_made_and_edited(app: Flask) -> None:
    browser = Browser(app)
    owner = company()
    typed = {"company_id": str(owner), "traded_on": "2025-06-27", "data_source": "by hand", "volume": "0"}
    assert browser.save("/admin/prices/new/", typed).status_code == 302
    key = f"{owner},2025-06-27"
    prices = dict.fromkeys(("open", "high", "low", "close"), "1,000.5")
    assert browser.save("/admin/prices/edit/", prices, id=key).status_code == 302
    row = db.session.get_one(StockPrice, (owner, date(2025, 6, 27)))
    assert row.close == Decimal("1000.5")
    assert row.volume == 0
    # The key itself is no field of a stored row.
    assert "traded_on" not in browser.form("/admin/prices/edit/", id=key)


def test_the_same_key_twice_is_told_and_not_written(app: Flask) -> None:
    row = factories.price()
    key = {"company_id": str(row.company_id), "traded_on": row.traded_on.isoformat(), "data_source": "again"}
    db.session.commit()
    page = Browser(app).save("/admin/prices/new/", key)
    assert page.status_code == 200
    assert "another row has this value already" in page.text


# ---- Refusals ------------------------------------------------------------------------------------------------


def test_a_finding_between_fields_is_shown_at_its_field(app: Flask) -> None:
    number = company()
    page = Browser(app).save(COMPANY, {"listing_status": "listed", "name_en": "kept"}, id=number)
    assert page.status_code == 200
    assert "is needed for a company that is or was listed" in page.text
    assert 'value="kept"' in page.text
    assert stored(number).name_en is None


def test_a_code_that_another_company_has_is_refused_at_its_field(app: Flask) -> None:
    company(edinet_code="E02367")
    number = company()
    page = Browser(app).save(COMPANY, {"edinet_code": "E02367"}, id=number)
    assert page.status_code == 200
    assert 'id="edinet_code-errors"' in page.text
    assert "another row has this value already" in page.text


def test_a_form_that_lacks_fields_blanks_nothing(app: Flask) -> None:
    number = company(name_en="Nintendo", capital_stock=Decimal(5))
    answer = Browser(app).post(COMPANY, {"row_version": "1", "name_kana": "ニンテンドウ"}, id=number)
    assert answer.status_code == 302
    row = stored(number)
    assert (row.name_en, row.capital_stock, row.name_kana) == ("Nintendo", 5, "ニンテンドウ")


@pytest.mark.parametrize("version", ["", "x", "-1", "٣", "9" * 30])
def test_a_form_without_its_version_is_not_saved(app: Flask, version: str) -> None:
    number = company()
    page = Browser(app).save(COMPANY, {"row_version": version, "name_en": "x"}, id=number)
    assert "This form is incomplete" in page.text
    assert stored(number).name_en is None


def test_a_reason_that_is_too_long_is_told_at_its_field(app: Flask) -> None:
    number = company()
    page = Browser(app).save(COMPANY, {"name_en": "x", "change_reason": "y" * 1001}, id=number)
    assert "must have at most 1000 characters" in page.text


def test_warnings_do_not_bar_saving(app: Flask) -> None:
    browser = Browser(app)
    page = browser.save(
        "/admin/companies/new/", {"name_ja": "符号なし株式会社", "listing_status": "unlisted"}
    )
    assert page.status_code == 302
    assert "is hard to find" in browser.get("/admin/companies/").text


def test_a_viewer_may_look_but_not_write(app: Flask) -> None:
    number = company()
    browser = Browser(app, "viewer")
    assert browser.get("/admin/companies/").status_code == 200
    assert "/admin/companies/edit/" not in browser.get("/admin/companies/").text
    for path in ("new/", "edit/", "delete/", "action/", "delete/confirm/"):
        assert browser.post(f"/admin/companies/{path}", {"id": number}, id=number).status_code in (403, 405)
        assert browser.get(f"/admin/companies/{path}", id=number).status_code in (403, 405)


# ---- Where saving leads ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/admin/prices/?page=2", "/admin/prices/?page=2"),
        ("https://elsewhere.example/", "/admin/companies/"),
        ("//elsewhere.example/", "/admin/companies/"),
        ("/\\elsewhere.example", "/admin/companies/"),
        ("javascript:alert(1)", "/admin/companies/"),
    ],
)
def test_saving_leads_back_to_our_own_pages_only(app: Flask, asked: str, leads: str) -> None:
    number = company()
    answer = Browser(app).save(COMPANY, {"name_en": "x"}, id=number, url=asked)
    assert answer.location == leads


def edit_of(number: int) -> str:
    return f"/admin/companies/edit/?id={number}&url="


def save_and_next(browser: Browser, number: int, url: str, **typed: str) -> str:
    answer = browser.save(COMPANY, {"_next": "1", **typed}, id=number, url=url)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_save_and_next_leads_to_the_next_record_of_the_list_that_one_came_from(app: Flask) -> None:
    ticker = {"listing_status": "listed", "name_en": "group"}
    first, other, second, third = (
        company(ticker_symbol=code, **ticker) for code in ("1301", "1305", "1332", "1333")
    )
    db.session.get_one(Company, other)
    browser = Browser(app)
    browser.save(COMPANY, {"name_en": "elsewhere"}, id=other)
    back = "/admin/companies/?search=group&order=ticker_symbol"
    # The saved value moves the first record behind the others; the next one is still the one that came after it.
    assert save_and_next(browser, first, back, ticker_symbol="9999").startswith(edit_of(second))
    assert save_and_next(browser, second, back).startswith(edit_of(third))
    backwards = "/admin/companies/?search=group&order=-ticker_symbol"
    assert save_and_next(browser, third, backwards).startswith(edit_of(second))


def test_after_the_last_record_save_and_next_leads_back_to_the_list_and_says_so(app: Flask) -> None:
    number = company(ticker_symbol="9999", listing_status="listed")
    browser = Browser(app)
    back = "/admin/companies/?search=9999"
    assert save_and_next(browser, number, back, name_en="x") == back
    page = browser.get("/admin/companies/", search="9999")
    assert "That was the last record of the list." in page.text
    assert "Saved as change set" in page.text


@pytest.mark.parametrize(
    "url",
    [
        "/admin/prices/?search=x",
        "/admin/companies/?search=a%00b",
        "/admin/companies/?flt0_x=1&order=nonsense",
        "//x",
        "",
    ],
)
def test_save_and_next_from_elsewhere_goes_through_the_usual_list(app: Flask, url: str) -> None:
    first = company(ticker_symbol="1301", listing_status="listed")
    second = company(ticker_symbol="1332", listing_status="listed")
    assert save_and_next(Browser(app), first, url, name_en="x").startswith(edit_of(second)[:-5])


def test_save_and_next_walks_rows_with_composite_keys(app: Flask) -> None:
    owner = company()
    for day in (25, 26, 27):
        factories.price(company_id=owner, traded_on=date(2025, 6, day))
    db.session.commit()
    browser = Browser(app)
    answer = browser.save("/admin/prices/edit/", {"_next": "1", "volume": "5"}, id=f"{owner},2025-06-26")
    assert f"id={owner},2025-06-25&" in answer.location
    assert browser.client.get(answer.location).status_code == 200


def test_the_form_leads_to_the_records_beside_it(app: Flask) -> None:
    first, second, third = (
        company(ticker_symbol=code, listing_status="listed", name_en="group")
        for code in ("1301", "1332", "1333")
    )
    company(ticker_symbol="1331", listing_status="listed")
    browser = Browser(app)
    url = "/admin/companies/?search=group"
    way = "/admin/companies/beside/"
    for number, asked, leads in (
        (second, "next", third),
        (second, "previous", first),
        (first, "next", second),
    ):
        assert browser.get(way, id=number, way=asked, url=url).location.startswith(edit_of(leads))
    assert browser.get(way, id=third, way="next", url=url).location.startswith(edit_of(third))
    assert browser.get(way, id=first, way="previous", url=url).location.startswith(edit_of(first))
    page = browser.get(COMPANY, id=first, url=url).text
    assert "This is the last record of the list." in page
    assert "This is the first record of the list." in page
    assert f'href="{way}?id={first}&amp;url=/admin/companies/%3Fsearch%3Dgroup&amp;way=next"' in page
    assert browser.get(way, id="x").status_code == 302


def test_a_form_and_its_saving_cost_four_statements_each(app: Flask) -> None:
    number = statement()
    browser = Browser(app)
    with statements() as seen:
        form = browser.form(STATEMENT, id=number)
    assert len(seen) <= 4, seen
    with statements() as seen:
        assert browser.post(STATEMENT, form | {"revenue": "5"}, id=number).status_code == 302
    assert len([sql for sql in seen if not BOOKKEEPING.match(sql)]) <= 4, seen


def test_save_and_add_leads_to_an_empty_form(app: Flask) -> None:
    answer = Browser(app).save(COMPANY, {"name_en": "x", "_add_another": "1"}, id=company())
    assert answer.location.startswith("/admin/companies/new/")


# ---- The same form, sent twice ---------------------------------------------------------------------------------


def change_sets() -> int:
    return db.session.query(ChangeSet).count()


def test_a_form_of_a_new_record_that_is_sent_twice_makes_one_record_and_answers_the_same(app: Flask) -> None:
    browser = Browser(app)
    form = browser.form("/admin/companies/new/") | {"name_ja": "二度押し株式会社"}
    before = change_sets()
    first = browser.post("/admin/companies/new/", form)
    second = browser.post("/admin/companies/new/", form)
    assert (
        (first.status_code, first.location)
        == (second.status_code, second.location)
        == (302, "/admin/companies/")
    )
    assert change_sets() == before + 1
    assert len(db.session.scalars(select(Company).where(Company.name_ja == "二度押し株式会社")).all()) == 1
    page = browser.get("/admin/companies/").text
    assert f"This was saved already, as change set #{newest().id}." in page


def test_an_edit_that_is_sent_twice_is_one_change_and_no_conflict(app: Flask) -> None:
    number = company(name_en="before")
    browser = Browser(app)
    form = browser.form(COMPANY, id=number) | {"name_en": "after", "change_reason": "twice"}
    before = change_sets()
    answers = [browser.post(COMPANY, form, id=number) for _ in range(2)]
    # Also when somebody else has saved meanwhile.
    Browser(app).save(COMPANY, {"name_en": "theirs"}, id=number)
    answers.append(browser.post(COMPANY, form, id=number))
    assert {(answer.status_code, answer.location) for answer in answers} == {(302, "/admin/companies/")}
    assert change_sets() == before + 2
    assert stored(number).name_en == "theirs"
    assert browser.get("/admin/companies/").text.count("This was saved already") == 2


def test_an_edit_that_is_sent_twice_with_save_and_next_leads_to_the_same_record(app: Flask) -> None:
    first, second, _third = (
        company(ticker_symbol=code, listing_status="listed") for code in ("1301", "1332", "1333")
    )
    browser = Browser(app)
    form = browser.form(COMPANY, id=first) | {"ticker_symbol": "1340", "_next": "1"}
    answers = [browser.post(COMPANY, form, id=first).location for _ in range(2)]
    assert answers[0] == answers[1]
    assert f"id={second}&" in answers[0]


def test_what_was_undone_is_not_saved_again_by_a_reload(app: Flask) -> None:
    number = company(name_en="before")
    browser = Browser(app)
    form = browser.form(COMPANY, id=number) | {"name_en": "after"}
    browser.post(COMPANY, form, id=number)
    made = newest().id
    browser.post("/admin/change-sets/undo/", {"id": made})
    assert browser.post(COMPANY, form, id=number).status_code == 302
    assert stored(number).name_en == "before"
    assert f"saved already, as change set #{made}" in browser.get("/admin/companies/").text


def test_a_new_record_sent_again_with_other_words_is_asked_about(app: Flask) -> None:
    browser = Browser(app)
    form = browser.form("/admin/companies/new/") | {"name_ja": "最初の株式会社"}
    browser.post("/admin/companies/new/", form)
    made = newest().id
    page = browser.post("/admin/companies/new/", {**form, "name_ja": "別の株式会社"})
    assert page.status_code == 409
    assert newest().id == made
    assert (
        f'saved already, as change set <a href="/admin/change-sets/details/?id={made}">#{made}</a>'
        in page.text
    )
    again = fields(page.text)
    assert again["name_ja"] == "別の株式会社"
    assert again["save_token"] != form["save_token"]
    assert browser.post("/admin/companies/new/", again).status_code == 302
    assert newest().id > made


def test_an_edit_sent_again_with_other_words_is_an_ordinary_conflict(app: Flask) -> None:
    number = company(name_en="before")
    browser = Browser(app)
    form = browser.form(COMPANY, id=number) | {"name_en": "after"}
    browser.post(COMPANY, form, id=number)
    page = browser.post(COMPANY, {**form, "name_en": "something else"}, id=number)
    assert page.status_code == 409
    again = fields(page.text)
    assert (again["name_en"], again["row_version"]) == ("something else", "2")
    assert browser.post(COMPANY, again, id=number).status_code == 302
    assert stored(number).name_en == "something else"


def test_a_used_token_never_swallows_another_edit(app: Flask) -> None:
    number = company(name_en="before")
    browser = Browser(app)
    form = browser.form(COMPANY, id=number) | {"name_en": "after"}
    browser.post(COMPANY, form, id=number)
    page = browser.post(COMPANY, {**form, "row_version": "2", "name_en": "later"}, id=number)
    assert page.status_code == 409
    assert "saving them again makes another change" in page.text
    assert stored(number).name_en == "after"
    assert browser.post(COMPANY, fields(page.text), id=number).status_code == 302
    assert stored(number).name_en == "later"


def test_a_new_record_that_is_gone_again_is_not_passed_off_as_saved(app: Flask) -> None:
    browser = Browser(app)
    form = browser.form("/admin/companies/new/") | {"name_ja": "消えた株式会社"}
    browser.post("/admin/companies/new/", form)
    browser.post("/admin/change-sets/undo/", {"id": newest().id})
    assert browser.post("/admin/companies/new/", form).status_code == 409


def test_a_form_that_comes_back_with_errors_keeps_its_token(app: Flask) -> None:
    browser = Browser(app)
    form = browser.form("/admin/companies/new/")
    assert len(form["save_token"]) == 32
    assert browser.form("/admin/companies/new/")["save_token"] != form["save_token"]
    page = browser.post("/admin/companies/new/", {**form, "name_ja": ""})
    assert fields(page.text)["save_token"] == form["save_token"]


@pytest.mark.parametrize("token", [None, "", "x", "g" * 32, "A" * 32, "1" * 33, "\x00"])
def test_a_form_with_no_token_or_none_that_is_one_is_saved_all_the_same(
    app: Flask, token: str | None
) -> None:
    number = company(name_en="before")
    browser = Browser(app)
    form = browser.form(COMPANY, id=number) | {"name_en": "after"}
    del form["save_token"]
    sent = form if token is None else form | {"save_token": token}
    assert browser.post(COMPANY, sent, id=number).status_code == 302
    assert stored(number).name_en == "after"
    assert newest().save_token is None
    broken = browser.post(COMPANY, {**sent, "row_version": "2", "capital_stock": "x"}, id=number)
    assert len(fields(broken.text)["save_token"]) == 32


# ---- Two stewards ----------------------------------------------------------------------------------------------


def test_the_second_of_two_stewards_is_told_and_loses_nothing(app: Flask) -> None:
    number = company(name_en="before", name_kana="マエ", capital_stock=Decimal(1))
    first, second = Browser(app), Browser(app)
    open_form = second.form(COMPANY, id=number)
    assert first.save(COMPANY, {"name_en": "theirs", "capital_stock": "2"}, id=number).status_code == 302

    page = second.post(COMPANY, {**open_form, "name_en": "mine", "name_kana": "ワタシ"}, id=number)
    assert page.status_code == 409
    assert stored(number).name_en == "theirs"
    for told in ("before", "theirs", "mine", first.user_name):
        assert told in page.text
    again = fields(page.text)
    # Touched fields keep what was typed, untouched ones take what is stored now.
    assert (again["name_en"], again["name_kana"], again["capital_stock"]) == ("mine", "ワタシ", "2")
    assert again["row_version"] == "2"

    assert second.post(COMPANY, again, id=number).status_code == 302
    row = stored(number)
    assert (row.name_en, row.name_kana, row.capital_stock) == ("mine", "ワタシ", 2)


def test_a_reference_that_moved_is_told_by_name(app: Flask) -> None:
    old, new = factories.industry(name_ja="旧業種").code, factories.industry(name_ja="新業種").code
    number = company(industry_code=old)
    first, second = Browser(app), Browser(app)
    open_form = second.form(COMPANY, id=number)
    first.save(COMPANY, {"industry_code": new}, id=number)
    page = second.post(COMPANY, {**open_form, "name_en": "mine"}, id=number)
    assert page.status_code == 409
    assert "旧業種" in page.text
    assert "新業種" in page.text
    assert fields(page.text)["industry_code"] == new


def test_two_saves_in_the_same_moment_are_told_apart(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    number = company(name_en="before")
    browser = Browser(app)
    form = browser.form(COMPANY, id=number)
    carry_out = applying.carry_out

    def after_somebody_else(proposal: Any) -> Any:
        db.session.execute(text("UPDATE companies SET name_en = 'theirs' WHERE id = :id"), {"id": number})
        return carry_out(proposal)

    monkeypatch.setattr(applying, "carry_out", after_somebody_else)
    page = browser.post(COMPANY, {**form, "name_en": "mine"}, id=number)
    assert page.status_code == 409
    assert fields(page.text)["name_en"] == "mine"


def test_what_was_typed_outlives_the_record(app: Flask) -> None:
    number = company()
    browser = Browser(app)
    form = browser.form(COMPANY, id=number)
    browser.post("/admin/companies/delete/", {"id": number, "confirmed": "1"}, seen="1")
    page = browser.post(COMPANY, {**form, "name_en": "much work"}, id=number)
    assert page.status_code == 409
    assert "deleted meanwhile" in page.text
    assert 'value="much work"' in page.text


# ---- The database says no ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (postgres.ReadOnlySqlTransaction, "read-only"),
        (postgres.LockNotAvailable, "holding these records"),
        (postgres.SerializationFailure, "at the same moment"),
        (postgres.DiskFull, "disk is full"),
        (postgres.QueryCanceled, "took too long"),
        (postgres.AdminShutdown, "restarting"),
    ],
)
def test_a_refusal_of_the_database_is_a_sentence_with_a_number(
    app: Flask, monkeypatch: pytest.MonkeyPatch, refusal: type[postgres.Error], told: str
) -> None:
    number = company()
    browser = Browser(app)
    form = browser.form(COMPANY, id=number)

    def refuse(_proposal: Any) -> None:
        raise OperationalError("UPDATE secret_table", {"name": "secret value"}, refusal("secret detail"))

    monkeypatch.setattr(applying, "carry_out", refuse)
    page = browser.post(COMPANY, {**form, "name_en": "kept"}, id=number)
    assert page.status_code == 200
    assert told in page.text
    assert "Error number" in page.text
    assert "secret" not in page.text
    assert 'value="kept"' in page.text


def test_a_read_only_database_is_told_as_such(app: Flask, connection: Connection) -> None:
    number = company()
    browser = Browser(app)
    form = browser.form(COMPANY, id=number)
    connection.execute(text("SET TRANSACTION READ ONLY"))
    page = browser.post(COMPANY, {**form, "name_en": "kept"}, id=number)
    assert "read-only at the moment" in page.text
    assert 'value="kept"' in page.text
