"""Reports of a filer beside all that is stored of it: the wishes by which each statement has its revisions.

Touched are the reports' own statements, with what later reports say of their months, and those of the months a year
before, of which they speak beside. Of whatever reports come together, each statement is worked out once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from itertools import chain
from typing import Any

from webapp.files.edinet import mapping
from webapp.files.edinet.filing import Filing as Report
from webapp.files.edinet.periods import Period
from webapp.files.edinet.statements import Statement
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import calendar, change
from webapp.rules.findings import Finding
from webapp.services.changes import revisions, row_labels
from webapp.services.changes.filed import (
    statement_chains,
    statement_identities,
    stored_reports,
)
from webapp.services.changes.filed.statement_chains import Claim, Link
from webapp.services.changes.filed.statement_identities import Identity, Numbers, is_restating, months
from webapp.services.changes.filed.steward_figures import Left, SetByHand, Stewards
from webapp.services.changes.filed.stored_reports import Reader, StoredDocument
from webapp.services.changes.following import steward_values
from webapp.services.changes.proposals import KeyOf, Wish
from webapp.services.changes.row_codec import Key, Stored

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wished of one statement, what is remarked on it, and what is said of figures that stewards corrected."""

    wishes: Sequence[Wish]
    remarks: Sequence[Finding]
    says: Mapping[tuple[int, str], Any]


