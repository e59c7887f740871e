"""The kinds of column that tables are made of; each carries its label, its unit and its rule."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Computed,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    func,
    literal_column,
)
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from webapp import db
from webapp.models import folding
from webapp.rules import names
from webapp.rules import statement as figures
from webapp.rules.fields import Between, FieldRule
from webapp.rules.fields import Text as TextRule


def identity() -> MappedColumn[int]:
    """A key that the database counts up; an applying change set may take its numbers beforehand."""
    info = db.about("番号", "Number")
    return mapped_column(BigInteger, Identity(always=False), primary_key=True, info=info)


def money(ja: str, en: str, rule: Between = figures.MONEY) -> MappedColumn[Decimal | None]:
    """Whole units of the row's currency; missing is None, never zero."""
    return mapped_column(Numeric(20, 0), info=db.about(ja, en, rule=rule, unit="money"))


def per_share(ja: str, en: str) -> MappedColumn[Decimal | None]:
    """Currency units per share, to four decimals."""
    return mapped_column(Numeric(18, 4), info=db.about(ja, en, rule=figures.PER_SHARE, unit="per_share"))


def ratio(ja: str, en: str) -> MappedColumn[Decimal | None]:
    """A fraction, never a percentage: 0.1047 stands for 10.47 %."""
    return mapped_column(Numeric(18, 8), info=db.about(ja, en, rule=figures.RATIO, unit="ratio"))


def multiple(ja: str, en: str) -> MappedColumn[Decimal | None]:
    """A ratio that people read as a multiple, such as a price-earnings ratio."""
    return mapped_column(Numeric(18, 8), info=db.about(ja, en, rule=figures.RATIO, unit="multiple"))


def count(ja: str, en: str, unit: str = "shares") -> MappedColumn[int | None]:
    """A whole number of things, such as shares."""
    return mapped_column(BigInteger, info=db.about(ja, en, rule=figures.COUNT, unit=unit))


def text(ja: str, en: str, rule: TextRule, **options: Any) -> MappedColumn[Any]:
    """Text under a rule; its longest length is the column's."""
    kind = Text() if rule.is_long else String(rule.longest)
    return mapped_column(kind, info=db.about(ja, en, rule=rule), **options)


def folded(ja: str, en: str, *, of: str) -> MappedColumn[Any]:
    """What a name is found and sorted by, made by PostgreSQL of the column that it is `of`."""
    key = folding.key(literal_column(of))
    return mapped_column(
        String(names.LONGEST), Computed(key, persisted=True), info=db.about(ja, en, folds=of)
    )


def code(ja: str, en: str, rule: FieldRule, length: int, **options: Any) -> MappedColumn[Any]:
    """A short word of fixed shape."""
    return mapped_column(String(length), info=db.about(ja, en, rule=rule), **options)


def day(ja: str, en: str, **options: Any) -> MappedColumn[Any]:
    """A calendar date in Japan."""
    return mapped_column(Date, info=db.about(ja, en), **options)


def instant(ja: str, en: str, **options: Any) -> MappedColumn[Any]:
    """A moment, kept in UTC and shown in JST."""
    return mapped_column(DateTime(timezone=True), info=db.about(ja, en), **options)


class Curated:
    """A row that stewards look after: triggers count its versions and keep every old one.

    `change_set_id` has no foreign key: the trigger sets it from the transaction and change sets are never deleted,
    while a check per row would double the cost of loading a million prices.
    """

    version: Mapped[int] = mapped_column(
        Integer, default=1, server_default="1", info=db.about("版", "Version"), sort_order=900
    )
    changed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True),
        server_default=func.now(),
        info=db.about("更新日時", "Changed at"),
        sort_order=901,
    )
    change_set_id: Mapped[int | None] = mapped_column(
        BigInteger, info=db.about("変更セット", "Change set"), sort_order=902
    )


def outside(table: str) -> Index:
    """An index of the rows that no change set has written: few, and worth showing to everybody."""
    return Index(f"ix_{table}_outside", "changed_at", postgresql_where=sql_text("change_set_id IS NULL"))


STAMPS = frozenset({"version", "changed_at", "change_set_id"})
