"""What an import is asked with, and what it would do before anything is written: one shape for items and for feeds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from webapp import db
from webapp.files.rows import BadRow, MasterList
from webapp.models.change_set import ChangeSet
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.services.changes.feeds.plan import FeedPlan
from webapp.services.changes.feeds.summarizing import Summary
from webapp.services.changes.proposals import Author, Proposal
from webapp.services.intake import file_findings, received_files
from webapp.services.intake.import_kind import Enclosure, ImportKind

# Findings that are kept with a change set, as many as a page can show; its counts tell of all.
MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """A file to import: the name of its kind, its own name, its bytes or where they lie, who brings it and why.

    `is_whole`: they say that nothing is missing from it, however much it would end. `code`: whose it is, where the
    kind of file takes that. `asked`: what else they ask for, where the kind of file offers something. `brought`: hash
    and size of the file as it came, where the bytes may be without its natural persons.
    """

    kind: str
    name: str
    content: bytes | Path
    author: Author
    reason: str | None = None
    is_whole: bool = False
    code: str | None = None
    asked: frozenset[str] = frozenset()
    brought: received_files.Seen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCounts:
    """A feed as it is classified: its plan, who read it, what it comes to, and how many rows lists are too short for.

    `taken` rows could be read and are of ours.
    """

    plan: FeedPlan
    reader: str
    sha256: str
    size_bytes: int
    summed: Summary
    taken: int
    unchanged: int
    refused: int
    kept: int


@dataclass(slots=True)
class Preview:
    """What importing a file would do, before anything is written.

    Of a feed the proposal is empty, `refused` and `kept` hold the first of many, and `feed` counts all.
    """

    request: Request
    kind: ImportKind
    listing: MasterList[Any]
    proposal: Proposal
    refused: list[BadRow]
    closed: Counter[str]
    left_alone: Counter[str]
    repeated: Counter[str] = field(default_factory=Counter)
    kept: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    feed: FeedCounts | None = None
    # Of a long file that was read where it lies, and whose bytes nobody holds.
    seen: received_files.Seen | None = None
    # What the file says of fields that stewards set.
    says: list[dict[str, Any]] = field(default_factory=list)

    @property
    def model(self) -> type[db.Base]:
        return self.kind.table_of(self.listing) if self.feed is None else self.feed.plan.model

    @property
    def enclosed(self) -> Iterator[Enclosure]:
        """The files within the file that are stored by themselves."""
        return iter(()) if self.kind.enclosed is None else self.kind.enclosed(self.listing)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return self.proposal.is_empty if self.feed is None else not self.feed.summed.written

    @property
    def counts(self) -> dict[str, int]:
        """created, updated, unchanged, closed, rejected rows, fields kept as set by hand; deleted if there are any."""
        if self.feed is not None:
            return {
                "created": self.feed.summed.verdicts[change.NEW],
                "updated": self.feed.summed.verdicts[change.CHANGED],
                "closed": 0,
                "unchanged": self.feed.unchanged,
                "rejected": self.feed.refused,
                "kept": self.feed.kept,
            }
        counts = self.proposal.counts
        if not counts["deleted"]:
            del counts["deleted"]
        return counts | {"rejected": len(self.refused), "kept": len(self.kept)}

    @property
    def fields(self) -> dict[str, int]:
        """How many stored rows change in each field, most first."""
        return self.proposal.fields if self.feed is None else self.feed.summed.fields

    @property
    def sha256(self) -> str:
        """The hash by which the file is known."""
        if self.feed is not None:
            return self.feed.sha256
        if (seen := self.seen or self.request.brought) is not None:
            return seen.sha256
        assert isinstance(self.request.content, bytes)
        return received_files.sha256_of(self.request.content)

    @property
    def findings(self) -> list[Finding]:
        """Refused rows first, then what is remarked on the list, on what was kept, and on rows that change."""
        refused = map(file_findings.of_refused, self.refused)
        of_rows = [*self.kept, *file_findings.of_items(self.proposal)]
        return [*refused, *self.remarks, *(file_findings.placed(one, self.listing) for one in of_rows)]

    def report(self, change_set: ChangeSet | None, status: str) -> dict[str, Any]:
        """What an import did, or would do, as JSON values."""
        return {
            "kind": self.kind.name,
            "file": self.request.name,
            "sha256": self.sha256,
            "as_of_on": self.listing.as_of_on.isoformat(),
            "status": status,
            "change_set": None if change_set is None else change_set.id,
            "rows": self.listing.total_rows,
            "stored": len(self.listing.rows) if self.feed is None else self.feed.taken,
            "left_out": dict(self.listing.left_out),
            "left_alone": dict(self.left_alone),
            "repeated": dict(self.repeated),
            "counts": self.counts,
            "closed": dict(self.closed),
            "fields": self.fields,
            "rejected": [file_findings.rejected(bad) for bad in self.refused],
            "findings": [finding.as_json() | {"text": str(finding)} for finding in self.findings],
            **({} if self.feed is None else {"feed": self.feed.summed.as_json()}),
        }
