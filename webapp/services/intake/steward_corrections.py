"""Keep what stewards corrected: an import never writes over a steward's value, it reports the difference."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key
from webapp.services.intake import file_findings

# What people do to single rows, and what takes it back or brings it again.
BY_HAND = ("create", "edit", "delete", "undo")
CHUNK = 5000


def stewards_values(
    model: type[db.Base], stored: Stored, keys: Iterable[Key]
) -> dict[Key, Mapping[str, Any]]:
    """Of these rows, by key, the fields that a steward set by hand and that still hold what the steward set.

    What somebody set is what they changed: in a new row from the column's default, in a stored one from what it held,
    a value that they cleared included. What was undone is as it was before.
    """
    decided: dict[Key, Mapping[str, Any]] = {}
    in_turn = list(keys)
    for start in range(0, len(in_turn), CHUNK):
        of_part = _decided(model, in_turn[start : start + CHUNK])
        for key, values in of_part.items():
            held = {name: value for name, value in values.items() if stored[key].get(name) == value}
            if held:
                decided[key] = held
    return decided


def _decided(model: type[db.Base], keys: Sequence[Key]) -> dict[Key, Mapping[str, Any]]:
    """What has been set by hand in each of these rows, whether or not it still stands there."""
    by_text = {row_codec.row_key(key): key for key in keys}
    decided: dict[Key, Mapping[str, Any]] = {}
    # What had been set in a row before a change set touched it; its undoing leads back there.
    earlier: dict[tuple[Key, int], Mapping[str, Any]] = {}
    for item in _touching(model, list(by_text)):
        key = by_text[item.row_key]
        before = earlier[key, item.change_set_id] = decided.get(key, {})
        after = row_codec.decode(model, item.after)
        if item.kind == "undo":
            again = earlier.get((key, item.undoes_id), {})
            untouched = {name: value for name, value in before.items() if name not in after}
            decided[key] = untouched | {name: again[name] for name in after if name in again}
        else:
            decided[key] = {**before, **_set_by_hand(model, item.action, after)}
    return decided


def _touching(model: type[db.Base], row_keys: Sequence[str]) -> Iterator[Any]:
    """What people did to these rows, as it was applied."""
    yield from db.session.execute(
        select(
            ChangeSetItem.row_key,
            ChangeSetItem.change_set_id,
            ChangeSetItem.action,
            ChangeSetItem.after,
            ChangeSet.kind,
            ChangeSet.undoes_id,
        )
        .join(ChangeSet)
        .where(
            ChangeSetItem.table_name == row_codec.table_of(model).name,
            ChangeSetItem.row_key.in_(row_keys),
            ChangeSet.kind.in_(BY_HAND),
            ChangeSet.status == "applied",
        )
        .order_by(ChangeSet.applied_at, ChangeSet.id)
    )


def _set_by_hand(model: type[db.Base], action: str, after: Mapping[str, Any]) -> Mapping[str, Any]:
    if action != change.CREATE:
        return after
    # Whoever makes a row has not decided on what the form began with.
    columns = row_codec.table_of(model).columns
    return {name: value for name, value in after.items() if value != row_codec.default_of(columns[name])}


def respect(
    model: type[db.Base], wishes: Sequence[Wish], stored: Stored
) -> Iterator[tuple[Wish, list[Finding]]]:
    """Each wish without the fields in which it would write over a steward's value, and a remark for each of those."""
    corrected = stewards_values(model, stored, _differing(wishes, stored))
    for wish in wishes:
        values_by_hand = corrected.get(wish.key, {}) if wish.key is not None else {}
        against = [
            name
            for name, value in values_by_hand.items()
            if name in wish.values and wish.values[name] != value
        ]
        if not against:
            yield wish, []
            continue
        values = {name: value for name, value in wish.values.items() if name not in against}
        remarks = [
            Finding(
                name,
                "kept the value entered by hand; the list says %(value)s",
                {"value": wish.values[name]},
                False,
            )
            for name in against
        ]
        of_row = [file_findings.of_wish(remark, wish, stored[wish.key]) for remark in remarks if wish.key]
        action = change.UPDATE if wish.action == change.CLOSE and "listing_status" in against else wish.action
        yield Wish(model, action, values, wish.key, wish.base_version, wish.line), of_row


def _differing(wishes: Iterable[Wish], stored: Stored) -> Iterator[Key]:
    """The rows over which a wish would write at all; of the others nobody needs to know who set them."""
    for wish in wishes:
        if wish.key is not None and any(
            stored[wish.key].get(name) != value for name, value in wish.values.items()
        ):
            yield wish.key
