"""What typed words find among companies."""

import pytest
from sqlalchemy import select

from tests import factories
from webapp import db
from webapp.lists import search
from webapp.models.company import Company

pytestmark = pytest.mark.usefixtures("connection")


def found(text: str) -> list[str]:
    conditions = [search.company(term) for term in search.terms(text)]
    return list(db.session.scalars(select(Company.name_ja).where(*conditions).order_by(Company.name_ja)))


@pytest.fixture(autouse=True)
def companies(connection: object) -> None:
    toyota = {
        "name_ja": "トヨタ自動車株式会社",
        "name_en": "TOYOTA MOTOR CORPORATION",
        "name_kana": "トヨタジドウシャカブシキガイシャ",
        "ticker_symbol": "7203",
        "edinet_code": "E02144",
        "corporate_number": "1180301018771",
        "listing_status": "listed",
    }
    factories.companies(
        toyota,
        {"name_ja": "有限会社あさひ", "name_en": "100% Asahi_Ltd"},
        {"name_ja": "アルファ・ベータ合同会社"},
        {"name_ja": "リコー", "name_en": "ＲＩＣＯＨ　Company", "ticker_symbol": "7752"},
        {"name_ja": "江崎グリコ", "name_kana": "エザキグリコカブシキガイシャ"},
        {"name_ja": "キヤノン"},
        {"name_ja": "富士フイルムホールディングス"},
        {"name_ja": "髙島屋"},
        {"name_ja": "斎藤工業"},
        {"name_ja": "春〜秋"},
    )


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("ﾄﾖﾀ", ["トヨタ自動車株式会社"]),
        ("トヨタ", ["トヨタ自動車株式会社"]),
        ("自動車", ["トヨタ自動車株式会社"]),
        ("とよた", ["トヨタ自動車株式会社"]),
        ("toyota", ["トヨタ自動車株式会社"]),
        ("ＴＯＹＯＴＡ　motor", ["トヨタ自動車株式会社"]),
        ("7203", ["トヨタ自動車株式会社"]),
        ("７２０３", ["トヨタ自動車株式会社"]),
        ("e02144", ["トヨタ自動車株式会社"]),
        ("1180301018771", ["トヨタ自動車株式会社"]),
        ("(株)", ["トヨタ自動車株式会社"]),
        ("㈱", ["トヨタ自動車株式会社"]),
        ("（株）トヨタ自動車", ["トヨタ自動車株式会社"]),
        ("株式会社", ["トヨタ自動車株式会社"]),
        ("(有)", ["有限会社あさひ"]),
        ("トヨタ 7203", ["トヨタ自動車株式会社"]),
        ("トヨタ あさひ", []),
        ("アルファベータ", ["アルファ・ベータ合同会社"]),
        ("アルファ・ベータ", ["アルファ・ベータ合同会社"]),
        ("%", ["有限会社あさひ"]),
        ("_", ["有限会社あさひ"]),
        ("100%", ["有限会社あさひ"]),
        ("\\", []),
        ("リコー", ["リコー"]),
        ("ﾘｺｰ", ["リコー"]),
        ("グリコ", ["江崎グリコ"]),
        ("ricoh", ["リコー"]),
        ("ＲＩＣＯＨ", ["リコー"]),
        ("キャノン", ["キヤノン"]),
        ("富士フィルム", ["富士フイルムホールディングス"]),
        ("高島屋", ["髙島屋"]),
        ("髙嶋屋", ["髙島屋"]),
        ("齋藤", ["斎藤工業"]),
        ("齊藤", ["斎藤工業"]),
        ("春～秋", ["春〜秋"]),
        ("72030", ["トヨタ自動車株式会社"]),
        ("7203.T", ["トヨタ自動車株式会社"]),
        ("7203.t", ["トヨタ自動車株式会社"]),
        ("TYO:7203", ["トヨタ自動車株式会社"]),
        ("7203 JP", ["トヨタ自動車株式会社"]),
        ("T1180301018771", ["トヨタ自動車株式会社"]),
        ("7203 トヨタ自動車株式会社", ["トヨタ自動車株式会社"]),
    ],
)
def test_a_word_finds(typed: str, names: list[str]) -> None:
    assert found(typed) == names


@pytest.mark.parametrize(
    "typed",
    [
        "7203",
        "E02144",
        "ｅ０２１４４",
        "トヨタ",
        "7203 トヨタ自動車株式会社",
        "７２０３　トヨタ自動車",
        "E02144 トヨタ自動車株式会社",
        "72030",
        "7203.T",
        "T1180301018771",
        "1180301018771",
    ],
)
def test_a_filter_names_one_company(typed: str) -> None:
    wanted = select(Company.name_ja).where(search.company_named(typed))
    assert list(db.session.scalars(wanted)) == ["トヨタ自動車株式会社"]


@pytest.mark.parametrize("typed", ["", "#x", "#99999999999999999999", "7203 江崎グリコ"])
def test_what_names_no_company_finds_none(typed: str) -> None:
    wanted = select(Company.name_ja).where(search.company_named(typed))
    assert list(db.session.scalars(wanted)) == []


def test_at_most_eight_words_of_two_hundred_characters_are_searched() -> None:
    assert len(search.terms("a " * 100)) == 8
    assert search.terms("x" * 300) == ["x" * 200]
