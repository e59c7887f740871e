"""Of the companies that a word finds the one that was meant comes first."""

import pytest

from tests import factories
from webapp.lists import records
from webapp.models.company import Company
from webapp.words import speech

pytestmark = pytest.mark.usefixtures("connection", "app")
JAPANESE = speech.of_language("ja")
# In the order of codes each of these stands before the one that was meant.
COMPANIES = {
    "1001": "江崎グリコ株式会社",
    "1002": "パナソニックホールディングス株式会社",
    "1003": "日本トヨタ自動車販売株式会社",
    "6758": "ソニーグループ株式会社",
    "7752": "株式会社リコー",
    "7753": "リコーリース株式会社",
    "9001": "１００１コード株式会社",
}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ソニー", "6758"),
        ("リコー", "7752"),
        ("株式会社リコー", "7752"),
        ("ﾘｺｰﾘ", "7753"),
        ("1001", "1001"),
        ("１００１コード", "9001"),
        ("ニック", "1002"),
        ("Sony Group Corporation", "6758"),
        ("sony", "6758"),
    ],
)
def test_the_company_that_was_meant_comes_first(typed: str, first: str) -> None:
    for code, name in COMPANIES.items():
        name_en = "Sony Group Corporation" if code == "6758" else f"Not {name} of sony group"
        factories.company(ticker_symbol=code, name_ja=name, name_en=name_en)
    names = [name for _key, name in records.search(Company, typed, JAPANESE)]
    assert names[0].startswith(f"{first} ")


def test_who_is_called_so_comes_before_who_only_reads_so() -> None:
    factories.company(ticker_symbol="6201", name_ja="株式会社豊田自動織機", name_kana="トヨタジドウショッキ")
    factories.company(ticker_symbol="7203", name_ja="トヨタ自動車株式会社", name_kana="トヨタジドウシャ")
    names = [name for _key, name in records.search(Company, "トヨタ", JAPANESE)]
    assert names == ["7203 トヨタ自動車株式会社", "6201 株式会社豊田自動織機"]


def test_where_nothing_is_better_than_another_the_usual_order_stays() -> None:
    for code in ("1003", "1001", "1002"):
        factories.company(ticker_symbol=code, name_ja=f"甲乙丙{code}株式会社")
    names = [name.split()[0] for _key, name in records.search(Company, "乙丙", JAPANESE)]
    assert names == ["1001", "1002", "1003"]
