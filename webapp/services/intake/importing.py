"""Import a file: bytes become rows, rows a proposal, a proposal a change set; each step can be looked at first."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.files.kinds import READERS
from webapp.files.rows import BadRow, MasterList, WrongFile
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.industry import Industry
from webapp.rules.findings import Finding
from webapp.services.changes import applying, approving, proposing, received_files, row_codec
from webapp.services.changes.proposals import Author, Intent, Proposal, Wanted
from webapp.services.intake import merging, steward_corrections
from webapp.services.intake.merging import Known, Merge

# What a list is called where its terms ask to be named, and how it is merged.
SOURCES = {
    "edinet-codes": "出典：EDINET閲覧（提出）サイト EDINETコードリスト",
    "jpx-list": "日本取引所グループ 東証上場銘柄一覧",
}
MERGES: dict[str, Callable[[MasterList[Any], Known], Merge]] = {
    "edinet-codes": merging.edinet,
    "jpx-list": merging.jpx,
}
# A later list ends a few filers in a hundred (693 of 7,675 in 28 months). One that ends a fifth is not a later list.
MOST_ENDED = 0.2
FEW = 50

# Rows compared so far, and how many there are.
OnRows = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Request:
    """A file to import: its kind, its name, its bytes, who brings it and why."""

    kind: str
    name: str
    content: bytes
    author: Author
    reason: str | None = None


@dataclass(slots=True)
class Preview:
    """What importing a file would do, before anything is written."""

    request: Request
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
            "kind": self.request.kind,
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
    """Read a file and compare it with the tables. Raises WrongFile where the file as a whole is not to be taken."""
    listing = READERS[request.kind](request.content, request.name)
    _refuse_older(request.kind, listing.as_of_on)
    companies = _companies()
    known = Known(
        companies=list(companies.values()),
        industry_codes=frozenset(db.session.scalars(select(Industry.code))),
        newest_edinet_list=received_files.newest_list("edinet-codes"),
    )
    merge = MERGES[request.kind](listing, known)
    _refuse_emptying(merge, known)
    kept: list[Finding] = []
    wanted = _respecting(merge.wanted, companies, kept, on_rows)
    intent = Intent(
        "import",
        request.author,
        request.reason,
        f"{SOURCES[request.kind]} ({listing.as_of_on.isoformat()})",
    )
    proposal = proposing.propose(Company, wanted, intent, stored=companies, is_partial=True)
    refused = [*listing.bad_rows, *_refused(merge, proposal)]
    return Preview(request, listing, proposal, refused, merge.closed, merge.left_alone, kept)


def submit(preview: Preview) -> ChangeSet | None:
    """Store the file and the proposal; None, and no bytes kept, where nothing would change."""
    request = preview.request
    file = received_files.store(
        request.kind, request.name, request.content, author=request.author, as_of_on=preview.listing.as_of_on
    )
    if preview.proposal.is_empty:
        received_files.forget(file)
        return None
    intent = preview.proposal.intent
    preview.proposal.intent = Intent(intent.kind, intent.author, intent.reason, intent.source, file.id)
    change_set = approving.submit(preview.proposal)
    change_set.counts = preview.counts | {"left_out": dict(preview.listing.left_out)}
    # The kept and refused rows belong to the record as much as the changed ones, as far as a page can show them.
    change_set.findings = [finding.as_json() for finding in preview.findings[:1000]]
    return change_set


def confirm(change_set: ChangeSet, by: Author) -> None:
    """Approve and apply a submitted import. Raises Moved or Refused; then nothing is written."""
    approving.approve(change_set, by)
    applying.apply(change_set)


def decline(change_set: ChangeSet, by: Author) -> None:
    """End a submitted import without writing anything; a master list's bytes go."""
    approving.reject(change_set, by)


def decline_forgotten() -> int:
    """Decline imports that nobody decided on within a day, so that their files do not stay; how many there were."""
    oldest = datetime.now(UTC) - timedelta(days=1)
    forgotten = select(ChangeSet).where(
        ChangeSet.kind == "import", ChangeSet.status == "proposed", ChangeSet.created_at < oldest
    )
    change_sets = db.session.scalars(forgotten).all()
    for change_set in change_sets:
        decline(change_set, Author("worker"))
    return len(change_sets)


def _companies() -> dict[row_codec.Key, dict[str, Any]]:
    table = row_codec.table_of(Company)
    rows = db.session.execute(select(table)).mappings()
    return {(row[table.c.id],): {str(name): value for name, value in row.items()} for row in rows}


def _refuse_older(kind: str, as_of_on: date) -> None:
    newest = received_files.newest_list(kind)
    if newest is not None and as_of_on < newest:
        raise WrongFile(
            expected="a list of %(newest)s or later",
            found="one of %(day)s",
            newest=newest.isoformat(),
            day=as_of_on.isoformat(),
        )


def _refuse_emptying(merge: Merge, known: Known) -> None:
    ended = sum(merge.closed.values())
    active = sum(company["listing_status"] in ("listed", "unlisted") for company in known.companies)
    if ended > max(FEW, active * MOST_ENDED):
        raise WrongFile(
            expected="a later list of the same companies",
            found="one without %(ended)s of %(active)s companies",
            ended=f"{ended:,}",
            active=f"{active:,}",
        )


def _respecting(
    wishes: Sequence[Wanted], stored: proposing.Stored, kept: list[Finding], on_rows: OnRows
) -> Iterator[Wanted]:
    for done, (wish, remarks) in enumerate(steward_corrections.respect(Company, wishes, stored), start=1):
        kept += remarks
        on_rows(done, len(wishes))
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
