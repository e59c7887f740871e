"""Labels: what a column may hold is said in both languages."""

import pytest
from sqlalchemy import Column

from webapp import db
from webapp.models.columns import Curated
from webapp.models.company import Company
from webapp.models.user import User
from webapp.services.changes import row_codec
from webapp.words import formatters, labels, speech

CURATED = [mapper.class_ for mapper in db.Base.registry.mappers if issubclass(mapper.class_, Curated)]
COLUMNS = [
    column
    for model in CURATED
    for column in row_codec.table_of(model).columns
    if hasattr(column.info.get("rule"), "words")
]


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_word_that_a_curated_column_may_hold_is_said_in_both_languages(column: Column[str]) -> None:
    said = labels.words_of(column) or {}
    lacking = [word for word in column.info["rule"].words if word not in said]
    assert lacking == []
    assert all(label.ja.strip() and label.en.strip() for label in said.values())


def test_a_steward_looks_after_data_and_only_an_administrator_is_called_one() -> None:
    roles = {word: label.ja for word, label in labels.choices(row_codec.table_of(User).c.role).items()}
    assert roles == {"viewer": "閲覧者", "steward": "データ担当者", "approver": "承認者", "admin": "管理者"}


def test_whether_there_are_consolidated_statements_is_said_as_edinet_prints_it() -> None:
    column = row_codec.table_of(Company).c.has_consolidated
    show = formatters.for_column(column, speech.of_language("ja"))
    assert [show(True), show(False), show(None)] == ["有", "無", None]
