"""Store a proposal as a change set and decide on it: proposed, then approved or rejected."""

from datetime import UTC, datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.services.changes import database_refusals, file_bytes, proposals, row_codec
from webapp.services.changes.proposals import Author, Proposal

CHUNK = 2000
# The unique index that makes a form which was sent twice one change set.
OF_SAVE_TOKENS = "ix_change_sets_save_token"


class SavedAlready(Exception):
    """A change set was made with this form's token before; the transaction has to be rolled back."""


class NotPending(Exception):
    """The change set was decided already."""


def submit(proposal: Proposal, *, approved_by: Author | None = None) -> ChangeSet:
    """Store a proposal with an item per row, as `proposed`, or as `approved` where somebody does so at once.

    Raises SavedAlready. Of two that come at the same moment with one token, the second waits here until the first is
    committed.
    """
    documents = [item.as_json() for item in proposal.items]
    change_set = _of(proposal, digest=proposals.digest_of(documents))
    if approved_by is not None:
        _mark(change_set, "approved", approved_by)
    db.session.add(change_set)
    try:
        db.session.flush()
    except IntegrityError as error:
        if database_refusals.constraint_of(error) == OF_SAVE_TOKENS:
            raise SavedAlready from error
        raise
    rows = [
        {
            **document,
            "change_set_id": change_set.id,
            "position": position,
            "table_name": change_set.table_name,
            "label_text": item.label[:400],
            "findings": [finding.as_json() for finding in item.findings],
        }
        for position, (item, document) in enumerate(zip(proposal.items, documents, strict=True))
    ]
    for start in range(0, len(rows), CHUNK):
        db.session.execute(insert(row_codec.table_of(ChangeSetItem)), rows[start : start + CHUNK])
    return change_set


def _of(proposal: Proposal, digest: str) -> ChangeSet:
    intent = proposal.intent
    return ChangeSet(
        kind=intent.kind,
        table_name=row_codec.table_of(proposal.model).name,
        status="proposed",
        author_id=intent.author.user_id,
        author_name=intent.author.name,
        reason=intent.reason,
        source=intent.source,
        import_file_id=intent.import_file_id,
        save_token=intent.save_token,
        undoes_id=intent.undoes_id,
        counts=proposal.counts,
        findings=[finding.as_json() for finding in proposal.findings[:1000]],
        digest=digest,
    )


def approve(change_set: ChangeSet, by: Author) -> None:
    """Let a proposed change set be applied. In this policy a steward's own word is enough."""
    _decide(change_set, "approved", by)


def reject(change_set: ChangeSet, by: Author) -> None:
    """End a proposed change set without writing anything."""
    _decide(change_set, "rejected", by)
    file_bytes.forget_of(change_set)


def _decide(change_set: ChangeSet, status: str, by: Author) -> None:
    db.session.refresh(change_set, with_for_update=True)
    if change_set.status != "proposed":
        raise NotPending(f"change set {change_set.id} is {change_set.status}")
    _mark(change_set, status, by)
    db.session.flush()


def _mark(change_set: ChangeSet, status: str, by: Author) -> None:
    change_set.status = status
    change_set.decided_by_id = by.user_id
    change_set.decided_at = datetime.now(UTC)
