"""Texts as `rules.names` folds them, in PostgreSQL: stored beside names, and asked of columns without a stored key."""

from typing import Any

from sqlalchemy import Column, ColumnElement, case, collate, func, literal_column

from webapp.rules import names

Text = ColumnElement[Any] | Column[Any]
NFKC: ColumnElement[Any] = literal_column("NFKC")
# What is left out stands at the end of what is replaced, where nothing replaces it.
SELDOM = (names.SELDOM[0] + names.UNSEEN, names.SELDOM[1])


def as_sql(text: Text) -> ColumnElement[Any]:
    """The text as `names.fold` makes it."""
    plain = func.normalize(text, NFKC)
    # PostgreSQL looks through a whole table for each character, so it is asked first whether there is one at all.
    seldom = _replaced(plain, SELDOM, plain)
    katakana = _replaced(seldom, names.HIRAGANA, plain)
    # Of letters beyond ASCII, what is a capital depends on the server; those are among the seldom ones.
    large = func.translate(func.lower(collate(katakana, "C")), *names.SMALL)
    dashes = func.regexp_replace(large, names.MERE_DASH, "-", "g")
    return func.regexp_replace(dashes, names.SOUND_DRAWN_OUT, "ー", "g")


def key(name: Text) -> ColumnElement[Any]:
    """What a whole name is found and sorted by, as `names.key` makes it."""
    bare = func.regexp_replace(as_sql(name), names.ASIDE, "", "g")
    return func.left(func.coalesce(func.nullif(bare, ""), name), names.LONGEST)


def beside(column: Column[Any]) -> Column[Any] | None:
    """The column that holds the key of this one; None where names of it are not stored folded."""
    columns = column.table.columns
    return next((beside for beside in columns if beside.info.get("folds") == column.name), None)


def _replaced(
    text: ColumnElement[Any], table: tuple[str, str], looked_at: ColumnElement[Any]
) -> ColumnElement[Any]:
    return case((looked_at.regexp_match(f"[{table[0]}]"), func.translate(text, *table)), else_=text)
