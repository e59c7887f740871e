"""The types of documents: shown by name, chosen by name, and never lost where a code is new."""

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.filing import Filing
from webapp.rules import filing as rules
from webapp.words.document_types import DOCUMENT_TYPES

EDIT = "/admin/filings/edit/"


def filing(**values: object) -> str:
    doc_id = str(factories.filing(**values).doc_id)
    db.session.commit()
    return doc_id


@pytest.mark.parametrize("code", DOCUMENT_TYPES)
def test_every_code_keeps_the_rule_and_stands_before_its_name(code: str) -> None:
    assert rules.DOCUMENT_TYPE.broken_by(code) is None
    label = DOCUMENT_TYPES[code]
    assert label.ja.startswith(f"{code} ")
    assert label.en.startswith(f"{code} ")


@pytest.mark.parametrize(
    ("language", "name"), [("ja", "130 訂正有価証券報告書"), ("en", "130 Amended annual securities report")]
)
@pytest.mark.usefixtures("connection")
def test_a_filing_says_what_it_is(app: Flask, language: str, name: str) -> None:
    doc_id = filing(document_type="130")
    browser = Browser(app, language=language)
    for page in (
        browser.get("/admin/filings/", columns="doc_id,document_type"),
        browser.get("/admin/filings/details/", id=doc_id),
        browser.get(EDIT, id=doc_id),
    ):
        assert name in page.text


@pytest.mark.usefixtures("connection")
def test_a_filing_of_a_type_that_is_new_to_us_is_shown_by_its_code_and_keeps_it(app: Flask) -> None:
    doc_id = filing(document_type="399")
    browser = Browser(app)
    assert ">399</td>" in browser.get("/admin/filings/", columns="doc_id,document_type").text
    assert browser.save(EDIT, {"file_hash": "a" * 64}, id=doc_id).status_code == 302
    row = db.session.get_one(Filing, doc_id)
    assert (row.document_type, row.file_hash) == ("399", "a" * 64)


@pytest.mark.usefixtures("connection")
def test_a_type_that_neither_we_nor_the_record_know_is_refused_at_its_field(app: Flask) -> None:
    doc_id = filing()
    answer = Browser(app).save(EDIT, {"document_type": "399"}, id=doc_id)
    assert answer.status_code == 200
    assert "is not one of the choices" in answer.text
    assert db.session.get_one(Filing, doc_id).document_type == "120"
