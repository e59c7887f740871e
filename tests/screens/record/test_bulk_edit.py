"""Many rows edited at once: looked at first, written as one change set, and taken back as one."""

import html
import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import door
from webapp.services.changes.proposals import Wish
from webapp.services.intake.wide import bulk

pytestmark = pytest.mark.usefixtures("connection")

PATH = "/admin/companies/bulk/"


def told(answer: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def companies(number: int, **values: Any) -> list[int]:
    """The keys of so many companies."""
    return [row.id for row in factories.companies(*[values] * number)]


def sent(step: str, rows: list[int] | None = None, **fields: Any) -> dict[str, Any]:
    """What the page sends: which rows, which fields, and what is done to each, as way and value."""
    form: dict[str, Any] = {"bulk-step": step, "figures_unit": "1", "bulk-field": list(fields)}
    form |= {"bulk-rows": "all"} if rows is None else {"bulk-rows": "chosen", "rowid": rows}
    for name, (how, *values) in fields.items():
        form[f"bulk-how-{name}"] = how
        form |= (
            dict(zip((f"bulk-sought-{name}", f"bulk-instead-{name}"), values, strict=True))
            if how == "replace"
            else {}
        )
        form |= {name: values[0]} if how == "set" else {}
    return form


def digest(answer: Any) -> str:
    match = re.search(r'name="bulk-shown" value="([0-9a-f]{64})"', answer.text)
    assert match is not None, told(answer)
    return match[1]


def test_selected_rows_are_set_after_a_preview_as_one_change_set_and_undone_as_one(app: Flask) -> None:
    chosen, other = companies(20, filer_type="旧"), factories.company(filer_type="旧").id
    browser = Browser(app, language="en")
    asked = browser.post(PATH, {"bulk-rows": "chosen", "rowid": chosen})
    assert "Edit 20 selected records" in told(asked)
    form = sent("preview", chosen, filer_type=("set", "新"))
    preview = browser.post(PATH, form)
    assert "20 records would change." in told(preview)
    assert "Filer type 旧 新" in told(preview)
    assert db.session.get_one(Company, chosen[0]).filer_type == "旧"
    written = browser.post(
        PATH, {**form, "bulk-step": "write", "bulk-shown": digest(preview), "change_reason": "why"}
    )
    assert written.status_code == 302
    db.session.expire_all()
    change_set = db.session.query(ChangeSet).order_by(ChangeSet.id.desc()).first()
    assert change_set is not None
    assert (change_set.counts["updated"], change_set.reason, change_set.kind) == (20, "why", "edit")
    assert {db.session.get_one(Company, row).filer_type for row in chosen} == {"新"}
    assert db.session.get_one(Company, other).filer_type == "旧"
    assert isinstance(door.undo(change_set.id, factories.AUTHOR, "back"), door.Applied)
    db.session.expire_all()
    assert {db.session.get_one(Company, row).filer_type for row in chosen} == {"旧"}


def test_all_that_match_are_edited_whatever_page_is_shown(app: Flask) -> None:
    companies(60, market_division="GROWTH"), companies(3, market_division="PRIME", filer_type="乙")
    browser, query = Browser(app, language="en"), {"flt0_market_division_is": "GROWTH"}
    assert "Edit all 60 records that match" in told(browser.get(PATH, **query))
    form = {"filer_type": ("set", "丙"), "website_url": ("clear",)}
    preview = browser.post(PATH, sent("preview", **form), **query)
    assert "60 records would change." in told(preview)
    browser.post(PATH, sent("write", **form) | {"bulk-shown": digest(preview)}, **query)
    assert db.session.query(Company).filter_by(filer_type="丙").count() == 60
    assert db.session.query(Company).filter_by(filer_type="乙").count() == 3


def test_texts_are_replaced_and_empty_cells_filled_from_the_row_above(app: Flask) -> None:
    first = factories.company(
        ticker_symbol="1301", filer_type="内国法人", name_en="Old Ltd.", listing_status="listed"
    ).id
    second = factories.company(ticker_symbol="1302", name_en="Other Ltd.", listing_status="listed").id
    third = factories.company(ticker_symbol="1303", filer_type="外国法人", listing_status="listed").id
    form = {"filer_type": ("fill",), "name_en": ("replace", "Ltd.", "Limited")}
    browser = Browser(app, language="en")
    preview = browser.post(PATH, sent("preview", [third, first, second], **form))
    assert "2 records would change. 1 is so already." in told(preview)
    browser.post(PATH, sent("write", [third, first, second], **form) | {"bulk-shown": digest(preview)})
    db.session.expire_all()
    rows = [db.session.get_one(Company, row) for row in (first, second, third)]
    assert [(row.filer_type, row.name_en) for row in rows] == [
        ("内国法人", "Old Limited"),
        ("内国法人", "Other Limited"),
        ("外国法人", None),
    ]


def test_amounts_are_typed_in_the_unit_of_the_list_and_references_by_their_keys(app: Flask) -> None:
    company = factories.company().id
    statement, doc_id = (
        factories.statement(company_id=company).id,
        factories.filing(company_id=company).doc_id,
    )
    form = sent("preview", [statement], operating_income=("set", "▲1,234"), filing_doc_id=("set", doc_id))
    form["figures_unit"] = "1000000"
    browser = Browser(app, language="en")
    preview = browser.post("/admin/statements/bulk/", form, unit="million")
    browser.post("/admin/statements/bulk/", {**form, "bulk-step": "write", "bulk-shown": digest(preview)})
    db.session.expire_all()
    stored = db.session.get_one(FinancialStatement, statement)
    assert (stored.operating_income, stored.filing_doc_id) == (Decimal(-1_234_000_000), doc_id)


def test_rows_that_break_a_rule_are_refused_by_name_and_the_others_change(app: Flask) -> None:
    listed = factories.company(ticker_symbol="1301", listing_status="listed", name_ja="上場社").id
    unlisted = factories.company(ticker_symbol="1302").id
    form = sent("preview", [listed, unlisted], ticker_symbol=("clear",))
    browser = Browser(app, language="en")
    preview = browser.post(PATH, form)
    assert "1 record would change. 1 is refused and stays as it is." in told(preview)
    assert "1301 上場社: Securities code: is needed for a company that is or was listed" in told(preview)
    browser.post(PATH, {**form, "bulk-step": "write", "bulk-shown": digest(preview)})
    db.session.expire_all()
    assert db.session.get_one(Company, listed).ticker_symbol == "1301"
    assert db.session.get_one(Company, unlisted).ticker_symbol is None


def test_what_the_database_refuses_is_told_by_the_preview(app: Flask) -> None:
    form = sent("preview", companies(2), edinet_code=("set", "E99999"))
    preview = Browser(app, language="en").post(PATH, form)
    assert preview.status_code == 422
    assert "EDINET code: another row has this value already" in told(preview)


def test_nothing_is_written_that_was_not_shown(app: Flask) -> None:
    (row,) = companies(1, filer_type="旧")
    browser, form = Browser(app, language="en"), sent("preview", [row], filer_type=("set", "新"))
    shown = digest(browser.post(PATH, form))
    later = Wish(Company, "update", {"name_en": "Meanwhile"}, (row,), 1)
    assert isinstance(door.carry([later], factories.intent()), door.Applied)
    again = browser.post(PATH, {**form, "bulk-step": "write", "bulk-shown": shown})
    assert "Something has changed since the preview. Look again." in told(again)
    other = sent("write", [row], filer_type=("set", "別")) | {"bulk-shown": digest(again)}
    assert "1 record would change." in told(browser.post(PATH, other))
    db.session.expire_all()
    assert db.session.get_one(Company, row).filer_type == "旧"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"filer_type": ("set", "")}, "has no value; to empty it, choose “Make empty”"),
        ({"filer_type": ("replace", "", "x")}, "says no text that is to be replaced"),
        ({"capital_stock": ("set", "many")}, "is not a number"),
        ({"fiscal_year_end_month": ("set", "13")}, "must be at most 12"),
    ],
)
def test_a_field_that_does_not_say_what_is_to_be_done_is_told_so(
    app: Flask, fields: dict[str, Any], sentence: str
) -> None:
    form = sent("preview", companies(1), **fields)
    answer = Browser(app, language="en").post(PATH, form)
    assert answer.status_code == 422
    assert sentence in told(answer)


