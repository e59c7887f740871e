"""What happened to a record: its old versions and the change sets that ended them, newest first, as short sentences."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import and_, select

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.columns import Curated
from webapp.models.row_version import RowVersion
from webapp.screens import facts, formatters, keys, labels
from webapp.services import encoding

MOST = 20


def of_row(row: Any) -> list[dict[str, Any]]:
    """The latest events of a curated record: who, what, when, url. At most two statements."""
    if not isinstance(row, Curated) or not isinstance(row, db.Base):
        return []
    model = type(row)
    key = encoding.row_key(keys.of_row(row))
    versions = _versions(model, key)
    moments = [(v.ended_by_change_set_id, v.valid_to, v.ended_by_role) for v in versions]
    if len(versions) < MOST:
        moments.append(_beginning(row, versions))
    change_sets, items = _change_sets(model, key, [number for number, _at, _role in moments])
    return [_event(model, moment, change_sets, items) for moment in moments]


Moment = tuple[int | None, datetime, str]


def _versions(model: type[db.Base], key: str) -> Sequence[RowVersion]:
    table = encoding.table_of(model).name
    wanted = select(RowVersion).where(RowVersion.table_name == table, RowVersion.row_key == key)
    return db.session.scalars(
        wanted.order_by(RowVersion.valid_to.desc(), RowVersion.id.desc()).limit(MOST)
    ).all()


def _beginning(row: Curated, versions: Sequence[RowVersion]) -> Moment:
    """When the record was made: its first old version knows, or the row itself where it never changed."""
    if not versions:
        return row.change_set_id, row.changed_at, ""
    first = versions[-1]
    return first.row_data.get("change_set_id"), first.valid_from, ""


def _change_sets(
    model: type[db.Base], key: str, numbers: Sequence[int | None]
) -> tuple[dict[int, ChangeSet], dict[int, ChangeSetItem]]:
    wanted = [number for number in numbers if number is not None]
    if not wanted:
        return {}, {}
    of_row = and_(
        ChangeSetItem.change_set_id == ChangeSet.id,
        ChangeSetItem.table_name == encoding.table_of(model).name,
        ChangeSetItem.row_key == key,
    )
    told = select(ChangeSet, ChangeSetItem).outerjoin(ChangeSetItem, of_row).where(ChangeSet.id.in_(wanted))
    found = db.session.execute(told).all()
    return {one.id: one for one, _item in found}, {one.id: item for one, item in found if item is not None}


def _event(
    model: type[db.Base],
    moment: Moment,
    change_sets: Mapping[int, ChangeSet],
    items: Mapping[int, ChangeSetItem],
) -> dict[str, Any]:
    number, at, role = moment
    change_set = change_sets.get(number) if number is not None else None
    if change_set is None:
        who = gettext("Outside this admin") + (f" ({role})" if role else "")
        return {"who": who, "what": "", "when": formatters.instant(at), "url": None}
    return {
        "who": change_set.author_name,
        "what": _what(model, change_set, items.get(change_set.id)),
        "when": formatters.instant(at),
        "url": url_for("change_sets.details_view", id=change_set.id),
    }


def _what(model: type[db.Base], change_set: ChangeSet, item: ChangeSetItem | None) -> str:
    parts = [labels.word(encoding.table_of(ChangeSet).c.kind, change_set.kind)]
    if item is not None and item.action in ("update", "close"):
        parts.append(facts.names_of_columns(model, item.after))
    if change_set.reason:
        parts.append(f"“{change_set.reason}”")
    return " · ".join(filter(None, parts))
