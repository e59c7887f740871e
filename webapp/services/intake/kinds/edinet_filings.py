"""Several reports filed with EDINET that come together: one preview, one change set, each zip stored by itself."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from webapp.files.edinet import parcel
from webapp.files.edinet.parcel import Enclosed, Parcel
from webapp.files.rows import MasterList, WrongFile
from webapp.label import Label
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import change
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.intake import file_findings, filed_reports
from webapp.services.intake.filed_reports import Filed
from webapp.services.intake.import_kind import Enclosure, ImportKind
from webapp.services.intake.merging import Merge


def understand(listing: MasterList[Any]) -> MasterList[Any]:
    """Leave out what is of nobody who is stored, of another filer, or withdrawn; raises WrongFile where all are."""
    assert isinstance(listing, Parcel)
    filed, taken, refusals, errors = Filed([one.report for one in listing.rows]), [], [*listing.refusals], []
    for one in listing.rows:
        try:
            filed.refuse(one.report)
        except WrongFile as error:
            error.part = one.name
            errors.append(error)
            refusals.append(parcel.refusal(one.report.rows[0].line, error))
        else:
            taken.append(one)
    if not taken:
        raise errors[0]
    return replace(listing, rows=taken, refusals=refusals)


def stored(listing: MasterList[Enclosed]) -> Stored:
    """The stored statements of the filers around the reports."""
    return filed_reports.stored([one.report for one in listing.rows])


def merge(listing: MasterList[Enclosed], stored: Stored) -> Merge:
    """The documents and statements of all that can be taken; of each other file why it cannot."""
    merging = Merge()
    if not listing.rows:
        return merging
    assert isinstance(listing, Parcel)
    for refusal in sorted(listing.refusals, key=lambda refusal: refusal.line):
        # What the file would have wished for, by which its refusal finds its place.
        wish = Wish(Filing, change.CREATE, {}, line=refusal.line)
        merging.refused.append((wish, file_findings.of_wrong_file(refusal.error)))
    Filed([one.report for one in listing.rows]).merge(stored, merging)
    return merging


def enclosed(listing: MasterList[Enclosed]) -> Iterator[Enclosure]:
    """The zip of each report that could be read."""
    for one in listing.rows:
        yield Enclosure(one.name, one.content, one.report.as_of_on)


KIND = ImportKind(
    name="edinet-filings",
    label=Label("報告書（複数をまとめたもの）", "Several reports together"),
    source=filed_reports.SOURCE,
    model=FinancialStatement,
    recognises=parcel.is_in,
    read=parcel.read,
    understand=understand,
    stored=stored,
    merge=merge,
    is_list=False,
    encloses="edinet-filing",
    enclosed=enclosed,
)
