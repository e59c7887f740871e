"""What happened to a record: its old versions and the change sets that ended them, newest first, before and after."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, select

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.columns import Curated
from webapp.models.row_version import RowVersion
from webapp.rules import change
from webapp.screens.record import change_set_pages, displayed_values
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import formatters, keys, labels, stored_sentences

MOST = 20
MOST_FIELDS = 5
# The change set, when, and the role in the database.
Moment = tuple[int | None, datetime, str]


def of_row(row: Any) -> list[dict[str, Any]]:
    """The latest events of a curated record: who, what, when, url, fields, more."""
    if not isinstance(row, Curated) or not isinstance(row, db.Base):
        return []
    model = type(row)
    key = row_codec.row_key(keys.of_row(row))
    versions = _versions(model, key)
    moments: list[Moment] = [(v.ended_by_change_set_id, v.valid_to, v.ended_by_role) for v in versions]
    if len(versions) < MOST:
        moments.append(_beginning(row, versions))
    change_sets = _change_sets(model, key, [number for number, _at, _role in moments])
    differences = _differences(model, change_sets)
    return [_event(moment, change_sets, differences) for moment in moments]


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
    item = (ChangeSetItem.action, ChangeSetItem.position, *map(_if_changed, ("before", "after")))
    change_sets = select(*header, *item).outerjoin(ChangeSetItem, of_row)
    return {one.id: one for one in db.session.execute(change_sets.where(ChangeSet.id.in_(known)))}


def _if_changed(name: str) -> Any:
    """The values of an item before or after, where the row was there and stayed: a new one is its own page."""
    values = getattr(ChangeSetItem, name)
    return case((ChangeSetItem.action.in_((change.UPDATE, change.CLOSE)), values)).label(name)


def _differences(
    model: type[db.Base], change_sets: Mapping[int, Any]
) -> dict[int, list[displayed_values.Difference]]:
    """Fields before and after, by the number of the change set."""
    changes = [
        displayed_values.Change(model, one.before, one.after)
        for one in change_sets.values()
        if one.after is not None
    ]
    numbers = [one.id for one in change_sets.values() if one.after is not None]
    return dict(zip(numbers, displayed_values.of_changes(changes), strict=True))


def _event(moment: Moment, change_sets: Mapping[int, Any], differences: Mapping[int, Any]) -> dict[str, Any]:
    number, at, role = moment
    change_set = change_sets.get(number) if number is not None else None
    if change_set is None:
        who = speech().gettext("Outside this admin") + (f" ({role})" if role else "")
        return {"who": who, "what": "", "when": formatters.instant(at, speech()), "url": None}
    fields = differences.get(change_set.id, [])
    return {
        "who": stored_sentences.in_language("author_name", change_set.author_name, speech()),
        "what": _what(change_set),
        "when": formatters.instant(at, speech()),
        "url": change_set_pages.address_of_item(change_set.id, change_set.position),
        "fields": fields[:MOST_FIELDS],
        "more": max(0, len(fields) - MOST_FIELDS),
    }


def _what(change_set: Any) -> str:
    parts = [labels.word(row_codec.table_of(ChangeSet).c.kind, change_set.kind, speech())]
    if change_set.reason:
        reason = stored_sentences.in_language("reason", change_set.reason, speech())
        parts.append(speech().quoted(str(reason)))
    return " · ".join(parts)
