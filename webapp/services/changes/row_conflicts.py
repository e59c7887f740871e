"""Compare the row that somebody edited with the row that is stored now, field by field."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select, tuple_

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.row_version import RowVersion
from webapp.rules import change
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Conflict, Moved, Wish
from webapp.services.changes.row_codec import Key

CHUNK = 5000


def as_seen(model: type[db.Base], key: Key, version: int | None) -> dict[str, Any] | None:
    """The row as it was in an old version; None where nobody knows it."""
    kept = db.session.scalar(
        select(RowVersion.row_data)
        .where(
            RowVersion.table_name == row_codec.table_of(model).name,
            RowVersion.row_key == row_codec.row_key(key),
            RowVersion.version == version,
        )
        .order_by(RowVersion.id.desc())
        .limit(1)
    )
    return None if kept is None else row_codec.decode(model, kept)


def all_as_seen(model: type[db.Base], versions: Mapping[Key, int]) -> dict[Key, dict[str, Any]]:
    """Rows as they were in old versions, by key; those that nobody knows are left out."""
    by_text = {(row_codec.row_key(key), version): key for key, version in versions.items()}
    in_turn, seen = list(by_text), dict[Key, dict[str, Any]]()
    for start in range(0, len(in_turn), CHUNK):
        kept = select(RowVersion.row_key, RowVersion.version, RowVersion.row_data).where(
            RowVersion.table_name == row_codec.table_of(model).name,
            tuple_(RowVersion.row_key, RowVersion.version).in_(in_turn[start : start + CHUNK]),
        )
        # A row that came back counts its versions on, so that the last one of a number is the one that was seen.
        for row_key, version, row_data in db.session.execute(kept.order_by(RowVersion.id)):
            seen[by_text[row_key, version]] = row_codec.decode(model, row_data)
    return seen


def beside(wish: Wish, stored: Mapping[str, Any] | None) -> tuple[Wish, list[Conflict]]:
    """What is left of a wish where its row is no longer as its editor saw it, and what others made of other fields.

    The editor's own changes are those to fields that were otherwise when they looked. Raises Moved where the row is
    gone, where both changed one field, and where a row that is to go has changed at all.
    """
    if stored is not None and wish.base_version in (None, stored["version"]):
        return wish, []
    moves = moved(wish, stored)
    if stored is None or any(conflict.is_of_both for conflict in moves.conflicts):
        raise moves
    theirs = {conflict.field for conflict in moves.conflicts}
    own = {name: value for name, value in wish.values.items() if name not in theirs}
    return replace(wish, values=own), [
        conflict for conflict in moves.conflicts if conflict.yours != conflict.theirs
    ]


def moved(wish: Wish, stored: Mapping[str, Any] | None) -> Moved:
    """What happened to a row since its editor saw `wish.base_version`; `stored` is None where it is gone."""
    if stored is None:
        return Moved()
    model = wish.model
    assert wish.key is not None
    seen = as_seen(model, wish.key, wish.base_version)
    authors = _authors(wish, stored)
    conflicts = _conflicts(wish, stored, seen, authors)
    of_both = [conflict.by for conflict in conflicts if conflict.is_of_both and conflict.by]
    last = authors.get(None)
    return Moved(
        conflicts,
        version=stored["version"],
        changed_at=stored["changed_at"],
        changed_by=of_both[0] if of_both and last is not None else last,
    )


def _conflicts(
    wish: Wish,
    stored: Mapping[str, Any],
    seen: Mapping[str, Any] | None,
    authors: Mapping[str | None, str],
) -> list[Conflict]:
    silent = row_codec.unheeded_names(wish.model)
    conflicts = []
    for column in row_codec.curated_columns(wish.model):
        name = column.name
        base = (seen or {}).get(name)
        if name in silent or base == stored[name]:
            continue
        yours = wish.values.get(name, base)
        # Of a version that nobody knows, nobody can say what its editor changed.
        is_own = name in wish.values and (seen is None or yours != base)
        is_of_both = wish.action == change.DELETE or (is_own and yours != stored[name])
        conflicts.append(Conflict(name, base, stored[name], yours, authors.get(name), is_of_both))
    return conflicts


def _authors(wish: Wish, stored: Mapping[str, Any]) -> dict[str | None, str]:
    """Who of this admin last changed each field since the editor looked; under None, who changed the row last."""
    assert wish.key is not None
    of_row = row_codec.table_of(wish.model).name, row_codec.row_key(wish.key)
    since = select(RowVersion.ended_by_change_set_id).where(
        RowVersion.table_name == of_row[0],
        RowVersion.row_key == of_row[1],
        RowVersion.version >= wish.base_version,
    )
    items = (
        select(ChangeSet.id, ChangeSet.author_name, ChangeSetItem.after)
        .join(ChangeSetItem.change_set)
        .where(
            ChangeSetItem.table_name == of_row[0],
            ChangeSetItem.row_key == of_row[1],
            ChangeSet.id.in_(since),
        )
        .order_by(ChangeSet.applied_at, ChangeSet.id)
    )
    authors: dict[str | None, str] = {}
    for number, author, after in db.session.execute(items):
        left = row_codec.decode(wish.model, after)
        authors |= {name: author for name, value in left.items() if stored[name] == value}
        if number == stored["change_set_id"]:
            authors[None] = author
    return authors
