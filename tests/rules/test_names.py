"""One normaliser: what people write in several ways is one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules import names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("キャノン", "キヤノン"),
        ("富士フィルム", "富士フイルム"),
        ("シャチハタ", "シヤチハタ"),
        ("ﾘｺｰ", "リコー"),
        ("リコ－", "リコー"),
        ("リコ-", "リコー"),
        ("とよた", "トヨタ"),
        ("髙島屋", "高島屋"),
        ("宮﨑", "宮崎"),
        ("齋藤", "斎藤"),
        ("齊藤", "斉藤"),
        ("斎藤", "斉藤"),
        ("濵田", "浜田"),
        ("渡邉", "渡辺"),
        ("渡邊", "渡辺"),
        ("國學院", "国学院"),
        ("惠比壽", "恵比寿"),
        ("葛\U000e0100城", "葛城"),
        ("春〜秋", "春～秋"),
        ("春~秋", "春〜秋"),
        ("龍ヶ崎", "竜ケ崎"),
        ("ＴＯＹＯＴＡ", "toyota"),
        ("É", "é"),
        ("１丁目２−３", "1丁目2-3"),
        ("So\u200bny", "Sony"),
    ],
)
def test_ways_of_writing_are_folded_to_one(one: str, other: str) -> None:
    assert names.fold(one) == names.fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("リコー", "リコ"),
        ("ソニー", "ソニ"),
        ("ビル", "ビール"),
        ("カキ", "ガキ"),
        ("ハハ", "パパ"),
        ("太田", "大田"),
    ],
)
def test_what_is_another_name_stays_another(one: str, other: str) -> None:
    assert names.fold(one) != names.fold(other)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("セブン‐イレブン", "セブンイレブン"),
        ("Ａｏｂａー　ＢＢＴ", "aobabbt"),
        ("ピ-ティ-イ-", "ピーテイーイー"),
        ("トヨタジドウシャカブシキガイシャ", "トヨタジドウシヤ"),
        ("カブシキガイシャ　リコー", "リコー"),
        ("ユウゲンガイシャアサヒ", "アサヒ"),
        ("日本生命保険相互会社", "日本生命保険"),
        ("株式會社大和", "大和"),
        ("株式会社", "株式会社"),
        ("カブシキガイシャ", "カブシキガイシャ"),
        ("・", "・"),
        ("\ufdfa" * 200, "صلى" + "اللهعليهوسلم"),
    ],
)
def test_a_name_is_found_without_legal_form_spaces_and_dashes(name: str, key: str) -> None:
    assert names.key(name).startswith(key)
    assert len(names.key(name)) <= names.LONGEST


@given(name=st.text(min_size=1, max_size=30))
def test_every_name_has_a_key(name: str) -> None:
    assert names.key(name)
