"""Take a long file as a feed: its rows are received and classified in the database, and nothing else is touched."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from webapp.files import on_disk, scanning
from webapp.files.rows import BadRow, MasterList, refuse_most
from webapp.files.scanning import Scan
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.services.changes import row_checks, row_codec
from webapp.services.changes.feeds import classifying, receiving, summarizing
from webapp.services.changes.feeds.plan import FeedPlan
from webapp.services.changes.proposals import Intent, Proposal
from webapp.services.intake import file_findings, steward_corrections
from webapp.services.intake.import_kind import FeedKind, ImportKind, RowStream
from webapp.services.intake.looking.previews import MOST_KEPT, FeedCounts, OnRows, Preview, Request
from webapp.services.intake.merging import Merge

# A file of more rows is a feed; one of as many at most has an item for each row that changes.
MOST_ITEMS = 10_000
LARGEST_FILE = 256 * 1024 * 1024
# A bar moves on after so many rows.
TICK = 5000
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


@contextmanager
def opened(content: bytes | Path) -> Iterator[BinaryIO]:
    """The bytes as a file; raises WrongFile where a path leads to nothing that can be read."""
    if isinstance(content, bytes):
        yield BytesIO(content)
        return
    with on_disk.opened(content, LARGEST_FILE) as file:
        yield file


def whole(content: bytes | Path) -> bytes:
    """All the bytes; raises WrongFile."""
    return content if isinstance(content, bytes) else on_disk.read(content, LARGEST_FILE)


def preview(kind: ImportKind, request: Request, on_rows: OnRows) -> Preview | None:
    """What a file would do that is a feed, with its rows classified in this transaction; None where it is none.

    Raises WrongFile.
    """
    if kind.feed is None:
        return None
    with opened(request.content) as file:
        scan = scanning.scan(file)
        if scan.rows <= MOST_ITEMS:
            return None
        stream, merge = kind.feed.open(file, scan, request.code), Merge()
        plan = kind.feed.plan(stream)
        receiving.allow(scan.rows)
        rows = _ticking(kind.feed.rows(stream, merge), scan.rows, on_rows)
        received = receiving.receive(plan, rows)
        stream.close()
    stream.require_some()
    received -= _take_out_repeated(kind.feed, plan, stream)
    others = classifying.classify(plan) + kind.feed.look(plan, stream, merge)
    kept, first_kept = steward_corrections.hold_in_feed(plan)
    classifying.refuse(plan)
    return _preview(request, kind, _Looked(scan, stream, plan, merge, received - others, kept, first_kept))


def _ticking(rows: Iterator[Row], most: int, on_rows: OnRows) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number % TICK == 0:
            on_rows(number, most)
        yield row


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
        remarks=[*looked.merge.remarks, *_remarks(looked.plan)],
        feed=counts,
    )


def _bad_rows(plan: FeedPlan) -> Iterator[BadRow]:
    """Why the first rows are refused by a rule, in the words of every entrance."""
    for line, row in classifying.refused(plan, MOST_KEPT):
        blocking = [f for f in row_checks.check(plan.model, row, row) if f.is_blocking]
        record = file_findings.called(plan.model, row)
        for finding in blocking or [Finding(None, "breaks a rule of the table")]:
            yield BadRow(line, finding.field, None, finding.message, finding.params, record)


def _remarks(plan: FeedPlan) -> Iterator[Finding]:
    """What is remarked on the first of the rows that are written."""
    for line, row in classifying.remarkable(plan, MOST_REMARKED):
        key = row_codec.row_key(row_codec.key_of(plan.model, row))
        for finding in row_checks.check(plan.model, row, row):
            if not finding.is_blocking:
                yield replace(finding, record=file_findings.called(plan.model, row), row_key=key, line=line)


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
