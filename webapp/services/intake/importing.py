"""Import a file: bytes become rows, rows a proposal, a proposal a change set; each step can be looked at first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from webapp import db
from webapp.files.rows import MasterList
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile
from webapp.rules.findings import Finding
from webapp.services.changes import door, proposing, row_codec, row_writing
from webapp.services.changes.feeds.applying import Feed
from webapp.services.changes.following import stewards_words
from webapp.services.changes.proposals import Author, Intent, Refused
from webapp.services.changes.row_writing import OnRows
from webapp.services.checking import feed_findings, findings
from webapp.services.intake import file_findings, kinds, mending, misfits, received_files, steward_corrections
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.looking import feeding
from webapp.services.intake.looking.feeding import Edits
from webapp.services.intake.looking.previews import MOST_KEPT, Preview, Request
from webapp.services.queueing import deferring

__all__ = [
    "APPLY", "AnotherImport", "OnRows", "Preview", "Request", "carry_out", "confirm", "confirm_later", "decline",
    "decline_forgotten", "preview", "submit",
]  # fmt: skip

# The job that writes an import which was compared before.
APPLY = "apply import"

# One import at a time compares and writes a table; the seed keeps the lock apart from others.
TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:table, 8697))")


class AnotherImport(Exception):
    """Somebody else's import of the same table is being compared or written."""


def preview(request: Request, on_rows: OnRows = row_writing.in_silence) -> Preview:
    """Read a file and compare it with the table of its kind.

    Raises WrongFile where the file as a whole is not to be taken, UnknownKind where no kind is called so, and
    AnotherImport where somebody else is at it.
    """
    kind = kinds.named(request.kind)
    if kind.model is not None:
        _take_turn(kind.model)
    of_feed = feeding.preview(kind, request, on_rows)
    if isinstance(of_feed, Preview):
        if kind.model is None:
            _take_turn(of_feed.model)
        return of_feed
    if of_feed is None:
        request = replace(request, content=feeding.whole(request.content))
        of_feed = _whole(kind, request)
    elif kind.model is None:
        _take_turn(of_feed.model)
    return replace(_of_items(kind, request, of_feed, on_rows), seen=of_feed.seen)


def _whole(kind: ImportKind, request: Request) -> Edits:
    """What a file that is read whole asks for."""
    listing = _read(kind, request)
    model = kind.table_of(listing)
    if kind.model is None:
        _take_turn(model)
    misfits.refuse_to_come(listing.as_of_on)
    misfits.refuse_older(kind, listing.as_of_on)
    stored = _stored(model) if kind.stored is None else kind.stored(listing)
    return Edits(model, listing, kind.merge(listing, stored), stored)


def _of_items(kind: ImportKind, request: Request, edits: Edits, on_rows: OnRows) -> Preview:
    """What a file asks for as a proposal."""
    model, listing, merge = edits.model, edits.listing, edits.merge
    kept: list[Finding] = []
    others = [wish for wish in merge.wishes if wish.model is not model]
    by_model = {**proposing.fetch_all(others), model: edits.stored}
    respected = steward_corrections.respecting(by_model, merge.wishes, kept, on_rows)
    wishes = merge.wishes if kind.is_by_hand else respected
    source = f"{listing.source or kind.source} ({listing.as_of_on.isoformat()})"
    how = "edit" if kind.is_by_hand else "import"
    intent = Intent(how, request.author, request.reason, source, as_of_on=listing.as_of_on)
    proposal = proposing.propose(wishes, intent, stored=by_model, is_partial=True)
    proposal.unchanged += edits.unchanged
    refused = [*map(listing.placed, (*listing.bad_rows, *file_findings.refused_rows(merge, proposal)))]
    if not kind.is_by_hand:
        misfits.refuse_most(refused, listing)
    remarks = [*file_findings.of_list(listing), *merge.remarks]
    reasons = merge.closed, merge.left_alone, merge.repeated
    says = steward_corrections.source_says(kind.origin, merge, kept)
    return Preview(request, kind, listing, proposal, refused, *reasons, kept, remarks, says=says)


def _read(kind: ImportKind, request: Request) -> MasterList[Any]:
    assert isinstance(request.content, bytes)
    listing = replace(mending.read(kind, request.content, request.name, request.code), asked=request.asked)
    listing = replace(listing, is_whole=request.is_whole and not listing.is_part)
    return listing if kind.understand is None else kind.understand(listing)


def submit(preview: Preview) -> ChangeSet | None:
    """Store the file and what it would do; None where nothing would change.

    Of a feed it has to be the transaction of its preview.
    """
    _receive(preview)
    if preview.is_empty:
        findings.compare(preview.kind.origin, preview.says)
        _tell(preview, None)
        return None
    if preview.feed is not None:
        return _tell(preview, door.store_feed(_feed(preview)))
    change_set = door.store(preview.proposal)
    change_set.counts = preview.counts | {"left_out": dict(preview.listing.left_out)}
    # The kept and refused rows belong to the record as much as the changed ones, as far as a page can show them.
    change_set.findings = [finding.as_json() for finding in preview.findings[:MOST_KEPT]]
    change_set.source_says = preview.says or None
    db.session.flush()
    return change_set