@dataclass(frozen=True)
class FiledStatements:
    """Reports of one filer, as `own` the documents that they are, and its stored statements around them, by key."""

    reports: Sequence[Report]
    own: Mapping[str, StoredDocument]
    stored: Stored
    reader: Reader

    @cached_property
    def documents(self) -> Mapping[str, StoredDocument]:
        """What is stored of the documents of these statements; those of the reports as they are to be."""
        known = stored_reports.documents(
            row["filing_doc_id"] for row in self.stored.values() if row["filing_doc_id"] is not None
        )
        return {**known, **self.own}

    @cached_property
    def rows(self) -> Sequence[Row]:
        """The stored statements but those of withdrawn documents, and what is laid over them."""
        withdrawn = {doc_id for doc_id, document in self.documents.items() if not document.stands}
        return [row for row in self.by_id.values() if not revisions.rests_on(row, withdrawn, self.by_id)]

    @cached_property
    def by_id(self) -> Mapping[int, Row]:
        """The stored statements by their numbers."""
        return {row["id"]: row for row in self.stored.values()}

    @cached_property
    def by_hand(self) -> Mapping[Key, SetByHand]:
        """The fields that stewards set in stored statements, and by which change sets, by key."""
        return steward_values.set_by(FinancialStatement, self.stored)

    def wishes(self) -> Iterator[Wishes]:
        """The wishes of each statement that the reports touch, base before what is laid over it, and remarks."""
        yield from self.anew(chain.from_iterable(map(self.touched_by, self.reports)))

    def anew(self, identities: Iterable[Identity]) -> Iterator[Wishes]:
        """The wishes of these statements, as all that stands makes them."""
        yield from map(self._of, dict.fromkeys(identities))

    def touched_by(self, report: Report) -> Iterator[Identity]:
        """The statements of a report's months, and of the months a year before."""
        own, before = report.period, report.period_before
        following = self._following(own.fiscal_year_end_on, own.type)
        for statement in chain(report.rows, *(later.before for later in following)):
            yield statement_identities.of_read(own, own.type, statement)
        if before is not None:
            types = {row["period_type"] for row in self.rows if statement_identities.is_of(row, before)}
            types |= {
                other.period.type
                for other in self.reports
                if statement_identities.is_same_months(other.period, before)
            }
            for statement in report.before:
                yield from (statement_identities.of_read(before, kind, statement) for kind in sorted(types))

    def _following(self, year_end: Any, kind: str) -> Sequence[Report]:
        """The reports whose own months are those of a year later, as far as they can be read."""
        begins_on = year_end + timedelta(days=1)
        stored = {
            row["filing_doc_id"]
            for row in self.rows
            if not is_restating(row)
            and row["fiscal_year_start_on"] == begins_on
            and months(row["period_type"]) == months(kind)
        }
        coming = {
            report.doc_id
            for report in self.reports
            if report.period.fiscal_year_start_on == begins_on and months(report.period.type) == months(kind)
        }
        reports = map(self.reader.report, sorted((stored | coming) - {None}))
        return [report for report in reports if report is not None]

    def _of(self, identity: Identity) -> Wishes:
        rows = [row for row in self.rows if Identity.of(row) == identity]
        restating = self._restating(identity)
        claims = [*self._own_claims(identity, rows), *self._restating_claims(identity, rows, restating)]
        known = {claim.row["id"] for claim in claims if claim.row is not None}
        # What a document without a stored zip has restated stays as it is.
        unread = [row for row in rows if is_restating(row) and row["filing_doc_id"] not in restating]
        claims += [self._given(row) for row in unread if row["id"] not in known]
        claimed = {claim.row["id"] for claim in claims if claim.row is not None}
        stewards = self._stewards(identity, [row for row in rows if row["id"] not in claimed])
        links = statement_chains.chain(
            claims, stewards, is_in_another_standard=self._is_in_another_standard(identity)
        )
        staying = {link.claim.row["id"] for link in links if link.claim.row is not None}
        gone = [row for row in rows if row["id"] not in staying]
        going = [Wish(FinancialStatement, change.DELETE, {}, (row["id"],)) for row in gone]
        wishes, remarks = self._written(identity, links)
        laid = {link.claim.doc_id for link in links if link.base is not None}
        lost = stewards.lost(gone, laid, links[-1].values if links else None)
        says = {place: value for link in links for place, value in link.says.items()}
        # What is laid over a row goes before that row.
        return Wishes([*going, *wishes], [*remarks, *lost], says)

    def _own_claims(self, identity: Identity, rows: Sequence[Row]) -> Iterator[Claim]:
        left = [row for row in rows if not is_restating(row)]
        for report in self._of_period(identity):
            read = next((one for one in report.rows if identity.has(one)), None)
            if read is None:
                continue
            taken = self._row_of_report(report, left)
            left = [row for row in left if row is not taken]
            yield self._claim(
                self.own[report.doc_id],
                statement_chains.with_summary(read, report.summarised),
                taken,
                report.period,
            )
        yield from map(self._given, left)

    def _of_period(self, identity: Identity) -> Sequence[Report]:
        return [
            report
            for report in self.reports
            if (report.period.fiscal_year_end_on, report.period.type)
            == (identity.fiscal_year_end_on, identity.period_type)
        ]

    def _row_of_report(self, report: Report, rows: Sequence[Row]) -> Row | None:
        """The document's own row; else what somebody typed of these months without a document."""
        same = (row for row in rows if row["filing_doc_id"] == report.doc_id)
        typed = (row for row in rows if row["filing_doc_id"] is None and row["revision_type"] == "ORG")
        return next(same, None) or (None if report.is_amendment else next(typed, None))

    def _restating_claims(
        self, identity: Identity, rows: Sequence[Row], restating: Mapping[str, Report]
    ) -> Iterator[Claim]:
        for doc_id, report in restating.items():
            read = next((one for one in report.before if identity.has(one)), None)
            if read is not None and report.period_before is not None:
                row = next(
                    (row for row in rows if is_restating(row) and row["filing_doc_id"] == doc_id), None
                )
                yield self._claim(self.documents[doc_id], read, row, report.period_before, is_restating=True)

    def _restating(self, identity: Identity) -> Mapping[str, Report]:
        """The reports that speak of these months a year later, and can be read."""
        following = self._following(identity.fiscal_year_end_on, identity.period_type)
        return {
            report.doc_id: report
            for report in (*self.reports, *following)
            if report.period_before is not None
            and statement_identities.is_of_months(identity, report.period_before)
        }

    def _is_in_another_standard(self, identity: Identity) -> bool:
        """Whether the months were filed in another standard, by one of the reports or by a stored document."""
        coming = (one for report in self._of_period(identity) for one in report.rows)
        if any(
            one.scope == identity.scope and one.accounting_standard != identity.accounting_standard
            for one in coming
        ):
            return True
        return any(
            not is_restating(row)
            and row["accounting_standard"] != identity.accounting_standard
            and (row["fiscal_year_end_on"], row["period_type"], row["scope"])
            == (identity.fiscal_year_end_on, identity.period_type, identity.scope)
            # Of a withdrawn document, too: what a report says in its own standard is all its own.
            for row in self.stored.values()
        )

    def _given(self, row: Row) -> Claim:
        document = self.documents.get(row["filing_doc_id"])
        announced_at = row["announced_at"] if document is None else document.submitted_at
        return Claim(doc_id=row["filing_doc_id"], announced_at=announced_at, row=row)

    def _claim(
        self,
        document: StoredDocument,
        read: Statement,
        row: Row | None,
        period: Period,
        *,
        is_restating: bool = False,
    ) -> Claim:
        values = {
            "fiscal_year_start_on": period.fiscal_year_start_on,
            "period_start_on": period.fiscal_year_start_on,
            "period_end_on": period.end_on,
            "currency": read.currency,
            "rounding_unit": read.rounding_unit,
            "industry_format": read.industry_format or None,
            "announced_on": document.submitted_at.astimezone(calendar.JST).date(),
            "announced_at": document.submitted_at,
            "filing_doc_id": document.doc_id,
            "mapping_version": mapping.VERSION,
        }
        return Claim(
            doc_id=document.doc_id,
            announced_at=document.submitted_at,
            row=row,
            statement=read,
            is_restating=is_restating,
            is_amendment=document.is_amendment,
            values=values,
        )

    def _stewards(self, identity: Identity, surplus: Sequence[Row]) -> Stewards:
        """What people set in its rows; `surplus`: those in whose place others of the same document come."""
        withdrawn = {doc_id for doc_id, document in self.own.items() if not document.stands}
        fallen = statement_identities.fallen(self.stored.values(), identity, self.rows)
        left = [Left(row, revisions.rests_on(row, withdrawn, self.by_id)) for row in fallen]
        left += [Left(row, is_news=True) for row in surplus]
        return Stewards(identity, self.by_id, self.by_hand, self.reader, left)

    def _written(self, identity: Identity, links: Sequence[Link]) -> tuple[Sequence[Wish], Sequence[Finding]]:
        numbers = Numbers.among(self.stored.values(), identity, self.rows)
        wishes: dict[int, Wish] = {}
        remarks: list[Finding] = []
        for link in links:
            if link.is_given:
                continue
            values = link.values | {"revision_type": link.revision_type, "sources": link.sources}
            if link.base is not None:
                values["based_on_id"] = _key_of(link.base, wishes)
            statement = link.claim.statement
            line = statement.line if link.claim.doc_id in self.own and statement is not None else None
            if link.claim.row is not None:
                wish = replace(self._update(link.claim.row, values, line), carried=link.carried)
            else:
                number, fallen = numbers.take(link.claim.doc_id if link.base is not None else None)
                if fallen is not None:
                    later = {"revision_no": numbers.last}
                    wishes[id(fallen)] = Wish(FinancialStatement, change.UPDATE, later, (fallen["id"],))
                own = {"company_id": self._company_id, "revision_no": number}
                whole = own | {name: getattr(identity, name) for name in Identity.__annotations__} | values
                wish = Wish(FinancialStatement, change.CREATE, whole, line=line, carried=link.carried)
            wishes[id(link)] = wish
            named = {**wish.values, **(link.claim.row or {})}
            remarks += [row_labels.of_companys(one, wish, named) for one in link.remarks]
        return list(wishes.values()), remarks

    @property
    def _company_id(self) -> int:
        return next(iter(self.own.values())).company_id

    def _update(self, row: Row, values: Row, line: int | None) -> Wish:
        """The row as it is read; figures that a steward set otherwise are none of the filing's computed ones."""
        by_hand = self.by_hand.get((row["id"],), {})
        kept = {name for name in by_hand if name in values and values[name] != row[name]}
        sources = {name: place for name, place in values["sources"].items() if name not in kept}
        return Wish(
            FinancialStatement, change.UPDATE, {**values, "sources": sources}, (row["id"],), line=line
        )


def _key_of(base: Link, wishes: Mapping[int, Wish]) -> Any:
    return base.claim.row["id"] if base.claim.row is not None else KeyOf(wishes[id(base)])
