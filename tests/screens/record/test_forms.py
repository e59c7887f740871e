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
from webapp.services.changes import applying

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


@pytest.mark.parametrize("typed", ["999999999", "abc", "-1", "1,2", "9" * 30, "1\x01"])
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
    owner = row.company_id
    db.session.commit()
    page = Browser(app).save("/admin/prices/new/", key)
    assert page.status_code == 200
    # The record that is there is named and linked; the first column of the key is not to blame.
    assert "there is such a record already: “<a" in page.text
    assert f'href="/admin/prices/details/?id={owner},2025-06-27"' in page.text.replace("%2C", ",")
    assert 'id="company_id-errors"' not in page.text


def test_a_correction_of_a_statement_is_made_by_hand_and_becomes_the_current_one(app: Flask) -> None:
    original = factories.statement(revenue=Decimal(100))
    number, owner = original.id, original.company_id
    db.session.commit()
    browser = Browser(app)
    form = browser.form("/admin/statements/edit/", id=number)
    new = browser.form("/admin/statements/new/")
    typed = {
        name: value
        for name, value in form.items()
        if name in new and name not in ("save_token", "csrf_token")
    }
    correction = {**new, **typed, "revision_no": "1", "revision_type": "COR", "revenue": "90"}
    assert browser.post("/admin/statements/new/", correction).status_code == 302
    rows = select(FinancialStatement).where(FinancialStatement.company_id == owner)
    stored_rows = db.session.scalars(rows.order_by(FinancialStatement.revision_no)).all()
    assert [(row.revision_no, row.is_current, row.revenue) for row in stored_rows] == [
        (0, False, 100),
        (1, True, 90),
    ]
    assert len({row.change_set_id for row in stored_rows}) == 1


# ---- Refusals ------------------------------------------------------------------------------------------------


def test_a_finding_between_fields_is_shown_at_its_field(app: Flask) -> None:
    number = company()
    page = Browser(app).save(COMPANY, {"listing_status": "listed", "name_en": "kept"}, id=number)
    assert page.status_code == 200
    assert "is needed for a company that is or was listed" in page.text
    assert 'value="kept"' in page.text
    assert stored(number).name_en is None


def test_a_code_that_another_company_has_is_refused_at_its_field(app: Flask) -> None:
    rival, number = company(edinet_code="E02367"), company()
    page = Browser(app).save(COMPANY, {"edinet_code": "E02367"}, id=number)
    assert page.status_code == 200
    errors = page.text.split('id="edinet_code-errors"')[1][:300]
    assert f'“<a href="/admin/companies/details/?id={rival}"' in errors
    assert "has this value already" in errors


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


def test_a_form_that_lacks_its_version_altogether_is_not_saved(app: Flask) -> None:
    number = company()
    page = Browser(app).post(COMPANY, {"name_en": "by a script"}, id=number)
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


def test_a_form_costs_four_statements_and_its_saving_sixteen_with_all_that_follows(app: Flask) -> None:
    """Read, write; what is laid over it, and in which order; whose word its fields are; findings; indicators.

    The indicators are read for, and reckoned here: one statement of all their formulas takes longer to plan.
    """
    number = statement()
    browser = Browser(app)
    with statements() as seen:
        form = browser.form(STATEMENT, id=number)
    assert len(seen) <= 4, seen
    with statements() as seen:
        assert browser.post(STATEMENT, form | {"revenue": "5"}, id=number).status_code == 302
    assert len([sql for sql in seen if not BOOKKEEPING.match(sql)]) <= 16, seen


def test_save_and_add_leads_to_an_empty_form(app: Flask) -> None:
    answer = Browser(app).save(COMPANY, {"name_en": "x", "_add_another": "1"}, id=company())
    assert answer.location.startswith("/admin/companies/new/")


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
    # The page asks about the field that both changed, and tells of the other.
    assert "You both changed 1 field." in page.text
    assert page.text.count("data-choice=") == 1
    assert f"Meanwhile {first.user_name} changed Capital stock" in page.text
    again = fields(page.text)
    # Touched fields keep what was typed, untouched ones take what is stored now.
    assert (again["name_en"], again["name_kana"], again["capital_stock"]) == ("mine", "ワタシ", "2")
    assert again["row_version"] == "2"

    assert second.post(COMPANY, again, id=number).status_code == 302
    row = stored(number)
    assert (row.name_en, row.name_kana, row.capital_stock) == ("mine", "ワタシ", 2)


def test_two_stewards_who_change_two_fields_of_a_record_both_have_their_way(app: Flask) -> None:
    number = company(name_en="before", name_kana="マエ", description="一行目\n二行目")
    first, second = Browser(app), Browser(app)
    open_form = second.form(COMPANY, id=number)
    first.save(COMPANY, {"name_en": "theirs"}, id=number)
    answer = second.post(COMPANY, {**open_form, "name_kana": "ワタシ"}, id=number)
    assert answer.status_code == 302
    row = stored(number)
    assert (row.name_en, row.name_kana, row.description) == ("theirs", "ワタシ", "一行目\n二行目")
    told = second.get("/admin/companies/").text
    assert f"Meanwhile {first.user_name} changed Name (en). That stays, beside your own changes." in told
    of_companies = [item for item in newest().items if item.table_name == "companies"]
    assert [list(item.after) for item in of_companies] == [["name_kana"]]


def test_a_reference_that_moved_is_told_by_name(app: Flask) -> None:
    old, new = factories.industry(name_en="Old sector").code, factories.industry(name_en="New sector").code
    mine = factories.industry(name_en="Another sector").code
    number = company(industry_code=old)
    first, second = Browser(app), Browser(app)
    open_form = second.form(COMPANY, id=number)
    first.save(COMPANY, {"industry_code": new}, id=number)
    page = second.post(COMPANY, {**open_form, "industry_code": mine}, id=number)
    assert page.status_code == 409
    for name in ("Old sector", "New sector", "Another sector"):
        assert name in page.text
    assert fields(page.text)["industry_code"] == mine


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
