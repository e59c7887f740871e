"""What happened to a record: its old versions and the change sets that ended them, newest first, as short sentences."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import and_, select

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.columns import Curated
from webapp.models.row_version import RowVersion
from webapp.screens.record import displayed_values
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import formatters, keys, labels, stored_sentences

MOST = 20
# The change set, when, and the role in the database.
Moment = tuple[int | None, datetime, str]


def of_row(row: Any) -> list[dict[str, Any]]:
    """The latest events of a curated record: who, what, when, url. At most two statements."""
    if not isinstance(row, Curated) or not isinstance(row, db.Base):
        return []
    model = type(row)
    key = row_codec.row_key(keys.of_row(row))
    versions = _versions(model, key)
    moments: list[Moment] = [(v.ended_by_change_set_id, v.valid_to, v.ended_by_role) for v in versions]
    if len(versions) < MOST:
        moments.append(_beginning(row, versions))
    change_sets = _change_sets(model, key, [number for number, _at, _role in moments])
    start = url_for("change_sets.details_view") if change_sets else ""
    return [_event(model, moment, change_sets, start) for moment in moments]


def _versions(model: type[db.Base], key: str) -> Sequence[Any]:
    # Not the old rows themselves: a statement's is of ninety fields.
    change_sets = (RowVersion.begun_by_change_set_id, RowVersion.ended_by_change_set_id)
    versions = select(
        *change_sets, RowVersion.valid_from, RowVersion.valid_to, RowVersion.ended_by_role
    ).where(RowVersion.table_name == row_codec.table_of(model).name, RowVersion.row_key == key)
    newest_first = (RowVersion.valid_to.desc(), RowVersion.id.desc())
    return db.session.execute(versions.order_by(*newest_first).limit(MOST)).all()


def _beginning(row: Curated, versions: Sequence[Any]) -> Moment:
    """When the record was made: its first old version knows, or the row itself where it never changed."""
    if not versions:
        return row.change_set_id, row.changed_at, ""
    first = versions[-1]
    return first.begun_by_change_set_id, first.valid_from, ""


def _change_sets(model: type[db.Base], key: str, numbers: Sequence[int | None]) -> dict[int, Any]:
    """What change sets say of themselves and of this row, by their numbers."""
    known = [number for number in numbers if number is not None]
    if not known:
        return {}
    of_row = and_(
        ChangeSetItem.change_set_id == ChangeSet.id,
        ChangeSetItem.table_name == row_codec.table_of(model).name,
        ChangeSetItem.row_key == key,
    )
    header = (ChangeSet.id, ChangeSet.author_name, ChangeSet.kind, ChangeSet.reason)
    change_sets = select(*header, ChangeSetItem.action, ChangeSetItem.after).outerjoin(ChangeSetItem, of_row)
    return {one.id: one for one in db.session.execute(change_sets.where(ChangeSet.id.in_(known)))}


def _event(
    model: type[db.Base], moment: Moment, change_sets: Mapping[int, Any], start: str
) -> dict[str, Any]:
    number, at, role = moment
    change_set = change_sets.get(number) if number is not None else None
    if change_set is None:
        who = speech().gettext("Outside this admin") + (f" ({role})" if role else "")
        return {"who": who, "what": "", "when": formatters.instant(at, speech()), "url": None}
    return {
        "who": stored_sentences.in_language("author_name", change_set.author_name, speech()),
        "what": _what(model, change_set),
        "when": formatters.instant(at, speech()),
        "url": f"{start}?id={change_set.id}",
    }


def _what(model: type[db.Base], change_set: Any) -> str:
    parts = [labels.word(row_codec.table_of(ChangeSet).c.kind, change_set.kind, speech())]
    if change_set.action in {"update", "close"}:
        parts.append(displayed_values.names_of_columns(model, change_set.after))
    if change_set.reason:
        reason = stored_sentences.in_language("reason", change_set.reason, speech())
        parts.append(speech().quoted(str(reason)))
    return " · ".join(filter(None, parts))
