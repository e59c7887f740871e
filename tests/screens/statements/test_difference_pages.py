"""An amendment beside what it amends: every fact that is new, gone or otherwise, and no other."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests import factories
from tests.files.edinet.filings import flow
from tests.screens.browsing import Browser
from tests.services.intake import reports
from tests.services.intake.reports import annual, figures, rows, take
from webapp import db
from webapp.models.filing import Filing

pytestmark = pytest.mark.usefixtures("connection")

FIRST, SECOND, THIRD = "S100AAAA", "S100BBBB", "S100CCCC"
DIFFERENCE = "/admin/filings/difference/"
NOTE = "jpcrp_cor:NotesTextBlock"


def text(value: str) -> Any:
    return NOTE, "CurrentYearDuration", "", value


@pytest.fixture
def browser(app: Flask) -> Browser:
    reports.company()
    take(annual(2024, FIRST, *figures(100), flow("jppfs_cor:GrossProfit", 7), text("い" * 300 + "ろ")))
    more = (flow("jppfs_cor:OperatingIncome", 6), text("い" * 300 + "は"))
    take(annual(2024, SECOND, *figures(90), *more, day="2024-07-10", amends=FIRST))
    db.session.commit()
    return Browser(app)


def test_changed_new_and_missing_facts_are_shown_with_what_they_became(browser: Browser) -> None:
    number = rows(2024)[1].id
    page = browser.get(DIFFERENCE, id=SECOND).text
    income = page[page.index("Income statement</h2>") : page.index("Cover and document</h2>")]
    assert income.count('<th scope="row">') == 3
    for told in ("<del>100</del>", "<ins>90</ins>", "Added</span>", "Removed</span>"):
        assert told in income
    assert f"/admin/statements/details/?id={number}#figure-revenue" in income
    assert "jppfs_cor:Assets" not in page
    # The flag of an amendment, its number and what it amends.
    assert page[page.index("Cover and document</h2>") :].count('<th scope="row">') == 3


def test_a_long_text_is_shown_from_where_it_differs(browser: Browser) -> None:
    page = browser.get(DIFFERENCE, id=SECOND).text
    assert f"<del>…{'い' * 30}ろ</del>" in page
    assert f"<ins>…{'い' * 30}は</ins>" in page


def test_an_amendment_of_an_amendment_can_stand_beside_either(browser: Browser) -> None:
    take(annual(2024, THIRD, *figures(90), day="2024-08-10", amends=FIRST))
    db.session.commit()
    page = browser.get(DIFFERENCE, id=THIRD).text
    assert "<del>100</del>" in page
    assert f"{DIFFERENCE}?id={THIRD}&amp;before={SECOND}" in page
    assert "NetSales" not in browser.get(DIFFERENCE, id=THIRD, before=SECOND).text


def test_without_a_zip_or_the_document_the_page_says_what_is_missing(browser: Browser) -> None:
    db.session.execute(update(Filing).where(Filing.doc_id == FIRST).values(file_hash=None))
    db.session.commit()
    assert f"this is not stored: {FIRST}." in browser.get(DIFFERENCE, id=SECOND).text
    db.session.execute(update(Filing).where(Filing.doc_id == SECOND).values(parent_doc_id="S1000000"))
    db.session.commit()
    assert "The document that it amends, S1000000, is not stored." in browser.get(DIFFERENCE, id=SECOND).text


def test_pages_of_filings_lead_to_what_they_amend_where_they_do(browser: Browser) -> None:
    for path in ("facts", "details"):
        page = f"/admin/filings/{path}/"
        assert f"{DIFFERENCE}?id={SECOND}" in browser.get(page, id=SECOND).text
        assert DIFFERENCE not in browser.get(page, id=FIRST).text
    assert browser.get(DIFFERENCE, id=FIRST).status_code == 404


def test_two_documents_that_say_the_same_have_nothing_to_show(browser: Browser) -> None:
    own = db.session.get_one(Filing, SECOND)
    same = factories.filing(
        company_id=own.company_id, doc_id=THIRD, parent_doc_id=SECOND, file_hash=own.file_hash
    )
    assert same.submitted_at >= own.submitted_at
    db.session.commit()
    assert "Fact by fact, both say the same." in browser.get(DIFFERENCE, id=THIRD).text
