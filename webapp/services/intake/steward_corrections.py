"""Keep what stewards corrected: an import never writes over a steward's value, it reports the difference."""

from collections.abc import Iterator, Sequence
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

BY_HAND = ("create", "edit")


def stewards_values(model: type[db.Base], stored: Stored) -> dict[row_codec.Key, dict[str, Any]]:
    """By key, the fields that a steward set by hand and that still hold what the steward set."""
    by_text = {row_codec.row_key(key): key for key in stored}
    values_by_key: dict[row_codec.Key, dict[str, Any]] = {}
    for row_key, after in db.session.execute(
        select(ChangeSetItem.row_key, ChangeSetItem.after)
        .join(ChangeSet)
        .where(
            ChangeSetItem.table_name == row_codec.table_of(model).name,
            ChangeSetItem.action.in_((change.CREATE, change.UPDATE, change.CLOSE)),
            ChangeSet.kind.in_(BY_HAND),
            ChangeSet.status == "applied",
        )
    ):
        key = by_text.get(row_key or "")
        if key is None:
            continue
        for name, value in row_codec.decode(model, after).items():
            if value is not None and stored[key].get(name) == value:
                values_by_key.setdefault(key, {})[name] = value
    return values_by_key


def respect(
    model: type[db.Base], wishes: Sequence[Wish], stored: Stored
) -> Iterator[tuple[Wish, list[Finding]]]:
    """Each wish without the fields in which it would write over a steward's value, and a remark for each of those."""
    corrected = stewards_values(model, stored)
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
        action = change.UPDATE if wish.action == change.CLOSE and "listing_status" in against else wish.action
        yield Wish(model, action, values, wish.key, wish.base_version, wish.line), remarks
