"""Import a file: bytes become rows, rows a proposal, a proposal a change set; each step can be looked at first."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.files.rows import BadRow, MasterList, WrongFile
from webapp.models.change_set import ChangeSet
from webapp.rules.findings import Finding
from webapp.services.changes import door, file_bytes, proposing, row_codec
from webapp.services.changes.proposals import Author, Intent, Proposal, Wish
from webapp.services.intake import kinds, received_files, steward_corrections
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.merging import Merge

# Rows compared so far, and how many there are.
OnRows = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Request:
    """A file to import: the name of its kind, its own name, its bytes, who brings it and why."""

    kind: str
    name: str
    content: bytes
    author: Author
    reason: str | None = None


@dataclass(slots=True)
class Preview:
    """What importing a file would do, before anything is written."""

    request: Request
    kind: ImportKind
    listing: MasterList[Any]
    proposal: Proposal
    refused: list[BadRow]
    closed: Counter[str]
    left_alone: Counter[str]
    kept: list[Finding] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """created, updated, unchanged, closed, rejected rows, and fields kept as a steward set them."""
        counts = self.proposal.counts
        del counts["deleted"]
        return counts | {"rejected": len(self.refused), "kept": len(self.kept)}

    @property
    def findings(self) -> list[Finding]:
        return [*self.kept, *self.proposal.findings]

    def report(self, change_set: ChangeSet | None, status: str) -> dict[str, Any]:
        """What an import did, or would do, as JSON values."""
        return {
            "kind": self.kind.name,
            "file": self.request.name,
            "sha256": received_files.sha256_of(self.request.content),
            "as_of_on": self.listing.as_of_on.isoformat(),
            "status": status,
            "change_set": None if change_set is None else change_set.id,
            "rows": self.listing.total_rows,
            "stored": len(self.listing.rows),
            "left_out": dict(self.listing.left_out),
            "left_alone": dict(self.left_alone),
            "counts": self.counts,
            "closed": dict(self.closed),
            "fields": self.proposal.fields,
            "rejected": [dataclasses.asdict(bad) for bad in self.refused],
            "findings": [finding.as_json() | {"text": str(finding)} for finding in self.findings],
        }


def preview(request: Request, on_rows: OnRows = lambda _done, _total: None) -> Preview:
    """Read a file and compare it with the table of its kind.

    Raises WrongFile where the file as a whole is not to be taken, UnknownKind where no kind is called so.
    """
    kind = kinds.named(request.kind)
    listing = kind.read(request.content, request.name)
    _refuse_older(kind, listing.as_of_on)
    stored = _stored(kind.model)
    merge = kind.merge(listing, stored)
    kept: list[Finding] = []
    respected = steward_corrections.respect(kind.model, merge.wishes, stored)
    wishes = _remarking(respected, kept, on_rows, total=len(merge.wishes))
    source = f"{kind.source} ({listing.as_of_on.isoformat()})"
    intent = Intent("import", request.author, request.reason, source)
    proposal = proposing.propose(wishes, intent, stored={kind.model: stored}, is_partial=True)
    refused = [*listing.bad_rows, *_refused(merge, proposal)]
    return Preview(request, kind, listing, proposal, refused, merge.closed, merge.left_alone, kept)


def submit(preview: Preview) -> ChangeSet | None:
    """Store the file and the proposal; None, and bytes only where they may stay, where nothing would change."""
    request = preview.request
    file = received_files.store(
        preview.kind, request.name, request.content, author=request.author, as_of_on=preview.listing.as_of_on
    )
    if preview.proposal.is_empty:
        file_bytes.forget(file)
        return None
    intent = preview.proposal.intent
    preview.proposal.intent = Intent(intent.kind, intent.author, intent.reason, intent.source, file.id)
    change_set = door.store(preview.proposal)
    change_set.counts = preview.counts | {"left_out": dict(preview.listing.left_out)}
    # The kept and refused rows belong to the record as much as the changed ones, as far as a page can show them.
    change_set.findings = [finding.as_json() for finding in preview.findings[:1000]]
    return change_set


def confirm(number: int, by: Author) -> None:
    """Approve and apply a submitted import. Raises what `door.settle` returns; then nothing is written.

    What stewards did to its rows meanwhile stays, and is remarked on.
    """
    door.decide(number, by, keeping=steward_corrections.respect)


def decline(number: int, by: Author) -> None:
    """End a submitted import without writing anything; its bytes go unless they may stay."""
    door.decline(number, by)


def decline_forgotten() -> int:
    """Decline imports that nobody decided on within a day, so that their files do not stay; how many there were."""
    oldest = datetime.now(UTC) - timedelta(days=1)
    forgotten = select(ChangeSet.id).where(
        ChangeSet.kind == "import", ChangeSet.status == "proposed", ChangeSet.created_at < oldest
    )
    numbers = db.session.scalars(forgotten).all()
    for number in numbers:
        decline(number, Author("worker"))
    return len(numbers)


def _stored(model: type[db.Base]) -> dict[row_codec.Key, dict[str, Any]]:
    rows = db.session.execute(select(row_codec.table_of(model))).mappings()
    values_of_rows = ({str(name): value for name, value in row.items()} for row in rows)
    return {row_codec.key_of(model, values): values for values in values_of_rows}


def _refuse_older(kind: ImportKind, as_of_on: date) -> None:
    newest = received_files.newest_list(kind.name)
    if newest is not None and as_of_on < newest:
        raise WrongFile(
            expected="a list of %(newest)s or later",
            found="one of %(day)s",
            newest=newest.isoformat(),
            day=as_of_on.isoformat(),
        )


def _remarking(
    respected: Iterable[tuple[Wish, list[Finding]]], kept: list[Finding], on_rows: OnRows, *, total: int
) -> Iterator[Wish]:
    for done, (wish, remarks) in enumerate(respected, start=1):
        kept += remarks
        on_rows(done, total)
        yield wish


def _refused(merge: Merge, proposal: Proposal) -> Iterator[BadRow]:
    refused: Iterable[tuple[int | None, Finding]] = [
        *merge.refused,
        *(
            (wish.line, finding)
            for wish, findings in proposal.refused
            for finding in findings
            if finding.is_blocking
        ),
    ]
    for line, finding in refused:
        yield BadRow(line or 0, finding.field, None, str(finding))
