"""Store a proposal as a change set and decide on it: proposed, then approved or rejected."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.rules import change
from webapp.services.changes import (
    database_refusals,
    file_bytes,
    policy,
    proposals,
    row_codec,
    row_sql,
    sittings,
)
from webapp.services.changes.proposals import Author, Intent, Item, KeyOf, Proposal
from webapp.services.changes.stored import change_sets

MOST_FINDINGS = 1000
OF_ROW = f"{row_sql.OF_ITEMS} AND i.row_key = :key"
# Of a row that changes twice, what was stored stands before, and what it is in the end behind.
TWICE = "UPDATE change_set_items i SET before = CAST(:before AS jsonb) || i.before"
OF_CHANGED = text(
    f"{TWICE}, after = i.after || CAST(:after AS jsonb) WHERE {OF_ROW} AND i.action <> 'create'"
)
OF_NEW = text(
    f"UPDATE change_set_items i SET after = i.after || CAST(:after AS jsonb) WHERE {OF_ROW} AND i.action = 'create'"
)
GOING = text(f"{TWICE}, after = '{{}}', action = 'delete' WHERE {OF_ROW} AND i.action <> 'create'")
NEVER_THERE = text(f"DELETE FROM change_set_items i WHERE {OF_ROW} AND i.action = 'create'")
# The unique index that makes a form which was sent twice one change set.
OF_SAVE_TOKENS = "ix_change_sets_save_token"


class SavedAlready(Exception):
    """A change set was made with this form's token before; the transaction has to be rolled back."""


class NotPending(Exception):
    """The change set was decided already."""


class NotYours(Exception):
    """The policy asks for somebody else to decide."""


def submit(proposal: Proposal, *, is_let_through: bool = False) -> ChangeSet:
    """Store a proposal with an item per row, as `proposed`, or as `applied` where the policy lets it through.

    Rows to be made get their numbers here. Raises SavedAlready. Of two that come at the same moment with one token,
    the second waits here until the first is committed.
    """
    numbers = _numbers(proposal.items)
    documents = [_as_json(item, numbers) for item in proposal.items]
    change_set = _of(proposal, digest=proposals.digest_of(documents))
    if proposal.intent.is_of_cell and is_let_through:
        sittings.join(change_set)
    begin(change_set, _rows(proposal.items, documents), is_let_through=is_let_through)
    return change_set


def begin(change_set: ChangeSet, rows: Sequence[Mapping[str, Any]] = (), *, is_let_through: bool) -> None:
    """Store the head of a change set and these rows of items; others may be added in this very transaction.

    Raises SavedAlready.
    """
    if is_let_through:
        # Whoever lets it through writes the rows in this transaction too, so it is stored as what it will be.
        _mark(change_set, "applied", change.POLICY)
        change_set.applied_at = change_set.decided_at
    try:
        change_sets.store(change_set, rows, is_written_now=is_let_through)
    except IntegrityError as error:
        if database_refusals.constraint_of(error) == OF_SAVE_TOKENS:
            raise SavedAlready from error
        raise


def add_items(change_set: ChangeSet, items: Sequence[Item]) -> None:
    """Store further items behind those of a stored change set."""
    if not items:
        return
    numbers = _numbers(items)
    documents = [_as_json(item, numbers) for item in items]
    change_sets.add(change_set.id, _rows(items, documents, offset=next_place(change_set)))


def next_place(change_set: ChangeSet) -> int:
    """The first place behind the items of a stored change set."""
    last = select(func.max(ChangeSetItem.position)).where(ChangeSetItem.change_set_id == change_set.id)
    place = db.session.scalar(last)
    return 0 if place is None else place + 1


def change_items(change_set: ChangeSet, items: Iterable[Item]) -> None:
    """Let the stored items of these rows lead to what becomes of the rows in the end; no row goes that is to come."""
    for item in items:
        document = item.as_json()
        facts: dict[str, Any] = {name: json.dumps(document[name]) for name in ("before", "after")}
        facts |= {
            "id": change_set.id,
            "table": row_codec.table_of(item.model).name,
            "key": document["row_key"],
        }
        for statement in (GOING, NEVER_THERE) if item.action == change.DELETE else (OF_CHANGED, OF_NEW):
            db.session.execute(statement, facts)


