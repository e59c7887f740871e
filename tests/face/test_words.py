"""One thing has one word on every screen, in every message and file, and that word is what people of the trade say."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.house.sources import python

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "webapp/translations/ja/LC_MESSAGES/messages.po"
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# What stood on the screens, as regular expressions -> what is said instead.
FORBIDDEN = {
    "システム管理者": "管理者",
    "管理者による": "担当者による",
    "管理者の値": "手入力の値",
    "判断待ち": "承認待ち",
    "対応待ち": "承認待ち",
    "空欄か": "空欄のみ",
    "大きさ": "サイズ",
    "当初": "原本",
    "版と出所": "訂正区分・出典",
    "出所": "出典",
    "所見": "指摘事項",
    "指摘(?!事項)": "指摘事項",
    "取り消": "元に戻す",
    "のぞ": "プレビュー",
    "ひもづ": "関連データ",
    "使用中": "適用中",
    "ログイン": "サインイン",
    r"から %\(high\)s まで": "〜",
    "権限。": "役割。",
}
# As a whole: inside of other words they are right.
FORBIDDEN_ALONE = {
    "終了": "上場廃止・除外",
    "対象": "会社・会計期間",
    "起案者名": "起案者",
}
# Different things that English calls by one word.
HOMONYMS = {
    *("amendment", "withdrawal", "close", "high", "low", "open", "more", "no", "yes", "number", "name"),
    *("created at", "rejected", "revision", "period from", "period to", "listing"),
    # A count of them.
    "companies",
    # A filer's document, and a list that we take back.
    "withdrawn at",
    # A heading of a page, and its button.
    "change the password",
}


# What labels are given by.
NAMING = {
    "Label",
    "about",
    "money",
    "per_share",
    "ratio",
    "multiple",
    "count",
    "text",
    "code",
    "day",
    "instant",
}


def of_code() -> Iterator[tuple[str, str]]:
    """The labels of the code: English and Japanese; a figure has one for each standard."""
    for source in python():
        for node in source.nodes if _is_of_code(source.path) else ():
            if isinstance(node, ast.Call) and _name(node.func) in NAMING:
                texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
                texts = [text for text in texts if isinstance(text, str)]
                yield from (
                    (english, japanese)
                    for japanese, english in pairwise(texts[:2])
                    if JAPANESE.search(japanese) and not JAPANESE.search(english)
                )


def _is_of_code(path: str) -> bool:
    return path.startswith("webapp/") and path != "webapp/words/statement_labels.py"


def _name(called: ast.expr) -> str:
    return str(getattr(called, "id", getattr(called, "attr", "")))


def of_catalogue() -> Iterator[tuple[str, str]]:
    """The sentences of the catalogue: English and Japanese."""
    with CATALOGUE.open("rb") as file:
        for entry in read_po(file, locale="ja"):
            if entry.id:
                english, japanese = entry.id, entry.string
                if isinstance(english, str) and isinstance(japanese, str):
                    yield english, japanese
                else:
                    yield english[-1], japanese[0]


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """All of them; who only collects tests reads none."""
    return (*of_code(), *of_catalogue())


@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_word_that_nobody_in_the_trade_says_is_said_nowhere(word: str) -> None:
    assert [japanese for _english, japanese in pairs() if re.search(word, japanese)] == [], FORBIDDEN[word]


@pytest.mark.parametrize("word", FORBIDDEN_ALONE)
def test_a_word_that_says_too_little_by_itself_is_no_label(word: str) -> None:
    assert [english for english, japanese in pairs() if word == japanese] == [], FORBIDDEN_ALONE[word]


def test_one_thing_has_one_japanese_word() -> None:
    words = defaultdict(set)
    for english, japanese in pairs():
        words[english.casefold()].add(japanese)
    doubled = {english: japanese for english, japanese in words.items() if len(japanese) > 1}
    assert {english: japanese for english, japanese in doubled.items() if english not in HOMONYMS} == {}
