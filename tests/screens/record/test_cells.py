"""One cell edited in its list: the field it gets, what saving it answers, and everything that may be in the way."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from psycopg import errors as postgres
from sqlalchemy import false, select, text
from sqlalchemy.exc import OperationalError

from tests import factories, plans
from tests.screens.browsing import Browser, fields, statements
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.industry import Industry
from webapp.models.stock_price import StockPrice
from webapp.screens.record import registry
from webapp.services.changes import applying, proposing
from webapp.words import keys

pytestmark = pytest.mark.usefixtures("connection")

COMPANIES = "/admin/companies/"
CELL = "/admin/companies/cell/"
SHOWN = "ticker_symbol,name_ja,name_en,edinet_code,changed_at"


def company(**values: Any) -> int:
    number = int(factories.company(**values).id)
    db.session.commit()
    return number


def stored(number: int) -> Company:
    return db.session.get_one(Company, number)


def count() -> int:
    return db.session.query(ChangeSet).count()


def newest() -> ChangeSet:
    return db.session.scalars(select(ChangeSet).order_by(ChangeSet.id.desc()).limit(1)).one()


def save(browser: Browser, name: str, typed: dict[str, str], **query: Any) -> Any:
    return browser.post(CELL, {"row_version": "1", **typed}, name=name, **query)


# ---- The field ---------------------------------------------------------------------------------------------------


def test_a_cell_is_answered_with_its_field_of_the_edit_form(app: Flask) -> None:
    number = company(name_en="Nintendo <Co.>", capital_stock=Decimal(12345))
    browser = Browser(app)
    page = browser.get(CELL, id=number, name="name_en").text
    assert '<label for="cell-name_en">' in page
    found = re.search(r'<input[^>]* id="cell-name_en"[^>]*>', page)
    assert found is not None
    assert 'name="name_en"' in found[0]
    assert 'value="Nintendo &lt;Co.&gt;"' in found[0]
    assert re.search(r'name="row_version"[^>]*value="1"', page)
    assert 'name="name_ja"' not in page
    money = browser.get(CELL, id=number, name="capital_stock").text
    assert 'value="12,345"' in money
    assert '<span class="unit">yen</span>' in money


def test_the_cell_of_another_record_is_looked_up_by_its_name(app: Flask) -> None:
    number = company(industry_code=factories.industry(code="3650", name_en="Electric Appliances").code)
    page = Browser(app).get(CELL, id=number, name="industry").text
    assert "data-lookup-url" in page
    assert 'name="industry_code" value="3650"' in page
    assert "Electric Appliances" in page


@pytest.mark.parametrize(
    "name",
    [
        "",
        "id",
        "version",
        "changed_at",
        "name_ja_folded",
        "statements",
        "no_such",
        "__class__",
        "row_version",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_the_form_does_not_offer_has_no_cell(app: Flask, name: str, method: str) -> None:
    number = company()
    browser = Browser(app)
    query = {"id": number, "name": name}
    typed = {name: "1", "row_version": "1"}
    answer = browser.get(CELL, **query) if method == "get" else browser.post(CELL, typed, **query)
    assert answer.status_code == 404
    assert stored(number).version == 1


def test_keys_read_only_columns_and_computed_screens_have_none_either(app: Flask) -> None:
    price, number = factories.price(), factories.statement().id
    key = f"{price.company_id},{price.traded_on.isoformat()}"
    db.session.commit()
    browser = Browser(app)
    for path, query in (
        ("/admin/prices/cell/", {"id": key, "name": "traded_on"}),
        ("/admin/prices/cell/", {"id": key, "name": "company"}),
        ("/admin/statements/cell/", {"id": number, "name": "sources"}),
        ("/admin/indicators/cell/", {"id": 1, "name": "roe"}),
        ("/admin/users/cell/", {"id": 1, "name": "role"}),
    ):
        assert browser.get(path, **query).status_code == 404, path


@pytest.mark.parametrize("key", ["", "abc", "0", "9" * 30, "1,2", "1\x01", "-1", "٣"])
def test_a_record_that_is_not_there_is_told(app: Flask, key: str) -> None:
    browser = Browser(app)
    assert browser.get(CELL, id=key, name="name_en").status_code == 404
    answer = save(browser, "name_en", {"name_en": "x"}, id=key)
    assert answer.status_code == 404
    assert "Your entries are still here" in answer.json["errors"][0]


def test_a_row_that_is_not_for_this_reader_is_not_there(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    number = company()

    plans.alter(monkeypatch, Company, visible=lambda statement: statement.where(false()))
    browser = Browser(app)
    assert browser.get(CELL, id=number, name="name_en").status_code == 404
    assert save(browser, "name_en", {"name_en": "x"}, id=number).status_code == 404
    assert stored(number).name_en is None


# ---- Saving ------------------------------------------------------------------------------------------------------


def test_saving_a_cell_makes_one_change_set_and_answers_the_cell_as_the_list_shows_it(app: Flask) -> None:
    number = company(name_en="before", name_ja="甲")
    answer = save(
        Browser(app), "name_en", {"name_en": "A & B", "change_reason": "as filed"}, id=number, shown=SHOWN
    )
    assert answer.status_code == 200
    made = newest()
    assert (made.reason, made.kind, made.items[0].after) == ("as filed", "edit", {"name_en": "A & B"})
    told = answer.json
    assert (told["html"], told["version"], told["undo"]) == ("A &amp; B", 2, made.id)
    assert told["said"].endswith(f"A & B” is saved, as change set #{made.id}.")
    # Only when it was changed differs beside it.
    assert set(told["row"]) <= {"changed_at"}
    assert (stored(number).name_en, stored(number).name_ja) == ("A & B", "甲")


def test_an_unchanged_cell_is_not_saved_and_that_is_said(app: Flask) -> None:
    number = company(name_en="same")
    before = count()
    answer = save(Browser(app), "name_en", {"name_en": " same "}, id=number)
    assert answer.status_code == 200
    assert answer.json["undo"] is None
    assert answer.json["version"] == 1
    assert "nothing was saved" in answer.json["said"]
    assert count() == before
    assert save(Browser(app), "name_en", {}, id=number).json["undo"] is None


def test_other_fields_that_are_sent_along_are_not_saved(app: Flask) -> None:
    number = company(name_en="before", name_kana="マエ")
    typed = {"name_en": "after", "name_kana": "アト", "version": "7", "id": "9"}
    assert save(Browser(app), "name_en", typed, id=number).status_code == 200
    assert (stored(number).name_kana, stored(number).version) == ("マエ", 2)


def test_the_column_that_leads_to_the_record_is_told_without_its_link(app: Flask) -> None:
    number = company(name_ja="甲", ticker_symbol="7974", listing_status="listed")
    told = save(Browser(app), "name_ja", {"name_ja": "任天堂<b>"}, id=number).json
    assert told["html"] == "任天堂&lt;b&gt;"
    assert "任天堂<b>" in told["name"]


def test_money_is_answered_in_the_unit_of_the_list(app: Flask) -> None:
    number = company(capital_stock=Decimal(1))
    told = save(
        Browser(app),
        "capital_stock",
        {"capital_stock": "１，２３４，９９９，９９９"},
        id=number,
        unit="million",
    ).json
    assert told["html"] == "1,234"
    assert stored(number).capital_stock == 1_234_999_999


def test_a_row_with_a_composite_key_is_edited(app: Flask) -> None:
    row = factories.price()
    key = (row.company_id, row.traded_on)
    db.session.commit()
    typed = {"row_version": "1", "volume": "1,200"}
    query = {"id": f"{key[0]},{key[1].isoformat()}", "name": "volume"}
    answer: Any = Browser(app).post("/admin/prices/cell/", typed, **query)
    assert (answer.status_code, answer.json["html"]) == (200, "1,200")
    assert db.session.get_one(StockPrice, key).volume == 1200


def test_a_reference_is_changed_by_key_or_by_name_and_cleared(app: Flask) -> None:
    for code, name in (("3650", "Electric Appliances"), ("3700", "Transportation Equipment")):
        factories.industry(code=code, name_en=name)
    number = company()
    browser = Browser(app)
    for version, typed, shown in (
        ("1", {"industry_code": "3650"}, "Electric Appliances"),
        ("2", {"industry_code": "3650", "industry_code-name": "Transportation"}, "Transportation Equipment"),
        ("3", {"industry_code": "", "industry_code-name": ""}, ""),
    ):
        told = save(browser, "industry", {**typed, "row_version": version}, id=number).json
        assert shown in told["html"]
        assert bool(told["html"]) == bool(shown)
    refused = save(browser, "industry", {"industry_code": "9999", "row_version": "4"}, id=number)
    assert refused.json == {"errors": ["is not one of the choices"]}
    assert stored(number).industry_code is None


def test_remarks_that_do_not_bar_are_said(app: Flask) -> None:
    number = company(edinet_code="E02367", listing_status="unlisted")
    answer = save(Browser(app), "edinet_code", {"edinet_code": ""}, id=number)
    assert answer.status_code == 200
    assert "is hard to find" in answer.json["said"]
    assert answer.json["undo"] == newest().id


RECORDS: tuple[tuple[type[db.Base], Callable[..., Any], dict[str, Any]], ...] = (
    (Industry, factories.industry, {}),
    (
        Company,
        factories.company,
        {"description": "一行目\n 二行目", "capital_stock": Decimal(5), "listed_on": date(1983, 7, 1)},
    ),
    (Filing, factories.filing, {"submitted_at": datetime(2025, 6, 27, 15, 30, 1, 123456, UTC)}),
    (
        FinancialStatement,
        factories.statement,
        {"profit": Decimal(-1), "eps_basic": Decimal("1.2345"), "equity_ratio": Decimal("0.12345678")},
    ),
    (StockPrice, factories.price, dict.fromkeys(("open", "high", "low", "close"), Decimal("1000.5"))),
)


@pytest.mark.parametrize(("model", "make", "values"), RECORDS, ids=lambda one: getattr(one, "__name__", ""))
def test_every_cell_saved_as_it_was_opened_changes_nothing(
    app: Flask, model: type[db.Base], make: Callable[..., Any], values: dict[str, Any]
) -> None:
    row = make(**values)
    with app.test_request_context():
        view: Any = registry.view_of(model)
        key, names = keys.write(keys.of_row(row)), sorted(view.cells)
        db.session.commit()
    browser, before = Browser(app), count()
    path = f"{view.url}/cell/"
    assert len(names) >= 5
    for name in names:
        sent = fields(browser.get(path, id=key, name=name).text)
        answer: Any = browser.post(path, sent, id=key, name=name)
        assert answer.status_code == 200, (name, answer.text)
        assert (answer.json["undo"], answer.json["version"]) == (None, 1), name
    assert count() == before


# ---- Refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("name_ja", "", "is needed"),
        ("capital_stock", "12a", "is not a number"),
        ("listed_on", "2024-02-30", "is not a date such as 2024-03-31"),
        ("listing_status", "nonsense", "is not one of the choices"),
    ],
)
def test_a_bad_value_is_refused_with_its_reason(app: Flask, name: str, typed: str, told: str) -> None:
    number = company()
    before = count()
    answer = save(Browser(app), name, {name: typed}, id=number)
    assert (answer.status_code, answer.json) == (422, {"errors": [told]})
    assert (count(), stored(number).version) == (before, 1)


def test_a_finding_about_another_column_names_it_in_the_readers_language(app: Flask) -> None:
    number = company(ticker_symbol=None, listing_status="unlisted")
    for language, label in (("en", "Securities code: is needed"), ("ja", "証券コード: ")):
        answer = save(
            Browser(app, language=language), "listing_status", {"listing_status": "listed"}, id=number
        )
        assert answer.status_code == 422
        assert any(told.startswith(label) for told in answer.json["errors"]), answer.json


def test_a_code_that_another_company_has_is_refused(app: Flask) -> None:
    rival = str(stored(company(edinet_code="E02367")))
    answer = save(Browser(app), "edinet_code", {"edinet_code": "E02367"}, id=company())
    assert (answer.status_code, answer.json["errors"]) == (422, [f"“{rival}” has this value already"])
    (link,) = answer.json["links"]
    assert re.fullmatch(r"/admin/companies/details/\?id=\d+", link["url"])
    assert link["label"] == str(rival)


@pytest.mark.parametrize("version", ["", "x", "-1", "٣", "9" * 30])
def test_a_cell_without_the_version_that_was_seen_is_not_saved(app: Flask, version: str) -> None:
    number = company()
    answer = save(Browser(app), "name_en", {"name_en": "x", "row_version": version}, id=number)
    assert answer.status_code == 422
    assert "incomplete" in answer.json["errors"][0]
    assert stored(number).name_en is None


def test_a_reason_that_is_too_long_is_told(app: Flask) -> None:
    answer = save(Browser(app), "name_en", {"name_en": "x", "change_reason": "y" * 1001}, id=company())
    assert answer.json["errors"] == ["Reason for the change: must have at most 1000 characters"]


def test_what_the_database_refuses_is_told_with_a_number(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    number = company()
    browser = Browser(app)

    def refuse(_proposal: Any) -> None:
        raise OperationalError("UPDATE secret", {"name": "secret"}, postgres.LockNotAvailable("secret"))

    monkeypatch.setattr(applying, "carry_out", refuse)
    answer = save(browser, "name_en", {"name_en": "x"}, id=number)
    assert answer.status_code == 422
    assert "Error number" in answer.json["errors"][0]
    assert "secret" not in answer.text


def test_a_cell_needs_the_token_of_the_page_in_the_form_or_in_a_header(app: Flask) -> None:
    number = company()
    browser = Browser(app)
    query = {"id": number, "name": "name_en"}
    typed = {"row_version": "1", "name_en": "x"}
    assert browser.client.post(CELL, data=typed, query_string=query).status_code == 400
    assert stored(number).name_en is None
    page = browser.get(CELL, **query).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    sent = browser.client.post(CELL, data=typed, query_string=query, headers={"X-CSRFToken": found[1]})
    assert sent.status_code == 200
    assert stored(number).name_en == "x"


def test_a_viewer_has_no_editable_cells(app: Flask) -> None:
    number = company(name_ja="甲")
    browser = Browser(app, "viewer")
    assert browser.get(CELL, id=number, name="name_en").status_code == 403
    assert save(browser, "name_en", {"name_en": "x"}, id=number).status_code == 403
    page = browser.get(COMPANIES).text
    assert "data-cell" not in page
    assert "data-v=" not in page


# ---- Somebody else was faster ------------------------------------------------------------------------------------


def test_a_cell_that_changed_meanwhile_is_a_conflict_that_can_be_overwritten(app: Flask) -> None:
    number = company(name_en="before")
    first, second = Browser(app), Browser(app)
    assert save(first, "name_en", {"name_en": "theirs"}, id=number).status_code == 200
    answer = save(second, "name_en", {"name_en": "mine"}, id=number, shown=SHOWN)
    assert answer.status_code == 409
    told = answer.json["conflict"]
    assert (told["theirs"], told["by"], told["version"]) == ("theirs", first.user_name, 2)
    assert first.user_name in answer.json["said"]
    assert told["at"] in answer.json["said"]
    assert set(answer.json["row"]) == set(SHOWN.split(",")) - {"name_en"}
    assert stored(number).name_en == "theirs"
    again = save(second, "name_en", {"name_en": "mine", "row_version": str(told["version"])}, id=number)
    assert (again.status_code, again.json["html"]) == (200, "mine")


def test_somebody_elses_change_to_another_cell_is_no_conflict_and_is_shown(app: Flask) -> None:
    number = company(name_en="before", name_kana="マエ")
    first = Browser(app)
    save(first, "name_kana", {"name_kana": "カレラ"}, id=number)
    answer = save(Browser(app), "name_en", {"name_en": "mine"}, id=number, shown="name_kana,name_en")
    assert answer.status_code == 200
    assert f"Meanwhile {first.user_name} changed Name (kana)." in answer.json["said"]
    assert answer.json["row"] == {"name_kana": "カレラ"}
    assert answer.json["version"] == 3
    assert (stored(number).name_en, stored(number).name_kana) == ("mine", "カレラ")


def test_who_typed_the_same_as_somebody_else_is_not_bothered(app: Flask) -> None:
    number = company(name_en="before")
    save(Browser(app), "name_en", {"name_en": "same"}, id=number)
    answer = save(Browser(app), "name_en", {"name_en": "same"}, id=number)
    assert (answer.status_code, answer.json["html"], answer.json["undo"]) == (200, "same", None)


def test_a_change_from_outside_is_told_as_such(app: Flask) -> None:
    number = company(name_en="before")
    db.session.execute(text("UPDATE companies SET name_en = 'theirs' WHERE id = :id"), {"id": number})
    db.session.commit()
    answer = save(Browser(app), "name_en", {"name_en": "mine"}, id=number)
    assert answer.json["conflict"]["by"] == "Somebody outside this admin"


def test_two_saves_in_the_same_moment_are_told_apart(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    number = company(name_en="before")
    carry_out = applying.carry_out

    def after_somebody_else(proposal: Any) -> Any:
        db.session.execute(text("UPDATE companies SET name_en = 'theirs' WHERE id = :id"), {"id": number})
        return carry_out(proposal)

    monkeypatch.setattr(applying, "carry_out", after_somebody_else)
    answer = save(Browser(app), "name_en", {"name_en": "mine"}, id=number)
    assert answer.status_code == 409
    assert answer.json["conflict"]["version"] == stored(number).version


def test_a_record_that_goes_while_it_is_saved_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    number = company()
    browser = Browser(app)
    # Whoever comes to lock the row finds none.
    monkeypatch.setattr(proposing, "fetch", lambda *_args, **_options: {})
    answer = save(browser, "name_en", {"name_en": "x"}, id=number)
    assert answer.status_code == 404
    assert "deleted meanwhile" in answer.json["errors"][0]


# ---- The list ----------------------------------------------------------------------------------------------------


def test_a_list_marks_what_can_be_edited_in_its_heads_and_the_version_in_its_rows(app: Flask) -> None:
    company(name_ja="甲")
    page = Browser(app).get(COMPANIES).text
    for name in ("ticker_symbol", "name_ja", "industry", "fiscal_year_end_month"):
        assert f'data-cell="{name}"' in page
    assert 'data-shows="changed_at"' in page
    assert 'data-cells="/admin/companies/cell/"' in page
    assert page.count('<tr data-v="1">') == 1
    # Nothing is said once more in every cell.
    assert not re.search(r"<td[^>]* data-", page)


def test_chosen_columns_can_be_edited_where_the_form_has_them(app: Flask) -> None:
    company(name_ja="甲")
    page = Browser(app).get(COMPANIES, columns="id,head_office_address,version").text
    assert 'data-cell="head_office_address"' in page
    assert 'data-shows="id"' in page
    assert 'data-shows="version"' in page


def test_a_list_with_editable_cells_costs_no_statement_more(app: Flask) -> None:
    for _ in range(3):
        factories.price(traded_on=date(2025, 6, 27))
    factories.statement()
    db.session.commit()
    browser = Browser(app)
    for path in (COMPANIES, "/admin/prices/", "/admin/statements/"):
        with statements() as seen:
            page = browser.get(path).text
        assert "data-v=" in page
        assert len(seen) == 2, seen


def test_a_relation_of_a_statement_is_saved_as_its_key(app: Flask) -> None:
    number = int(factories.statement().id)
    other = company(name_ja="乙")
    typed = {"row_version": "1", "company_id": str(other)}
    answer: Any = Browser(app).post("/admin/statements/cell/", typed, id=number, name="company")
    assert answer.status_code == 200
    assert f'href="/admin/companies/details/?id={other}' in answer.json["html"]
    assert db.session.get_one(FinancialStatement, number).company_id == other
