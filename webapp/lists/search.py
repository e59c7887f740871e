"""What a typed word finds: texts that contain it, and companies by code or by any part of their name in any width."""

import re
import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from webapp.models.company import Company
from webapp.rules import company as company_rules

LONGEST = 200
MOST_TERMS = 8
# What people type for a legal form -> how names write it.
LEGAL_FORMS = {"(株)": "株式会社", "(有)": "有限会社"}


def terms(text: str) -> list[str]:
    """The words of a search, at most eight, in any width of space; all of them must be found."""
    return text[:LONGEST].split()[:MOST_TERMS]


def plain(term: str) -> str:
    """A word without differences of width."""
    return unicodedata.normalize("NFKC", term).strip()


def contains(column: Any, term: str) -> ColumnElement[bool]:
    """Whether a text holds a word, whatever its case; the word's own % and _ mean themselves."""
    condition: ColumnElement[bool] = column.ilike(f"%{escaped(term)}%", escape="\\")
    return condition


def begins(column: Any, term: str) -> ColumnElement[bool]:
    """Whether a text begins with a word."""
    condition: ColumnElement[bool] = column.like(f"{escaped(term)}%", escape="\\")
    return condition


def escaped(term: str) -> str:
    """A word for LIKE, in which no character is a wildcard."""
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def company(term: str) -> ColumnElement[bool]:
    """Companies that a word finds: by the start of a code, or by any part of a name.

    A word that is nothing but a legal form, such as (株) or 株式会社, finds the companies that have it.
    """
    word = plain(term)
    conditions = [begins(Company.ticker_symbol, word.upper()), begins(Company.edinet_code, word.upper())]
    folded = company_rules.fold_name(term)
    if folded:
        conditions.append(contains(Company.name_ja_folded, folded))
    else:
        form = LEGAL_FORMS.get(word, word)
        conditions += [contains(Company.name_ja, form), contains(Company.name_ja, term)]
    conditions += [contains(Company.name_en, word), contains(Company.name_kana, word)]
    if (katakana := _katakana(word)) != word:
        conditions.append(contains(Company.name_kana, katakana))
    if word.isascii() and word.isdigit() and len(word) == 13:
        conditions.append(Company.corporate_number == word)
    return or_(*conditions)


def of_companies(column: Any, term: str) -> ColumnElement[bool]:
    """Rows of companies that a word finds.

    As an array, so that PostgreSQL finds the companies first and then each one's rows by index, also among millions.
    """
    ids: Select[Any] = select(Company.id).where(company(term))
    condition: ColumnElement[bool] = column == func.any(func.array(ids.scalar_subquery()))
    return condition


def company_named(text: str) -> ColumnElement[bool]:
    """Exactly the company of a code or number (`#5` is our own number 5), otherwise those that the word finds."""
    word = plain(text)
    if word.startswith("#") and word[1:].isascii() and word[1:].isdigit() and len(word) <= 18:
        return Company.id == int(word[1:])
    if re.fullmatch(company_rules.EDINET_CODE.regex, word.upper()):
        return Company.edinet_code == word.upper()
    if re.fullmatch(company_rules.TICKER_SYMBOL.regex, word.upper()):
        return Company.ticker_symbol == word.upper()
    return company(text) if word else false()


def _katakana(word: str) -> str:
    return "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in word)
