"""The codes of a company as others write them: 72030, 7203.T, TYO:7203, T1180301018771, or before a name."""

import re
import unicodedata
from typing import NamedTuple

from webapp.rules.company import CORPORATE_NUMBER_SHAPE, EDINET_CODE, TICKER_SYMBOL

# The columns that hold them.
KINDS = ("ticker_symbol", "edinet_code", "corporate_number")


class Code(NamedTuple):
    """A code and the column that holds it."""

    kind: str
    value: str


# 証券コード協議会: the fifth character 0 is that of ordinary shares (新証券コード, as J-Quants and EDINET print it).
# Places of trading: .T (Reuters, Yahoo), JP and JT (Bloomberg), TYO: and TSE: (Google and others).
_TICKER = re.compile(
    rf"(?:(?:TYO|TSE|JPX|XTKS):)?(?P<code>{TICKER_SYMBOL.regex})0?(?:\.(?:T|TYO|JP|S|N|F)|[ :](?:JP|JT)(?: EQUITY)?)?"
)
# The number of a qualified invoice issuer is T and the corporate number (消費税法施行規則 第26条の2; 国税庁).
_NUMBER = re.compile(rf"T?(?P<code>{CORPORATE_NUMBER_SHAPE})")
_EDINET = re.compile(rf"(?P<code>{EDINET_CODE.regex})")


def read(text: str) -> Code | None:
    """The code that a text is, in any width and case; None where it is none, or only the beginning of one."""
    word = unicodedata.normalize("NFKC", text).strip().upper()
    for kind, shape in zip(KINDS, (_TICKER, _EDINET, _NUMBER), strict=True):
        if match := shape.fullmatch(word):
            return Code(kind, match["code"])
    return None


def lead(text: str) -> tuple[Code | None, str]:
    """The code that a text is or begins with, and what follows it: a label of ours is a code and a name."""
    if whole := read(text):
        return whole, ""
    words = text.split(maxsplit=1)
    code = read(words[0]) if len(words) > 1 else None
    return code, "" if code is None else words[1]
