"""Nobody who reads Japanese meets an English sentence, and the catalogue holds no sentence that nobody says."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.face import sentences

ROOT = Path(__file__).parents[2]
# Said through a name: the groups of the menu.
NAMED = {"Masters", "Statements", "Market data", "Work", "Administration"}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (ROOT / "webapp/translations/ja/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="ja")


def everything() -> set[str]:
    return sentences.of_templates() | sentences.of_code() | sentences.of_commands() | NAMED


def test_every_sentence_is_there_in_japanese(catalogue: Catalog) -> None:
    said = everything()
    found = {text: catalogue.get(text) for text in said}
    assert sorted(text for text, entry in found.items() if entry is None or not any(entry.string)) == []


def test_no_sentence_is_translated_that_nobody_says(catalogue: Catalog) -> None:
    said = everything()
    kept = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue if entry.id}
    assert sorted(kept - said) == []


def test_translations_keep_the_places_for_values(catalogue: Catalog) -> None:
    for entry in catalogue:
        english = entry.id if isinstance(entry.id, str) else entry.id[-1]
        for japanese in [entry.string] if isinstance(entry.string, str) else entry.string:
            if entry.id and japanese:
                assert set(re.findall(r"%\(\w+\)s", japanese)) == set(
                    re.findall(r"%\(\w+\)s", english)
                ), english
