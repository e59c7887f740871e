"""A change set says what happened: in its list, in its items, in the history of a record."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.import_file import ImportFile
from webapp.models.stock_price import StockPrice
from webapp.screens.work import change_set_items, change_set_search
from webapp.services.changes import applying, proposing, row_codec
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")

LIST, ONE = "/admin/change-sets/", "/admin/change-sets/details/"


def carried(*wishes: Wish, kind: str = "edit") -> int:
    change_set = applying.carry_out(proposing.propose(list(wishes), factories.intent(kind)))
    assert change_set is not None
    number = change_set.id
    db.session.commit()
    return number


def many(number: int = 120) -> int:
    """A change set of so many companies that get an English name, and of one that is new."""
    rows = factories.companies(*({"name_ja": f"会社{place:03}"} for place in range(number)))
    wishes = [
        Wish(Company, "update", {"name_en": f"Company {place}"}, (row.id,)) for place, row in enumerate(rows)
    ]
    wishes[7] = Wish(Company, "update", {"name_en": "Seven", "filer_type": "内国法人・組合"}, (rows[7].id,))
    return carried(*wishes, Wish(Company, "create", {"name_ja": "新会社", "edinet_code": "E99999"}))


def row_of(page: str, number: int) -> str:
    return re.search(rf"<tr[^>]*>(?:(?!</tr>).)*id={number}\b.*?</tr>", page, re.DOTALL)[0]  # type: ignore[index]


def test_the_list_names_records_and_fields(app: Flask) -> None:
    nintendo = factories.company(name_ja="任天堂", edinet_code="E02367").id
    other = factories.company().id
    one = carried(
        Wish(Company, "update", {"name_en": "Nintendo", "filer_type": "内国法人・組合"}, (nintendo,))
    )
    two = carried(*(Wish(Company, "update", {"name_en": "N."}, (key,)) for key in (nintendo, other)))
    new = carried(Wish(Company, "create", {"name_ja": "新会社", "edinet_code": "E99999"}), kind="create")
    page = Browser(app, language="ja").get(LIST).text
    assert "E02367 任天堂 英文商号、提出者種別</td>" in row_of(page, one)
    assert "E02367 任天堂 英文商号 ほか1件</td>" in row_of(page, two)
    assert "E99999 新会社 新規</td>" in row_of(page, new)


def test_what_is_gone_is_called_by_its_english_name_too(app: Flask) -> None:
    gone = factories.company(name_ja="消滅株式会社", name_en="Gone Co., Ltd.", edinet_code="E99998").id
    statement = factories.statement(
        company_id=factories.company(name_en="Here Inc.", edinet_code="E99997").id
    )
    carried(Wish(Company, "delete", {}, (gone,)))
    carried(Wish(FinancialStatement, "delete", {}, (statement.id,)))
    page = Browser(app, language="en").get(LIST).text
    assert len(re.findall(r"E99998 Gone Co\., Ltd\. (?:Created|Deleted)", page)) == 2
    assert re.search(r"E99997 Here Inc\. FY[^<]* Deleted", page)
    assert "消滅" not in page
    assert "消滅株式会社" in Browser(app, language="ja").get(LIST).text


def test_what_was_verified_is_shown_as_neither_taken_out_nor_put_in(app: Flask) -> None:
    company = factories.company(name_en="Right Inc.").id
    page = (
        Browser(app).get(ONE, id=carried(Wish(Company, "verify", {"name_en": "Right Inc."}, (company,)))).text
    )
    assert page.count("<span>Right Inc.</span>") == 2
    assert "<del>" not in page
    assert "<ins>" not in page


def test_the_list_still_takes_two_statements(app: Flask) -> None:
    factories.company()
    factories.statement()
    browser = Browser(app)
    browser.get(LIST)
    with statements() as seen:
        assert browser.get(LIST).status_code == 200
    assert len([one for one in seen if "change_sets" in one]) <= 2


def test_search_finds_the_changes_of_a_company_and_of_what_belongs_to_it(app: Flask) -> None:
    nintendo = factories.company(name_ja="任天堂株式会社", edinet_code="E02367").id
    factories.statement(company_id=nintendo)
    factories.price(company_id=nintendo)
    factories.filing(company_id=nintendo)
    factories.corporate_action(company_id=nintendo)
    factories.shares(company_id=nintendo)
    factories.company(name_ja="別会社")
    page = Browser(app).get(LIST, search="任天堂 E02367").text
    assert len(re.findall('class="name"', page)) == 6
    assert "別会社" not in page
    number = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id).limit(1)).one()
    assert len(re.findall('class="name"', Browser(app).get(LIST, search=f"#{number}").text)) == 1


@pytest.mark.parametrize(
    "model", [one for one in factories.MAKERS if "company_id" in row_codec.table_of(one).columns]
)
def test_search_finds_a_change_of_whatever_belongs_to_a_company_wherever_it_stands(
    app: Flask, model: type[db.Base]
) -> None:
    nintendo = factories.company(name_ja="任天堂").id
    other = factories.company(name_ja="別会社").id
    row = factories.MAKERS[model](company_id=nintendo)
    key = tuple(getattr(row, column.name) for column in row_codec.key_columns(model))
    first = Wish(Company, "update", {"name_en": "Other"}, (other,))
    number = carried(first, Wish(model, "update", factories.CHANGES[model], key))
    assert "別会社" in row_of(Browser(app, language="ja").get(LIST, search="任天堂").text, number)


def test_a_search_is_a_set_and_asks_nothing_of_each_change_set() -> None:
    asked = str(change_set_search.found("任天堂"))
    assert asked.startswith("change_sets.id IN (")
    assert len(re.findall(r"\bchange_sets\.", asked)) == 1


def test_search_finds_the_changes_of_what_is_gone_as_the_list_calls_it(app: Flask) -> None:
    factories.company(name_ja="別会社")
    gone = factories.company(name_ja="ｶｸｳ消滅株式会社").id
    carried(Wish(Company, "delete", {}, (gone,)))
    assert db.session.get(Company, gone) is None
    page = Browser(app).get(LIST, search="カクウ消滅").text
    assert len(re.findall('class="name"', page)) == 2
    assert "別会社" not in page


def test_many_items_come_in_pages_with_their_counts(app: Flask) -> None:
    number = many()
    browser = Browser(app, language="ja")
    first, last = browser.get(ONE, id=number).text, browser.get(ONE, id=number, page=2).text
    assert (first.count("<tbody id="), last.count("<tbody id=")) == (50, 21)
    assert "1–50 / 121 件" in first
    assert 'id="item-1"' in first
    assert 'id="item-121"' in last
    assert "更新 <b>120</b>" in first
    assert "新規 <b>1</b>" in first
    assert "英文商号 <b>120</b>" in first
    assert "提出者種別 <b>1</b>" in first
    for page in ("-1", "x", "9" * 30):
        assert browser.get(ONE, id=number, page=page).status_code == 200


def test_items_are_searched_and_narrowed_by_field_and_action(app: Flask) -> None:
    number = many(12)
    browser = Browser(app)
    assert browser.get(ONE, id=number, search="会社007").text.count("<tbody id=") == 1
    assert browser.get(ONE, id=number, search="Seven").text.count("<tbody id=") == 1
    narrowed = browser.get(ONE, id=number, field="filer_type").text
    assert "Seven</a>" in narrowed
    assert (narrowed.count("<tbody id="), "1 of 13" in narrowed) == (1, True)
    assert "新会社" in browser.get(ONE, id=number, action="create").text
    for garbage in ({"search": "\x01"}, {"field": "no_such"}, {"action": "%"}, {"search": "%_\\"}):
        assert browser.get(ONE, id=number, **garbage).status_code == 200


def test_an_item_of_many_takes_one_line_and_a_new_row_is_folded(app: Flask) -> None:
    page = Browser(app).get(ONE, id=many(12)).text
    table = page[page.index("<table") : page.index("</table>")]
    assert table.count("<tr>") == 1 + 13 + 1, "the head, a line an item, and the second field of one"
    assert table.count("<details>") == 1


def test_items_of_many_companies_ask_once_for_the_names_that_they_refer_to(app: Flask) -> None:
    sector = factories.industry(name_en="Fishery").code
    rows = factories.companies(*[{}] * 12)
    number = carried(*(Wish(Company, "update", {"industry_code": sector}, (row.id,)) for row in rows))
    browser = Browser(app)
    with statements() as seen:
        assert f"{sector} Fishery" in browser.get(ONE, id=number).text
    assert len([one for one in seen if "FROM industries" in one]) == 1


def test_the_history_of_a_record_says_what_changed_and_leads_to_the_item(app: Flask) -> None:
    number = many()
    row = db.session.scalars(select(Company).where(Company.name_ja == "会社060")).one()
    key = row.id
    page = Browser(app).get("/admin/companies/details/", id=key).text
    aside = page[page.index("history-title") :]
    assert "Name (en): " in aside
    assert "<ins>Company 60</ins>" in aside
    link = re.search(rf'href="([^"]*id={number}[^"]*#item-61)"', aside)
    assert link is not None
    assert "page=1" in link[1]
    assert 'id="item-61"' in Browser(app).get(ONE, id=number, page=1).text


def test_names_are_english_where_english_is_read(app: Flask) -> None:
    row = factories.company(name_ja="任天堂", name_en="Nintendo", edinet_code="E02367").id
    number = carried(Wish(Company, "update", {"filer_type": "内国法人・組合"}, (row,)))
    assert "E02367 Nintendo</a>" in Browser(app).get(ONE, id=number).text
    assert "E02367 任天堂</a>" in Browser(app, language="ja").get(ONE, id=number).text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "「E02367 任天堂」を保存しました（変更セット #{}）。"),
        ("en", "“E02367 Nintendo” is saved, as change set #{}."),
    ],
)
def test_a_notice_says_which_record_is_saved(app: Flask, language: str, said: str) -> None:
    key = factories.company(name_ja="任天堂", name_en="Nintendo", edinet_code="E02367").id
    browser = Browser(app, language=language)
    browser.save("/admin/companies/edit/", {"filer_type": "内国法人・組合"}, id=key)
    number = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(1)).one()
    assert said.format(number) in browser.get("/admin/companies/").text


def test_a_notice_says_which_record_was_deleted(app: Flask) -> None:
    key = factories.company(name_ja="任天堂", name_en="Nintendo", edinet_code="E02367").id
    browser = Browser(app)
    browser.post("/admin/companies/delete/", {"id": str(key), "confirmed": "1"}, seen="1")
    assert "“E02367 Nintendo” was deleted." in browser.get("/admin/companies/").text


def test_the_page_of_an_import_leads_to_its_change_set(app: Flask) -> None:
    file = ImportFile(kind="jpx-list", name="data_j.xls", sha256="0" * 64, size_bytes=1, content=b"x")
    db.session.add(file)
    db.session.flush()
    number = carried(Wish(Company, "create", {"name_ja": "新会社", "edinet_code": "E99999"}), kind="import")
    db.session.get_one(ChangeSet, number).import_file_id = file.id
    key = file.id
    db.session.commit()
    page = Browser(app, language="ja").get("/admin/imports/details/", id=key).text
    link = re.search(
        rf'<a class="panel tile" href="([^"]*)"><span>変更セット #{number} 反映済</span><b>1</b>', page
    )
    assert link is not None
    assert Browser(app).get(ONE, id=number).status_code == 200


def test_a_search_of_a_single_word_of_garbage_finds_nothing(app: Flask) -> None:
    factories.company()
    assert change_set_items.Asked().narrows == {}
    assert "Nothing matches." in Browser(app).get(LIST, search="#99999999999999999999").text


def test_a_key_by_which_a_name_is_found_is_told_to_nobody(app: Flask) -> None:
    listed = factories.company(ticker_symbol="7974", name_en="Nintendo Co., Ltd.", listing_status="listed").id
    number = carried(Wish(Company, "update", {"name_en": "Nintendo Company, Limited"}, (listed,)))
    page = Browser(app, language="ja").get(ONE, id=number).text
    assert "旧商号・旧コード" in page
    assert "検索用" not in page.split("<main")[1]


@pytest.mark.parametrize(
    ("language", "name", "written"),
    [("ja", "E02367 任天堂", "%Y/%m/%d"), ("en", "E02367 Nintendo", "%Y-%m-%d")],
)
def test_what_belongs_to_a_company_is_led_by_its_name_in_either_language(
    app: Flask, language: str, name: str, written: str
) -> None:
    owner = factories.company(name_ja="任天堂", name_en="Nintendo", edinet_code="E02367").id
    document = factories.filing(company_id=owner).doc_id
    day = factories.price(company_id=owner).traded_on
    changed = Wish(Filing, "update", {"description": "訂正"}, (document,))
    number = carried(changed, Wish(StockPrice, "update", {"volume": 7}, (owner, day)))
    browser = Browser(app, language=language)
    page = browser.get(ONE, id=number).text
    assert f"{name} {document}</a>" in page
    assert f"{name} {day:{written}}</a>" in page
    assert f"{name} {document} " in row_of(browser.get(LIST).text, number)
