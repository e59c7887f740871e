"""What a typed word finds: texts that contain it, and companies by code or by any part of a name, however written."""

import unicodedata
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.models import folding
from webapp.models.company import Company
from webapp.models.company_name import CompanyName
from webapp.rules import codes, company_name, names
from webapp.rules import company as company_rules
from webapp.words import numbers

LONGEST = 200
MOST_TERMS = 8
# What people type for a legal form -> how names write it.
LEGAL_FORMS = {
    "(株)": "株式会社",
    "(有)": "有限会社",
    "(同)": "合同会社",
    "(資)": "合資会社",
    "(名)": "合名会社",
}

_columns: Any = Company.__table__.columns
columns_of_codes = {kind: _columns[kind] for kind in codes.KINDS}


def terms(text: str) -> list[str]:
    """The words of a search, at most eight, in any width of space; all of them must be found."""
    if codes.read(text):
        return [text.strip()]
    return [word for word in text[:LONGEST].split() if is_word(word)][:MOST_TERMS]


def is_word(text: str) -> bool:
    """Whether a text holds anything to look for: not only what nobody sees."""
    return bool(names.fold(text).strip())


def plain(term: str) -> str:
    """A word without differences of width."""
    return unicodedata.normalize("NFKC", term).strip()


def contains(text: Column[Any] | InstrumentedAttribute[Any], term: str) -> ColumnElement[bool]:
    """Whether a text holds a word, in whichever of its ways either is written; its own % and _ mean themselves."""
    column: Column[Any] = text.property.columns[0] if isinstance(text, InstrumentedAttribute) else text
    key, bare = folding.beside(column), names.bare(term)
    if key is not None and bare:
        return _holds(key, bare)
    return _holds(folding.as_sql(column), names.fold(term).strip())


def _holds(text: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = text.like(f"%{escaped(word)}%", escape="\\")
    return condition


def begins(column: Any, term: str) -> ColumnElement[bool]:
    """Whether a text begins with a word."""
    condition: ColumnElement[bool] = column.like(f"{escaped(term)}%", escape="\\")
    return condition


def escaped(term: str) -> str:
    """A word for LIKE, in which no character is a wildcard."""
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def company(term: str) -> ColumnElement[bool]:
    """Companies that a word finds: by the start of a code, by a whole one as others write it, or by any part of a name.

    A word that is nothing but a legal form, such as (株) or 株式会社, finds the companies that have it.
    """
    word = plain(term).upper()
    conditions = [begins(Company.ticker_symbol, word), begins(Company.edinet_code, word)]
    if code := codes.read(term):
        conditions.append(columns_of_codes[code.kind] == code.value)
    in_name = [contains(_columns[name], term) for name in company_rules.NAMES]
    conditions.append(_of(_known_before(term, word)))
    if (form := LEGAL_FORMS.get(plain(term))) is not None:
        in_name.append(contains(_columns["name_ja"], form))
    return or_(*conditions, *in_name)


def _known_before(term: str, word: str) -> Select[Any]:
    """The numbers of companies that a word finds by a code or name that they had before."""
    is_code = CompanyName.kind.in_(company_name.CODES)
    is_name = CompanyName.kind.like("name%")
    by_code = [begins(CompanyName.value, word)]
    if code := codes.read(term):
        by_code.append(CompanyName.value == code.value)
    of_word = or_(and_(is_code, or_(*by_code)), and_(is_name, contains(CompanyName.value, term)))
    return select(CompanyName.company_id).where(of_word)


def had_before(text: str) -> ColumnElement[bool]:
    """Companies that had exactly this code or name before."""
    code = codes.read(text)
    same = and_(CompanyName.kind.like("name%"), CompanyName.value_folded == names.key(text))
    if code is not None:
        same = or_(same, and_(CompanyName.kind == code.kind, CompanyName.value == code.value))
    return _of(select(CompanyName.company_id).where(same))


def _of(company_ids: Select[Any]) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = Company.id == func.any(func.array(company_ids.scalar_subquery()))
    return condition


def code(column: Column[Any], text: str) -> str:
    """A code for this column, in any width and case: as others write it, or a label of ours that it leads."""
    lead, _name = codes.lead(text)
    return lead.value if lead is not None and lead.kind == column.name else plain(text).upper()


def of_companies(column: Any, term: str) -> ColumnElement[bool]:
    """Rows of companies that a word finds.

    As an array, so that PostgreSQL finds the companies first and then each one's rows by index, also among millions.
    """
    ids: Select[Any] = select(Company.id).where(company(term))
    condition: ColumnElement[bool] = column == func.any(func.array(ids.scalar_subquery()))
    return condition


def company_named(text: str) -> ColumnElement[bool]:
    """Exactly the company of a code or number (`#5` is our own number 5) or of a label of ours, which is a code and a
    name (`7974 任天堂株式会社`); otherwise those that all words find."""
    word = plain(text)
    number = numbers.whole(word.removeprefix("#")) if word.startswith("#") else None
    if number is not None:
        merged = and_(CompanyName.kind == company_name.NUMBER, CompanyName.value == word[1:])
        return or_(Company.id == number, _of(select(CompanyName.company_id).where(merged)))
    code, name = codes.lead(text)
    if code is not None:
        # A code that nobody has any more is whose it was.
        column = columns_of_codes[code.kind]
        has_it = select(Company.id).where(column == code.value)
        is_of_code = or_(column == code.value, and_(~has_it.exists(), had_before(code.value)))
        in_name = or_(*(contains(_columns[one], name) for one in company_rules.NAMES))
        return and_(is_of_code, in_name) if name else is_of_code
    return and_(*(company(term) for term in terms(text))) if word else false()