def test_what_must_have_a_value_cannot_be_cleared_and_only_texts_are_replaced(app: Flask) -> None:
    page = Browser(app, language="en").post(
        PATH,
        sent(
            "choose", companies(1), name_ja=("clear",), capital_stock=("set", ""), listing_status=("set", "")
        ),
    )
    ways = {
        name: re.findall(r'<option value="(\w+)"', part)
        for name, part in re.findall(r'<select name="bulk-how-(\w+)">(.*?)</select>', page.text, re.DOTALL)
    }
    assert ways == {
        "name_ja": ["set", "replace", "fill"],
        "capital_stock": ["set", "clear", "fill"],
        "listing_status": ["set", "fill"],
    }


def test_more_rows_than_can_be_edited_at_once_are_refused_in_a_sentence(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.screens.record.wide.bulk_edit.MOST_ROWS", 2)
    companies(3)
    browser = Browser(app, language="en")
    assert "At most 2 records can be edited at once." in told(browser.get(PATH))
    assert browser.post(PATH, sent("preview", filer_type=("set", "新"))).status_code == 422


def test_rows_that_nobody_names_or_cannot_be_named_change_nothing(app: Flask) -> None:
    browser = Browser(app, language="en")
    assert browser.post(PATH, {"bulk-step": "preview"}).status_code == 400
    assert browser.post(PATH, {"bulk-rows": "chosen", "rowid": ["x"]}).status_code == 400
    assert browser.post(PATH, {"bulk-rows": "chosen"}).status_code == 302
    assert browser.get(PATH, flt0_nothing_is="x").status_code == 400


def test_filling_goes_on_over_rows_that_are_filled_and_never_from_below() -> None:
    rows = [(key, {"x": value}) for key, value in enumerate([None, "a", None, None, "b", None])]
    wanted = bulk.doing([bulk.Doing("x", bulk.FILL)])([((key,), row) for key, row in rows])
    assert wanted.values == {(2,): {"x": "a"}, (3,): {"x": "a"}, (5,): {"x": "b"}}
