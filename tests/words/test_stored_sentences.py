"""What the product wrote itself is read in the language of its reader, on pages and in files."""

import pytest
from sqlalchemy import literal, select

from webapp import db
from webapp.words import speech, stored_sentences

JAPANESE, ENGLISH = speech.of_language("ja"), speech.of_language("en")
TEXTS = [
    ("author_name", "root (command line)", "コマンド（root）"),
    ("reason", "Starter data: companies.csv", "初期データ：companies.csv"),
    ("reason", "Undoes change set #12", "変更セット #12 を元に戻す"),
    ("reason", "root (command line)", "root (command line)"),
    ("author_name", "田中", "田中"),
]


@pytest.mark.parametrize(("column", "stored", "japanese"), TEXTS)
def test_what_we_wrote_is_read_in_japanese_and_what_people_wrote_stays(
    column: str, stored: str, japanese: str
) -> None:
    assert stored_sentences.in_language(column, stored, JAPANESE) == japanese
    assert stored_sentences.in_language(column, stored, ENGLISH) == stored


def test_an_author_is_told_to_each_reader_in_their_language() -> None:
    assert stored_sentences.author("root (command line)", JAPANESE) == "コマンド（root）"
    assert stored_sentences.author(None, ENGLISH) == "Somebody outside this admin"


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize(("column", "stored", "japanese"), TEXTS)
def test_a_file_says_the_same(column: str, stored: str, japanese: str) -> None:
    said = stored_sentences.as_sql(column, literal(stored), JAPANESE)
    assert db.session.scalar(select(said)) == japanese
