"""Labels: what a column may hold is said in both languages."""

import pytest
from sqlalchemy import Column

from webapp import db
from webapp.models.columns import Curated
from webapp.services.changes import row_codec
from webapp.words import labels

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
