"""Let a change set that was stored before stand on the rows of today: somebody has worked on them since.

A row whose own fields did not move is written all the same, as a cell is. Where they moved, whoever calls may say whose
values are kept, and the rest of the row is written; otherwise the change set is refused. The rows are kept from others
from here on, not before: nobody waits while a file is read and a person thinks.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.services.changes import approving, proposing, row_codec, row_sql, row_writing
from webapp.services.changes.following import former_names
from webapp.services.changes.proposals import Author, Intent, Item, Moved, Wish
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key
from webapp.services.changes.row_sql import OF_ITEMS
from webapp.services.changes.row_writing import TableOfItems

# Each wish without the fields that stay as they are, and a remark for each of those.
Keeping = Callable[[type[db.Base], Sequence[Wish], Stored], Iterable[tuple[Wish, list[Finding]]]]


@dataclass(slots=True)
class _Rebased:
    """What became of the items whose rows have moved: written anew, or left out; and what is remarked on them."""

    items: dict[Key, Item] = field(default_factory=dict)
    # What follows from them in other tables.
    following: list[Item] = field(default_factory=list)
    kept: list[Finding] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)


def rebase(change_set: ChangeSet, keeping: Keeping | None = None) -> list[Finding]:
    """Write the items of rows that have moved anew, or leave them out; what is remarked on them.

    Raises Moved where a row is gone, or a field of its own has moved, and nobody says what is kept.
    """
    tables = row_writing.tables(change_set.id)
    with row_sql.planned_for(sum(table.number for table in tables)):
        for table in tables:
            table.lock()
        moved = [(table, items) for table in tables if (items := _moved(table))]
    remarks = []
    for table, items in moved:
        rebased = _rebased(table.model, items, keeping)
        _store(items, table.model, rebased)
        if table.model is Company:
            former_names.forget(change_set.id, [item.row_key for item in items])
        approving.add_items(change_set, rebased.following)
        _count(change_set, len(items) - len(rebased.items), rebased)
        remarks += [*rebased.kept, *rebased.refused]
    change_set.findings = [*change_set.findings, *(finding.as_json() for finding in remarks)][
        : approving.MOST_FINDINGS
    ]
    return remarks


def _moved(table: TableOfItems) -> Sequence[Any]:
    statement = (
        "SELECT i.id, i.row_key, i.action, i.before, i.after, i.label_text"
        f" FROM change_set_items i LEFT JOIN {table.name} t ON {row_sql.same_row(table.model)}"
        f" WHERE {OF_ITEMS} AND i.action <> 'create' AND t.version IS DISTINCT FROM i.base_version"
        " ORDER BY i.position"
    )
    return db.session.execute(text(statement), table.items).all()


def _rebased(model: type[db.Base], items: Sequence[Any], keeping: Keeping | None) -> _Rebased:
    by_key = {row_codec.key_from(model, item.row_key): item for item in items}
    stored = proposing.fetch(model, list(by_key))
    rebased = _Rebased()
    for key in [key for key in by_key if key not in stored]:
        if keeping is None:
            raise Moved()
        message = "“%(record)s” has been deleted meanwhile, and stays so"
        rebased.kept.append(Finding(None, message, {"record": by_key.pop(key).label_text}, is_blocking=False))
    wishes = [_wish(model, key, item) for key, item in by_key.items()]
    respected = list(_respected(model, wishes, stored, keeping))
    for wish, remarks in respected:
        rebased.kept += remarks
        assert wish.key is not None
        _require_unmoved(wish, row_codec.decode(model, by_key[wish.key].before), stored)
    # What is laid over these rows has its own items, where the change set is about it.
    nobody = Intent("import", Author(""))
    proposal = proposing.propose(
        [wish for wish, _remarks in respected],
        nobody,
        stored={model: stored},
        is_partial=keeping is not None,
    )
    rebased.following = [
        item for item in proposal.items if item.model.follows_others and item.model is not model
    ]
    of_model = [item for item in proposal.items if item.model is model]
    rebased.items = {item.key: item for item in of_model if item.key is not None}
    rebased.refused = [
        replace(finding, record=by_key[wish.key].label_text, row_key=row_codec.row_key(wish.key))
        for wish, findings in proposal.refused
        for finding in findings
        if wish.key is not None
    ]
    return rebased


def _wish(model: type[db.Base], key: Key, item: Any) -> Wish:
    after = row_codec.decode(model, item.after)
    silent = row_codec.derived_names(model)
    return Wish(model, item.action, {name: value for name, value in after.items() if name not in silent}, key)


def _respected(
    model: type[db.Base], wishes: Sequence[Wish], stored: Stored, keeping: Keeping | None
) -> Iterator[tuple[Wish, list[Finding]]]:
    if keeping is None:
        yield from ((wish, []) for wish in wishes)
    else:
        yield from keeping(model, wishes, stored)


def _require_unmoved(wish: Wish, before: Any, stored: Stored) -> None:
    """Raise Moved where a field holds neither what it held nor what it is to hold; of a row that goes, any field."""
    assert wish.key is not None
    row = stored[wish.key]
    silent = row_codec.derived_names(wish.model)
    names = (before.keys() - silent) if wish.action == change.DELETE else wish.values.keys()
    if any(row[name] not in (before.get(name), wish.values.get(name, before.get(name))) for name in names):
        raise Moved()


def _store(items: Sequence[Any], model: type[db.Base], rebased: _Rebased) -> None:
    """What is written of these rows now; an item that holds nothing any more goes."""
    numbers = {row_codec.key_from(model, item.row_key): item.id for item in items}
    written = [
        {
            "id": numbers[key],
            "action": item.action,
            "base_version": item.base_version,
            "before": json.dumps(row_codec.encode(item.before)),
            "after": json.dumps(row_codec.encode(item.after)),
        }
        for key, item in rebased.items.items()
    ]
    if written:
        statement = (
            "UPDATE change_set_items SET action = :action, base_version = :base_version,"
            " before = CAST(:before AS jsonb), after = CAST(:after AS jsonb) WHERE id = :id"
        )
        db.session.execute(text(statement), written)
    left_out = [number for key, number in numbers.items() if key not in rebased.items]
    db.session.execute(text("DELETE FROM change_set_items WHERE id = ANY(:left_out)"), {"left_out": left_out})


def _count(change_set: ChangeSet, left_out: int, rebased: _Rebased) -> None:
    """The counts as they are now; only an import counts what it keeps and refuses."""
    counts = {**change_set.counts, **row_writing.counts(row_writing.tables(change_set.id))}
    counts["unchanged"] = change_set.counts.get("unchanged", 0) + left_out - len(rebased.refused)
    for name, findings in (("kept", rebased.kept), ("rejected", rebased.refused)):
        if name in counts:
            counts[name] += len(findings)
    change_set.counts = counts
