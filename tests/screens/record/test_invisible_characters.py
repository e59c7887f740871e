"""What nobody sees is no part of a text: forms, cells and imports refuse it by one rule, in every table."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, String, func, select

from tests import factories
from tests.screens.browsing import Browser
from webapp import db
from webapp.files import cells
from webapp.models.company import Company
from webapp.rules.fields import OneOf

# As in ../shared/data/cases/invisible_names.txt, and names that are nothing but a blank letter or a selector.
NAMES = (
    "\u200b",
    "\ufeffテスト二商事株式会社",
    "テスト\u200b商事株式会社",
    "テスト\u202e三商事",
    "テスト四\u00ad商事",
    "\u3164",
    "テスト\ufe0f商事",
    "\u2800",
    "\U000e0041\U000e0042",
    "テスト\ufffc商事",
)
# Marks that stand on other characters, alone, on spaces and one on the other; a name of nothing visible, too.
MARKS = ("\u0301", "\u3099", "\u20dd", "\u0301 \u3000\u0e31", "\u0903")
TYPED: list[Column[Any]] = [
    column
    for table in db.Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, String)
    and column.info.get("rule") is not None
    and not isinstance(column.info["rule"], OneOf)  # a word of a short list is what it is
]


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_form_refuses_a_name_that_holds_what_nobody_sees_and_says_where(app: Flask, name: str) -> None:
    answer = Browser(app).post("/admin/companies/new/", {"name_ja": name, "edinet_code": "E99999"})
    assert "must not hold invisible characters: remove U+" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Company)) == 0


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("name", MARKS, ids=ascii)
def test_a_form_refuses_a_name_of_nothing_but_marks_for_other_characters(app: Flask, name: str) -> None:
    answer = Browser(app).post("/admin/companies/new/", {"name_ja": name, "edinet_code": "E99999"})
    assert "must show something" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Company)) == 0


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("name", [*NAMES, "\u0301"], ids=ascii)
def test_a_cell_refuses_it_too(app: Flask, name: str) -> None:
    number = int(factories.company(name_en="Test").id)
    db.session.commit()
    typed = {"name_en": name, "row_version": "1"}
    answer = Browser(app).post("/admin/companies/cell/", typed, id=number, name="name_en")
    assert answer.status_code == 422
    assert db.session.get_one(Company, number).name_en == "Test"


@pytest.mark.parametrize("name", [*NAMES, *MARKS], ids=ascii)
def test_an_import_refuses_it_too(name: str) -> None:
    with pytest.raises(cells.RefusedCell):
        cells.text(name)


@pytest.mark.parametrize("column", TYPED, ids=str)
def test_no_text_of_any_table_may_hold_it(column: Column[Any]) -> None:
    broken = column.info["rule"].broken_by("https://a@b\u200b")
    assert str(broken).startswith("must not hold invisible characters")
    assert column.info["rule"].broken_by("\u0301") is not None