def _rows(
    items: Sequence[Item], documents: Sequence[dict[str, Any]], *, offset: int = 0
) -> list[dict[str, Any]]:
    return [
        {
            **document,
            "position": position,
            "table_name": row_codec.table_of(item.wish.model).name,
            "label_text": item.label[:400],
            "findings": [finding.as_json() for finding in item.findings],
        }
        for position, (item, document) in enumerate(zip(items, documents, strict=True), start=offset)
    ]


def _of(proposal: Proposal, digest: str) -> ChangeSet:
    change_set = head_of(proposal.intent, [row_codec.table_of(model).name for model in proposal.models])
    change_set.counts = proposal.counts
    change_set.findings = [finding.as_json() for finding in proposal.findings[:MOST_FINDINGS]]
    change_set.digest = digest
    return change_set


def head_of(intent: Intent, tables: Sequence[str]) -> ChangeSet:
    """What an intent says, as the head of a change set of rows of these tables, those that others refer to first."""
    return ChangeSet(
        kind=intent.kind,
        table_name=tables[0],
        other_tables=list(tables[1:]) or None,
        status="proposed",
        author_id=intent.author.user_id,
        author_name=intent.author.name,
        reason=intent.reason,
        source=intent.source,
        import_file_id=intent.import_file_id,
        save_token=intent.save_token,
        undoes_id=intent.undoes_id,
        counts={},
        findings=[],
        digest="",
    )


def _numbers(items: Iterable[Item]) -> dict[int, int]:
    """A number for every row that is to be made, by the identity of its wish."""
    new: dict[type[db.Base], list[int]] = {}
    for item in items:
        if item.key is None:
            new.setdefault(item.wish.model, []).append(id(item.wish))
    numbers: dict[int, int] = {}
    for model, wishes in new.items():
        numbers.update(zip(wishes, _next_numbers(model, len(wishes)), strict=True))
    return numbers


def _next_numbers(model: type[db.Base], how_many: int) -> list[int]:
    (key,) = row_codec.key_columns(model)
    statement = text(
        "SELECT nextval(sequence) FROM (SELECT pg_get_serial_sequence(:table, :key)::regclass AS sequence OFFSET 0) s,"
        " generate_series(1, :how_many)"
    )
    facts = {"table": row_codec.table_of(model).name, "key": key.name, "how_many": how_many}
    return sorted(db.session.scalars(statement, facts))


def _as_json(item: Item, numbers: Mapping[int, int]) -> dict[str, Any]:
    """An item as JSON, with the numbers of its own row and of those that it refers to."""
    document = _without_references(item, numbers).as_json()
    if item.key is None:
        document["row_key"] = str(numbers[id(item.wish)])
    return document


def _without_references(item: Item, numbers: Mapping[int, int]) -> Item:
    if not item.wish.has_references:
        return item

    def known(value: Any) -> Any:
        return numbers[id(value.wish)] if isinstance(value, KeyOf) else value

    key = None if item.key is None else tuple(map(known, item.key))
    return replace(item, key=key, after={name: known(value) for name, value in item.after.items()})


def approve(change_set: ChangeSet, by: Author) -> None:
    """Let a proposed change set be applied. Raises NotPending, and NotYours where the author's word is not enough."""
    _decide(change_set, "approved", by)


def reject(change_set: ChangeSet, by: Author) -> None:
    """End a proposed change set without writing anything."""
    _decide(change_set, "rejected", by)
    file_bytes.forget_of(change_set)


def _decide(change_set: ChangeSet, status: str, by: Author) -> None:
    db.lock(change_set)
    if change_set.status != "proposed":
        raise NotPending(f"change set {change_set.id} is {change_set.status}")
    if policy.is_somebody_else(by, change_set.author_id):
        _mark(change_set, status, change.PERSON, by.user_id)
    elif status == "rejected" or policy.lets_through(by, _kind_of(change_set)):
        _mark(change_set, status, change.POLICY)
    else:
        raise NotYours(f"change set {change_set.id} waits for somebody else")
    db.session.flush()


def _kind_of(change_set: ChangeSet) -> str:
    file = change_set.import_file
    return policy.kind_of(change_set.kind, None if file is None else file.kind)


def _mark(change_set: ChangeSet, status: str, how: str, decided_by_id: int | None = None) -> None:
    change_set.status = status
    change_set.decided_how = how
    change_set.decided_by_id = decided_by_id
    change_set.decided_at = datetime.now(UTC)
