"""One way to say that two names are the same: the normaliser of search, palette, filters, sorting and matching.

`fold` makes one text of what people write in several ways: width, case, hiragana and katakana, large and small kana
(キャノン for キヤノン), old and new kanji (髙 for 高), 〜 and ～, kinds of dashes. ー is a sound of its own and stays.
`key` is that without legal form, spaces, dots and dashes: what a name is found and sorted by. The same in PostgreSQL:
`SQL_FOLD`, made of the same tables.
"""

import re
import unicodedata

from webapp.rules import variant_kanji

LONGEST = 200
_HIRAGANA = {chr(code): chr(code + 0x60) for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_SMALL = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_DASHES = dict.fromkeys("‐‑‒–—―−─━", "-")
_DOTS = dict.fromkeys("·•‧∙⋅", "・")
# WAVE DASH, which cp932 and Unicode map differently: NFKC makes ~ of the full-width tilde alone.
_WAVES = dict.fromkeys("〜〰∼", "~")
_QUOTES = {"‘": "'", "’": "'", "′": "'", "“": '"', "”": '"', "″": '"'}
_CAPITALS = {
    capital: capital.lower()
    for capital in map(chr, (*range(0x250), *range(0x370, 0x530)))
    if len(capital.lower()) == 1 and capital.lower() != capital == unicodedata.normalize("NFKC", capital)
}
# What nobody sees: soft hyphen, zero widths, marks of direction, selectors of variants.
_UNSEEN = [*"\xad\u2060\ufeff", *map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F)))]
_UNSEEN += map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE0120)))


_SELDOM = {
    **{capital: small for capital, small in _CAPITALS.items() if not capital.isascii()},
    **_DASHES,
    **_DOTS,
    **_WAVES,
    **_QUOTES,
    **variant_kanji.TODAYS,
}
_ASCII = {capital: small for capital, small in _CAPITALS.items() if capital.isascii()}
_TABLE = str.maketrans(
    {
        **{kana: _SMALL.get(katakana, katakana) for kana, katakana in _HIRAGANA.items()},
        **_SMALL,
        **_ASCII,
        **_SELDOM,
        **dict.fromkeys(_UNSEEN, ""),
    }
)

# A dash after a kana that can be drawn out is what a keyboard gave for ー; after ン it parts two words. A ー after a
# letter is a dash (Ａｏｂａー BBT).
SOUND_DRAWN_OUT, MERE_DASH = "(?<=[ア-ヲヴー])-", "(?<![ア-ヴー])ー"
# As they are after folding. 会社法 第2条第1号, 保険業法 第2条第5項 (相互会社).
LEGAL_FORMS = (
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "相互会社",
    "(株)",
    "(有)",
    "(同)",
    "(資)",
    "(名)",
    "(相)",
    "カブシキガイシヤ",
    "カブシキカイシヤ",
    "ユウゲンガイシヤ",
    "ユウゲンカイシヤ",
    "ゴウドウガイシヤ",
    "ゴウドウカイシヤ",
    "ゴウシガイシヤ",
    "ゴウメイガイシヤ",
    "ソウゴガイシヤ",
)
# What a name is found without.
ASIDE = "|".join(LEGAL_FORMS).replace("(", r"\(").replace(")", r"\)") + r"|[\s・-]+"
_DRAWN_OUT, _MERE_DASH = re.compile(SOUND_DRAWN_OUT), re.compile(MERE_DASH)
_ASIDE = re.compile(ASIDE)


def fold(text: str) -> str:
    """The text as all ways of writing it are folded to."""
    plain = unicodedata.normalize("NFKC", text).translate(_TABLE)
    return _DRAWN_OUT.sub("ー", _MERE_DASH.sub("-", plain))


def bare(text: str) -> str:
    """The key of a name, or of a part of one; empty where it is nothing but a legal form and separators."""
    return _ASIDE.sub("", fold(text))


def key(name: str) -> str:
    """What a whole name is found and sorted by; never empty."""
    return (bare(name) or name)[:LONGEST]


def _replacing(table: dict[str, str]) -> tuple[str, str]:
    return "".join(table), "".join(table.values())


HIRAGANA, SMALL, SELDOM = _replacing(_HIRAGANA), _replacing(_SMALL), _replacing(_SELDOM)
UNSEEN = "".join(_UNSEEN)
