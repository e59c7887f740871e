"""Know a form that was sent twice: the change set that its token made, and whether it wanted the same."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.row_version import RowVersion
from webapp.rules import change
from webapp.services.changes import references, row_codec, row_conflicts
from webapp.services.changes.proposals import KeyOf, Wish
from webapp.services.changes.row_codec import Key


def earlier(save_token: str | None) -> ChangeSet | None:
    """The change set that a form with this token made, if any."""
    if save_token is None:
        return None
    return db.session.scalar(select(ChangeSet).where(ChangeSet.save_token == save_token))


def is_same(change_set: ChangeSet, wishes: Sequence[Wish]) -> bool:
    """Whether a change set left its rows as these wishes want them."""
    if len(_asked_for(change_set, wishes)) != len(wishes):
        return False
    keys: dict[int, Key] = {}
    for wish, item in _paired(change_set, wishes):
        if item is None or item.action != wish.action:
            return False
        keys[id(wish)] = row_codec.key_from(wish.model, item.row_key or "")
        values = {name: _known(value, keys) for name, value in wish.values.items()}
        if not _is_left_by(item, wish, values):
            return False
    return True


def _asked_for(change_set: ChangeSet, wishes: Sequence[Wish]) -> list[ChangeSetItem]:
    """The items of a change set without those that only follow from others."""
    models = {wish.model for wish in wishes}
    by_model = ((row_codec.model_of(item.table_name), item) for item in change_set.items)
    return [item for model, item in by_model if model in models or not model.follows_others]


def _paired(change_set: ChangeSet, wishes: Sequence[Wish]) -> Iterator[tuple[Wish, ChangeSetItem | None]]:
    """Each wish with the item of its row; new rows, which had no key to wish for, in the order of the wishes."""
    items = {(item.table_name, item.row_key): item for item in change_set.items}
    created = [item for item in change_set.items if item.action == change.CREATE]
    for wish in references.sorted_by(wishes, lambda wish: wish.model):
        table_name = row_codec.table_of(wish.model).name
        if wish.action == change.CREATE:
            item = next((item for item in created if item.table_name == table_name), None)
            created = [other for other in created if other is not item]
        else:
            item = items.get((table_name, row_codec.row_key(wish.key or ())))
        yield wish, item


def _known(value: Any, keys: Mapping[int, Key]) -> Any:
    """A value as it was stored; what refers to a row that is none of these is like nothing that is stored."""
    return keys.get(id(value.wish), (value,))[0] if isinstance(value, KeyOf) else value


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


def _is_left_by(item: ChangeSetItem, wish: Wish, values: Mapping[str, Any]) -> bool:
    """Whether the row was left as wanted; what others had changed, and the form did not, stayed as they made it."""
    if item.action == change.DELETE:
        return True
    after = row_codec.decode(wish.model, item.after)
    left = {**before(item, wish.model), **after}
    otherwise = {name for name, value in values.items() if name not in left or left[name] != value}
    if not otherwise or otherwise & after.keys() or wish.key is None:
        return not otherwise
    seen = row_conflicts.as_seen(wish.model, wish.key, wish.base_version) or {}
    return all(name in seen and seen[name] == values[name] for name in otherwise)
