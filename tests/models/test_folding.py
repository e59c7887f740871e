"""PostgreSQL folds texts as Python does."""

import unicodedata
from typing import Any

from sqlalchemy import Connection, column, select, values
from sqlalchemy import String as SqlString

from webapp.models import folding
from webapp.rules import names

# Every character of the first plane that Python's Unicode knows: PostgreSQL's may be newer.
EVERY = [
    one
    for code in range(0x20, 0xFFFE)
    if unicodedata.category(one := chr(code)) not in ("Cc", "Cn", "Cs", "Co")
]
WORDS = [
    "リコ-",
    "ー",
    "aー",
    "セブン‐イレブン",
    "Ａｏｂａー",
    "ピ-ティ-イ-",
    "春〜秋",
    "株式會社　髙島屋",
    "葛\U000e0100城",
    "éÉ",
    "ｶﾞ",
]
TOLD = [*WORDS, *("ア" + "".join(EVERY[start : start + 50]) for start in range(0, len(EVERY), 50))]


def in_postgres(connection: Connection, fold: Any) -> list[str]:
    rows = values(column("place", SqlString), column("name", SqlString), name="told")
    told = rows.data([(f"{place:06d}", name) for place, name in enumerate(TOLD)])
    return list(connection.scalars(select(fold(told.c.name)).order_by(told.c.place)))


def test_postgres_folds_every_character_as_python_does(connection: Connection) -> None:
    assert in_postgres(connection, folding.as_sql) == [names.fold(name) for name in TOLD]
