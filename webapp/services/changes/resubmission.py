"""Know a form that was sent twice: the change set that its token made, and whether it wanted the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.row_version import RowVersion
from webapp.rules import change
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Wanted


def earlier(save_token: str | None) -> ChangeSet | None:
    """The change set that a form with this token made, if any."""
    if save_token is None:
        return None
    return db.session.scalar(select(ChangeSet).where(ChangeSet.save_token == save_token))


def is_same(made: ChangeSet, model: type[db.Base], wanted: Sequence[Wanted]) -> bool:
    """Whether a change set left its rows as these wishes want them."""
    if made.table_name != row_codec.table_of(model).name or len(made.items) != len(wanted):
        return False
    items = {item.row_key: item for item in made.items}
    for wish in wanted:
        if wish.action == change.CREATE:
            item = made.items[0] if len(wanted) == 1 else None
        else:
            item = items.get(row_codec.row_key(wish.key or ()))
        if item is None or item.action != wish.action or not _is_left_by(item, model, wish.values):
            return False
    return True


def before(item: ChangeSetItem, model: type[db.Base]) -> Mapping[str, Any]:
    """The row as it was when a change set touched it; blank where there was none."""
    if item.base_version is None:
        return {}
    kept = db.session.scalar(
        select(RowVersion.row_data).where(
            RowVersion.table_name == item.table_name,
            RowVersion.row_key == item.row_key,
            RowVersion.version == item.base_version,
            RowVersion.ended_by_change_set_id == item.change_set_id,
        )
    )
    return row_codec.decode(model, kept or {})


def _is_left_by(item: ChangeSetItem, model: type[db.Base], values: Mapping[str, Any]) -> bool:
    if item.action == change.DELETE:
        return True
    left = {**before(item, model), **row_codec.decode(model, item.after)}
    return all(name in left and left[name] == value for name, value in values.items())
