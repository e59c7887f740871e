"""Take a long file as a feed: its rows are received and classified in the database, and nothing else is touched."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from webapp import db
from webapp.files import on_disk, scanning
from webapp.files.apart import calling
from webapp.files.encodings import MAX_TEXT_BYTES
from webapp.files.rows import BadRow, MasterList, refuse_most
from webapp.files.scanning import Scan
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.services.changes import row_checks, row_codec, row_labels
from webapp.services.changes.feeds import classifying, electing, moving, receiving, summarizing
from webapp.services.changes.feeds.plan import FeedPlan
from webapp.services.changes.proposals import Intent, Proposal, Wish
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_writing import COMPARING, OnRows
from webapp.services.intake import steward_corrections
from webapp.services.intake.import_kind import FeedKind, ImportKind, RowStream
from webapp.services.intake.looking.previews import MOST_KEPT, FeedCounts, Preview, Request
from webapp.services.intake.merging import Merge
from webapp.services.intake.received_files import Seen

# A file of more rows is a feed; one of as many at most has an item for each row that changes.
MOST_ITEMS = 10_000
LARGEST_FILE = 256 * 1024 * 1024
# So many bytes tell a text from a workbook.
STARTING = 16
# A bar moves on after so many rows.
TICK = 5000
# How much of comparing is over after each step, of a hundred; as measured with prices, whose remarks come last.
UNREPEATED, CLASSIFIED, REFUSED = 5, 35, 45
# Rows of a feed that are remarked on one by one.
MOST_REMARKED = 100

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class _Looked:
    """What has come of a file; `unchanged` rows are as they are stored, `kept` values stay, with the first of them."""

    scan: Scan
    stream: RowStream
    plan: FeedPlan
    merge: Merge
    unchanged: int
    kept: int
    first_kept: list[Finding]


@dataclass(frozen=True, slots=True)
class Edits:
    """What a file asks for, row by row, beside the stored rows by key; others are `unchanged`."""

    model: type[db.Base]
    listing: MasterList[Any]
    merge: Merge
    stored: Stored
    unchanged: int = 0
    seen: Seen | None = None


@contextmanager
def opened(content: bytes | Path) -> Iterator[BinaryIO]:
    """The bytes as a file; raises WrongFile where a path leads to nothing that can be read."""
    if isinstance(content, bytes):
        # Whoever reads apart is handed a file.
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.seek(0)
            yield file
        return
    with on_disk.opened(content, LARGEST_FILE) as file:
        yield file


def whole(content: bytes | Path) -> bytes:
    """All the bytes; raises WrongFile."""
    return content if isinstance(content, bytes) else on_disk.read(content, LARGEST_FILE)


def preview(kind: ImportKind, request: Request, on_rows: OnRows) -> Preview | Edits | None:
    """What a file would do that is a feed, with its rows classified in this transaction; None where it is none.

    A long list in which a person has changed few rows comes to items, as a short one does. Raises WrongFile.
    """
    if kind.feed is None:
        return None
    with opened(request.content) as file:
        if not kind.feed.may_be(file.read(STARTING)) or _is_short(request.content):
            return None
        (scan,) = calling.stream(scanning.parts, file)
        if scan.rows <= MOST_ITEMS:
            return None
        stream, merge = kind.feed.open(file, scan, request.code, request.asked), Merge()
        if stream is None:
            return None
        plan = kind.feed.plan(stream)
        receiving.allow(scan.rows)
        with closing(stream):
            rows = _ticking(kind.feed.rows(stream, merge), scan.rows, on_rows)
            received = receiving.receive(plan, rows)
    stream.require_some()
    out, differing = _classified(kind.feed, plan, stream, on_rows)
    received -= out
    if kind.is_by_hand and differing <= MOST_ITEMS:
        edits = _edits(plan, stream, merge, received, differing)
        if isinstance(request.content, Path):
            edits = replace(edits, seen=Seen(scan.sha256, scan.size_bytes))
        # What is refused is told more exactly by whoever reads the file whole.
        is_whole = bool(stream.refused or merge.refused) and scan.size_bytes <= MAX_TEXT_BYTES
        return None if is_whole else edits
    left = kind.feed.look(plan, stream, merge)
    kept, first_kept = steward_corrections.hold_in_feed(plan)
    classifying.refuse(plan)
    electing.settle(plan)
    on_rows(REFUSED, 100, COMPARING)
    unchanged = received - classifying.number() - left
    seen = _preview(request, kind, _Looked(scan, stream, plan, merge, unchanged, kept, first_kept))
    on_rows(100, 100, COMPARING)
    return seen


def _classified(feed: FeedKind, plan: FeedPlan, stream: RowStream, on_rows: OnRows) -> tuple[int, int]:
    """Compare what was received with what is stored; how many rows stood there twice, and how many differ."""
    on_rows(0, 100, COMPARING)
    out = _take_out_repeated(feed, plan, stream)
    if plan.seen_in is not None:
        moving.lay_over(plan)
    on_rows(UNREPEATED, 100, COMPARING)
    differing = classifying.classify(plan)
    on_rows(CLASSIFIED, 100, COMPARING)
    return out, differing


def _edits(plan: FeedPlan, stream: RowStream, merge: Merge, received: int, differing: int) -> Edits:
    """Few rows that differ, as wishes."""
    stored = {}
    for line, values, row, reason in classifying.edits(plan):
        if row is None:
            wish = Wish(plan.model, change.CREATE, values, line=line)
        else:
            key = row_codec.key_of(plan.model, row)
            wish, stored[key] = Wish(plan.model, change.UPDATE, values, key, row["version"], line), row
        if reason is None:
            merge.wishes.append(wish)
        else:
            merge.refused.append((replace(wish, values=row or values), Finding(None, reason)))
    listing = replace(_listing(stream), rows=range(received), bad_rows=tuple(stream.bad_rows))
    return Edits(plan.model, listing, merge, stored, received - differing)


def _is_short(content: bytes | Path) -> bool:
    """Whether bytes that are held cannot be more rows than are read whole."""
    return isinstance(content, bytes) and max(map(content.count, (b"\n", b"{"))) <= MOST_ITEMS


def _ticking(rows: Iterator[Row], most: int, on_rows: OnRows) -> Iterator[Row]:
    number, next_at = 0, 0
    for row in rows:
        if number >= next_at:
            on_rows(number, most)
            next_at = number + TICK
        yield row
        number += row.count(b"\n") if isinstance(row, bytes) else 1
    # All are read: what they are compared with is still to be looked at.
    on_rows(most, most)


def _take_out_repeated(feed: FeedKind, plan: FeedPlan, stream: RowStream) -> int:
    """Leave one row of each key, and refuse those that say otherwise; how many are out."""
    same, otherwise = receiving.take_out_repeated(plan)
    if same:
        stream.left_out[feed.repeated] += same
    for line in otherwise:
        stream.refuse(feed.otherwise().at(line))
    return same + len(otherwise)


def _preview(request: Request, kind: ImportKind, looked: _Looked) -> Preview:
    stream, summed = looked.stream, summarizing.summary(looked.plan)
    assert kind.feed is not None
    assert stream.last is not None
    counts = FeedCounts(
        plan=looked.plan,
        reader=kind.feed.reader,
        sha256=looked.scan.sha256,
        size_bytes=looked.scan.size_bytes,
        summed=summed,
        taken=stream.total_rows - stream.refused - sum(stream.left_out.values()),
        # As in a short file, what is kept whole is as it is stored.
        unchanged=looked.unchanged + summed.verdicts[change.KEPT],
        refused=stream.refused + summed.verdicts[change.REFUSED],
        kept=looked.kept,
    )
    refused = [*stream.bad_rows, *_bad_rows(looked.plan)][:MOST_KEPT]
    refuse_most(counts.refused, stream.total_rows - sum(stream.left_out.values()), refused)
    source = f"{stream.source} ({stream.last.isoformat()})"
    nothing = Proposal(Intent("import", request.author, request.reason, source), [])
    left_alone = looked.merge.left_alone + summed.left
    return Preview(
        request,
        kind,
        _listing(stream),
        nothing,
        refused,
        closed=Counter(),
        left_alone=left_alone,
        kept=looked.first_kept,
        remarks=[*looked.merge.remarks, *_remarks(looked.plan), *kind.feed.remarks()],
        feed=counts,
    )


def _bad_rows(plan: FeedPlan) -> Iterator[BadRow]:
    """Why the first rows are refused by a rule, in the words of every entrance."""
    for line, row, reason in classifying.refused(plan, MOST_KEPT):
        blocking = [f for f in row_checks.check(plan.model, row, row) if f.is_blocking]
        record = row_labels.called(plan.model, row)
        if reason is not None:
            blocking = [Finding(None, reason)]
        for finding in blocking or [Finding(None, "breaks a rule of the table")]:
            yield BadRow(line, finding.field, None, finding.message, finding.params, record)


def _remarks(plan: FeedPlan) -> Iterator[Finding]:
    """What is remarked on the first of the rows that are written."""
    for line, row in classifying.remarkable(plan, MOST_REMARKED):
        key = row_codec.row_key(row_codec.key_of(plan.model, row))
        for finding in row_checks.check(plan.model, row, row):
            if not finding.is_blocking:
                yield replace(finding, record=row_labels.called(plan.model, row), row_key=key, line=line)


def _listing(stream: RowStream) -> MasterList[Any]:
    """What is told of the file as a whole; its rows are not held."""
    assert stream.last is not None
    none: Sequence[Any] = ()
    return MasterList(
        as_of_on=stream.last,
        rows=none,
        bad_rows=(),
        left_out=dict(stream.left_out),
        total_rows=stream.total_rows,
        encoding=stream.encoding,
        source=stream.source,
    )
