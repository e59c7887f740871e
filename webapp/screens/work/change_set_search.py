"""Which change sets a word finds: by number, by texts, and by the companies that they touch.

Sets that the list is joined with once, so that neither the number of change sets nor that of their items makes a search
slow. Each text is folded once, however many change sets bear it.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Select, Text, case, cast, func, or_, select, union

from webapp import db
from webapp.lists import search
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.columns import Curated
from webapp.models.company import Company
from webapp.services.changes import row_codec
from webapp.words import numbers

HEADER = row_codec.table_of(ChangeSet).c
SEARCHED = ("author_name", "reason", "source")
# Beside the change sets of the list.
OTHERS: Any = row_codec.table_of(ChangeSet).alias("others")
ITEM = row_codec.table_of(ChangeSetItem).c


def found(term: str) -> ColumnElement[bool]:
    """Change sets that a word finds; what is gone is found by what lists call its change sets."""
    word = search.plain(term).removeprefix("#")
    sets = [_bearing(OTHERS.c[name], OTHERS.c.id, {search.plain(term)}) for name in SEARCHED]
    if (number := numbers.whole(word)) is not None:
        sets.append(select(OTHERS.c.id).where(OTHERS.c.id == number))
    # After its first record a list calls a change set.
    is_first = ITEM.position == 0
    sets.append(_bearing(ITEM.label_text, ITEM.change_set_id, {term, search.plain(term)}, is_first))
    sets += [select(ITEM.change_set_id).where(touched) for touched in _touching(term)]
    return HEADER.id.in_(union(*sets))


def of_companies(term: str) -> ColumnElement[bool]:
    """Items of the companies that a word finds, and of what belongs to them."""
    return or_(*_touching(term))


def is_called(label_text: Any, terms: set[str]) -> ColumnElement[bool]:
    """Whether a record is called so; a text of a name holds it in any of these ways."""
    return or_(*(search.contains(label_text, term) for term in sorted(terms)))


def _bearing(text: Any, key: Column[int], terms: set[str], *conditions: ColumnElement[bool]) -> Select[Any]:
    """The keys of the rows whose text holds a word."""
    # Without the fence PostgreSQL would fold the text of each row before it looks which of them are the same.
    texts = select(text.label("text")).where(*conditions).distinct().offset(0).subquery()
    return select(key).where(
        *conditions, text.in_(select(texts.c.text).where(is_called(texts.c.text, terms)))
    )


def _touching(term: str) -> Iterator[ColumnElement[bool]]:
    """Of each kind of record, whether an item touches one of the companies that a word finds, or of theirs."""
    companies = select(select(Company.id).where(search.company(term)).cte().c.id)
    for model in _of_companies():
        is_of_kind = ITEM.table_name == row_codec.table_of(model).name
        key, *more = row_codec.key_columns(model)
        if not more:
            owner = key if model is Company else row_codec.table_of(model).c.company_id
            yield is_of_kind & ITEM.row_key.in_(select(cast(key, Text)).where(owner.in_(companies)))
        elif key.name == "company_id":
            # A price's key begins with its company's number; feeds have no items, so that these are few.
            of_company = cast(func.split_part(ITEM.row_key, ",", 1), BigInteger).in_(companies)
            yield is_of_kind & case((is_of_kind, of_company))


@cache
def _of_companies() -> tuple[type[db.Base], ...]:
    """Companies, and every curated kind of record that belongs to one."""
    models: list[Any] = [mapper.class_ for mapper in db.Base.registry.mappers]
    tables = {row_codec.table_of(model).name: model for model in models}
    return tuple(
        model
        for _name, model in sorted(tables.items())
        if issubclass(model, Curated)
        and (model is Company or "company_id" in row_codec.table_of(model).columns)
    )
