"""Nobody who reads Japanese meets an English sentence, and the catalogue holds no sentence that nobody says."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.face import sentences

ROOT = Path(__file__).parents[2]
# Said through a name: the groups of the menu.
NAMED = {"Masters", "Statements", "Market data", "Work", "Administration"}
# What is counted, in English.
COUNTED = re.compile(
    r"%\((?P<place>\w+)\)s (?:\w+ )?(?P<noun>cell|record|row|field|figure|share|element|file|finding|day|statement|"
    r"column|view|byte|character|decimal|second|change|job|period|year|indicator|price|fact|name|line)s\b"
)
# Places for what is never one: limits of ours, and what is told only beyond them.
NEVER_ONE = {"most", "most_rows", "most_columns", "shortest", "longest", "fewest"}
# And sentences in which it is not, by what they say.
OF_SEVERAL = {
    # Of a page as long as somebody chose, and of a range that does not fit on one.
    *("%(count)s rows", "The range has", "None is open for longer", "The file was not ready after"),
    # What is one is right there.
    *("%(number)s CSV files", "%(number)s such columns", "the %(number)s columns", "%(names)s columns"),
    # Too large, too long, or too far: of days and bytes hundreds.
    *("one of %(", "the fiscal year has", "has not been traded for", "Statements due within"),
    "must have at most %(places)s decimals",
    # The one day that was compared has a sentence of its own.
    "the vendor's adjusted close is another than ours on %(days)s",
}
# What Japanese writes as ：；（ and without a space.
HALF_WIDTH = re.compile("[ぁ-んァ-ヶー一-龠々）」] ?[:;(]")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (ROOT / "webapp/translations/ja/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="ja")


@cache
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


def test_one_of_what_is_counted_is_said_as_one(catalogue: Catalog) -> None:
    single = [entry.id for entry in catalogue if isinstance(entry.id, str)]
    told = [(text, found) for text in single if (found := COUNTED.search(text))]
    untold = [
        text
        for text, found in told
        if found["place"] not in NEVER_ONE and not text.startswith(tuple(OF_SEVERAL))
        # A sentence that is stored with its number has one for each.
        and not any(other.startswith(f"{text[: found.end() - 1]} ") for other in single)
    ]
    assert told
    assert untold == []


def test_japanese_is_punctuated_as_japanese(catalogue: Catalog) -> None:
    said = [text for entry in catalogue if entry.id for text in _japanese(entry.string)]
    assert HALF_WIDTH.search("初期データ: companies.csv")
    assert [text for text in said if HALF_WIDTH.search(text)] == []


def _japanese(said: str | tuple[str, ...]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else said


# Behind a value, a sentence or a link: brackets, or a colon with a space.
OF_ONE_LANGUAGE = re.compile(r"""_\([^()]*\) \}\} \(|~ ' ?\(|' \(' ~|(?:\}\}|</a>): """)


def test_no_template_writes_colons_or_brackets_of_one_language() -> None:
    told = [
        f"{path.name}: {found[0]}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for found in OF_ONE_LANGUAGE.finditer(path.read_text("utf-8"))
    ]
    assert OF_ONE_LANGUAGE.search("{{ label }}: {{ count }}")
    assert told == []


def test_translations_keep_the_places_for_values(catalogue: Catalog) -> None:
    for entry in catalogue:
        english = entry.id if isinstance(entry.id, str) else entry.id[-1]
        for japanese in [entry.string] if isinstance(entry.string, str) else entry.string:
            if entry.id and japanese:
                assert set(re.findall(r"%\(\w+\)s", japanese)) == set(
                    re.findall(r"%\(\w+\)s", english)
                ), english
