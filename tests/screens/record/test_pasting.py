"""A range of cells pasted over a list: looked at first, written as one change set, and never more than was pasted."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser
from tests.screens.record.test_bulk_edit import digest, told
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import door

pytestmark = pytest.mark.usefixtures("connection")

PATH = "/admin/companies/paste/"
SHOWN = {"columns": "ticker_symbol,name_ja,name_en,filer_type,fiscal_year_end_month"}


def companies(number: int = 3, **values: Any) -> list[int]:
    """The keys of so many companies, in the order of their codes."""
    return [
        factories.company(ticker_symbol=f"13{place:02}", name_ja=f"試験{place}号", **values).id
        for place in range(1, number + 1)
    ]


def sent(rows: list[int], column: str, text: str, step: str = "preview", **more: Any) -> dict[str, Any]:
    """What the page sends: rows, where the range begins, and its text."""
    place = {"rowid": rows, "paste-row": rows[0], "paste-column": column}
    return {**place, "paste-text": text, "bulk-step": step, **more}


def test_a_range_is_laid_over_rows_and_columns_after_a_preview_and_undone_as_one(app: Flask) -> None:
    rows = companies(name_en="Old")
    browser = Browser(app)
    form = sent(rows, "name_en", "A\t甲\r\nB\t乙\r\n", **{"paste-row": rows[1]})
    preview = browser.post(PATH, form, **SHOWN)
    for words in ("2 records would change.", "1302 Old", "Name (en) Old A", "Filer type — 乙"):
        assert words in told(preview)
    written = browser.post(
        PATH, {**form, "bulk-step": "write", "bulk-shown": digest(preview), "change_reason": "why"}, **SHOWN
    )
    assert (written.status_code, "columns=" in written.location) == (302, True)
    db.session.expire_all()
    change_set = db.session.query(ChangeSet).order_by(ChangeSet.id.desc()).first()
    assert change_set is not None
    assert (change_set.counts["updated"], change_set.reason, change_set.kind) == (2, "why", "edit")
    stored = [(row.name_en, row.filer_type) for row in (db.session.get_one(Company, key) for key in rows)]
    assert stored == [("Old", None), ("A", "甲"), ("B", "乙")]
    assert isinstance(door.undo(change_set.id, factories.AUTHOR, "back"), door.Applied)
    db.session.expire_all()
    assert {db.session.get_one(Company, key).name_en for key in rows} == {"Old"}


def test_a_blank_cell_empties_nothing_unless_that_is_asked_for(app: Flask) -> None:
    rows, browser = companies(2, name_en="Old"), Browser(app)
    form = sent(rows, "name_en", "\t甲\n \t乙\n")
    preview = told(browser.post(PATH, form, **SHOWN))
    assert "2 blank cells empty nothing" in preview
    assert "Name (en)" not in preview[preview.index("would change") : preview.index("2 blank cells")]
    cleared = told(browser.post(PATH, form | {"paste-blanks": "1"}, **SHOWN))
    assert "Name (en) Old —" in cleared


def test_amounts_are_read_in_the_unit_that_the_list_shows(app: Flask) -> None:
    statement = factories.statement(company_id=factories.company().id).id
    path, shown = "/admin/statements/paste/", {"columns": "operating_income", "unit": "million"}
    form = sent([statement], "operating_income", "▲1,234")
    preview = Browser(app).post(path, form, **shown)
    assert "Amounts are read in this unit" in told(preview)
    written = Browser(app).post(path, {**form, "bulk-step": "write", "bulk-shown": digest(preview)}, **shown)
    assert written.status_code == 302
    db.session.expire_all()
    assert db.session.get_one(FinancialStatement, statement).operating_income == Decimal(-1_234_000_000)


def test_rows_with_a_cell_that_cannot_be_read_are_refused_with_what_was_typed_and_others_change(
    app: Flask,
) -> None:
    rows = companies(3, fiscal_year_end_month=2, fiscal_year_end_day=28)
    preview = told(Browser(app).post(PATH, sent(rows, "fiscal_year_end_month", "3\nMarch\n13\n"), **SHOWN))
    assert "1 record would change." in preview
    assert "2 are refused" in preview
    assert "1302 試験2号: Fiscal year end, month: is not a number “March”" in preview


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a\nb\nc\nd", "The range has 4 rows, and the page has 3 from there on."),
        ("a\tb\tc\td", "The range has 4 columns, and the list has 3 from there on."),
        ("", "There is nothing to paste."),
    ],
)
def test_a_range_that_does_not_fit_is_refused_in_a_sentence_and_kept(
    app: Flask, text: str, sentence: str
) -> None:
    rows, browser = companies(3), Browser(app)
    answer = browser.post(PATH, sent(rows, "name_en", text), **SHOWN)
    assert answer.status_code == 422
    assert sentence in told(answer)
    assert text in answer.text


def test_references_are_read_by_code_or_name_and_what_is_only_shown_is_not_taken(app: Flask) -> None:
    industry = factories.industry()
    code, name = industry.code, industry.name_ja
    rows = companies(2)
    shown = {"columns": "ticker_symbol,name_ja,industry"}
    browser = Browser(app, language="ja")
    preview = browser.post(PATH, sent(rows, "industry", f"{code}\n{code} {name}\n"), **shown)
    assert "2 件が変わります。" in told(preview)
    assert told(preview).count(name) >= 2


def test_with_one_row_selected_the_range_goes_on_down_the_page_and_with_several_it_is_for_these(
    app: Flask,
) -> None:
    rows, browser = companies(3), Browser(app)
    one = browser.post(PATH, {"rowid": rows[1]}, order="ticker_symbol", **SHOWN).text
    assert [one.count(f'name="rowid" value="{row}"') for row in rows] == [1, 1, 1]
    assert f'<option value="{rows[1]}" selected>' in one
    two = browser.post(PATH, {"rowid": [rows[0], rows[2]]}, **SHOWN).text
    assert [two.count(f'name="rowid" value="{row}"') for row in rows] == [1, 0, 1]
    assert browser.post(PATH, {"rowid": ["x"]}, **SHOWN).status_code == 400


def test_nothing_is_written_that_was_not_shown(app: Flask) -> None:
    rows, browser = companies(1, name_en="Old"), Browser(app)
    shown = digest(browser.post(PATH, sent(rows, "name_en", "A"), **SHOWN))
    again = browser.post(PATH, sent(rows, "name_en", "B", "write", **{"bulk-shown": shown}), **SHOWN)
    assert "Something has changed since the preview. Look again." in told(again)
    db.session.expire_all()
    assert db.session.get_one(Company, rows[0]).name_en == "Old"


def test_a_list_offers_pasting_to_those_who_may_write_and_not_as_it_was_known_on_a_day(app: Flask) -> None:
    companies(1)
    factories.statement(company_id=factories.company().id)
    steward, viewer = Browser(app), Browser(app, "viewer")
    assert 'data-paste="/admin/companies/paste/' in steward.get("/admin/companies/").text
    assert "data-paste" not in viewer.get("/admin/companies/").text
    assert viewer.get(PATH).status_code == 403
    assert "data-paste" not in steward.get("/admin/statements/", known_on="2099-01-01").text
    assert steward.get("/admin/statements/paste/", known_on="2099-01-01").status_code == 400