def carry_out(preview: Preview, on_rows: OnRows = row_writing.in_silence) -> ChangeSet | None:
    """Store and write what a preview of this very transaction has compared; None where nothing would change.

    Raises what `door.settle` returns; then nothing is written.
    """
    if preview.feed is None:
        change_set = submit(preview)
        if change_set is not None:
            confirm(change_set.id, preview.request.author, on_rows)
        return change_set
    if preview.is_empty:
        return submit(preview)
    _receive(preview)
    return _tell(preview, door.write_feed(_feed(preview), on_rows))


def confirm(number: int, by: Author, on_rows: OnRows = row_writing.in_silence) -> None:
    """Approve and apply a submitted import. Raises what `door.settle` returns; then nothing is written.

    What stewards did to its rows meanwhile stays, and is remarked on; over what a person has typed nobody's word
    stands, so that a field of theirs that has moved refuses the whole. Refused where this file, or a later list of its
    kind, has been imported since it was compared.
    """
    change_set = db.session.get_one(ChangeSet, number)
    file = change_set.import_file
    if file is not None and (reason := _overtaken(change_set, file)):
        raise Refused([reason])
    if change_set.feed is not None:
        _take_turn(row_codec.model_of(change_set.table_name))
        door.decide_feed(number, by, holding=steward_corrections.hold_in_feed, on_rows=on_rows)
        assert file is not None
        feed_findings.tell_of_waiting(change_set, kinds.named(file.kind).origin)
        return
    is_typed = file is not None and kinds.named(file.kind).is_by_hand
    keeping = None if is_typed else stewards_words.respect
    door.decide(number, by, keeping=keeping, on_rows=on_rows)
    if file is not None and change_set.source_says:
        findings.compare(kinds.named(file.kind).origin, change_set.source_says, number)


def confirm_later(number: int, by: Author) -> int:
    """Let a worker do what `confirm` does, once this transaction is committed; the job's number.

    Raises WaitsAlready.
    """
    return deferring.defer(APPLY, by, {}, change_set_id=number)


def decline(number: int, by: Author) -> None:
    """End a submitted import without writing anything."""
    door.decline(number, by)
    deferring.cancel_of(number)


def decline_forgotten() -> int:
    """Decline imports that nobody decided on within a day, so that their files do not stay; how many there were."""
    oldest = datetime.now(UTC) - timedelta(days=1)
    forgotten = select(ChangeSet.id).where(
        ChangeSet.import_file_id.is_not(None),
        ChangeSet.status == "proposed",
        ChangeSet.created_at < oldest,
        ~deferring.is_waited_for(ChangeSet.id),
    )
    numbers = db.session.scalars(forgotten).all()
    for number in numbers:
        decline(number, Author("worker"))
    return len(numbers)


def _receive(preview: Preview) -> None:
    """Store the file, and let the proposal name it."""
    request, feed = preview.request, preview.feed
    of_feed = None if feed is None else received_files.Seen(feed.sha256, feed.size_bytes)
    content = preview.seen or of_feed or request.brought or request.content
    assert not isinstance(content, Path)
    file = received_files.store(
        preview.kind, request.name, content, author=request.author, as_of_on=preview.listing.as_of_on
    )
    preview.proposal.intent = replace(preview.proposal.intent, import_file_id=file.id)
    for one in preview.enclosed:
        of_kind = kinds.named(preview.kind.encloses or "")
        received_files.store(of_kind, one.name, one.content, author=request.author, as_of_on=one.as_of_on)


def _tell(preview: Preview, change_set: ChangeSet | None) -> ChangeSet | None:
    """Let findings hold what a feed says against stored rows, as soon as it is written."""
    if preview.feed is not None:
        feed_findings.tell(preview.feed.plan, preview.kind.origin, change_set)
    return change_set


def _feed(preview: Preview) -> Feed:
    feed = preview.feed
    assert feed is not None
    counts = preview.counts | {"left_out": dict(preview.listing.left_out)}
    return Feed(
        feed.plan,
        preview.proposal.intent,
        feed.reader,
        feed.sha256,
        feed.summed,
        counts,
        preview.findings[:MOST_KEPT],
    )


def _stored(model: type[db.Base]) -> dict[row_codec.Key, dict[str, Any]]:
    rows = db.session.execute(select(row_codec.table_of(model))).mappings()
    values_of_rows = ({str(name): value for name, value in row.items()} for row in rows)
    return {row_codec.key_of(model, values): values for values in values_of_rows}


def _take_turn(model: type[db.Base]) -> None:
    if not db.session.scalar(TURN, {"table": row_codec.table_of(model).name}):
        raise AnotherImport


def _overtaken(change_set: ChangeSet, file: ImportFile) -> Finding | None:
    """Why a list that waited is not to be written any more."""
    feed = kinds.named(file.kind).feed
    if change_set.feed is not None and (feed is None or feed.reader != change_set.feed["reader"]):
        return Finding(None, "files of this kind are read otherwise since; import it again")
    again = select(ChangeSet.id).where(
        ChangeSet.import_file_id == file.id,
        ChangeSet.id != change_set.id,
        ChangeSet.status == "applied",
        ChangeSet.applied_at > change_set.created_at,
    )
    number = db.session.scalar(again.limit(1))
    if number is not None:
        return Finding(
            None, "the same file has been imported since, as change set %(number)s", {"number": number}
        )
    newest = received_files.newest_list(file.kind) if kinds.named(file.kind).is_list else None
    if newest is not None and file.as_of_on is not None and file.as_of_on < newest:
        day = newest.isoformat()
        return Finding(None, "a later list, of %(day)s, has been imported since", {"day": day})
    return None
