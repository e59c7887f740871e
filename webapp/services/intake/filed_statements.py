"""A report beside all that is stored of its filer: the wishes by which each statement has its revisions.

Touched are the report's own statements, with what later reports say of their months, and those of the months a year
before, of which it speaks beside.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from webapp.files.edinet import mapping
from webapp.files.edinet.filing import Filing as Report
from webapp.files.edinet.periods import Period
from webapp.files.edinet.statements import Statement
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import calendar, change
from webapp.rules.findings import Finding
from webapp.services.changes.proposals import KeyOf, Wish
from webapp.services.changes.proposing import Stored
from webapp.services.intake import (
    file_findings,
    statement_chains,
    statement_identities,
    steward_corrections,
    stored_reports,
)
from webapp.services.intake.statement_chains import Claim, Link, Stewards
from webapp.services.intake.statement_identities import Identity, is_restating, months
from webapp.services.intake.stored_reports import Reader, StoredDocument

Row = Mapping[str, Any]
Wishes = tuple[Sequence[Wish], Sequence[Finding]]


@dataclass(frozen=True)
class FiledStatements:
    """A report, the document that it is, and the stored statements of its filer around its period, by key."""

    report: Report
    document: StoredDocument
    stored: Stored
    reader: Reader

    @cached_property
    def documents(self) -> Mapping[str, StoredDocument]:
        """What is stored of the documents of these statements; the report's own as it is to be."""
        known = stored_reports.documents(
            row["filing_doc_id"] for row in self.stored.values() if row["filing_doc_id"] is not None
        )
        return {**known, self.document.doc_id: self.document}

    @cached_property
    def rows(self) -> Sequence[Row]:
        """The stored statements but those of withdrawn documents."""
        return [
            row
            for row in self.stored.values()
            if row["filing_doc_id"] is None or self.documents[row["filing_doc_id"]].stands
        ]

    def wishes(self) -> Iterator[Wishes]:
        """The wishes of each statement that the report touches, base before what is laid over it, and remarks."""
        for identity in dict.fromkeys(self._touched()):
            yield self._of(identity)

    def _touched(self) -> Iterator[Identity]:
        own, before = self.report.period, self.report.period_before
        for statement in self.report.rows:
            yield statement_identities.of_read(own, own.type, statement)
        for doc_id in self._following(own):
            later = self.reader.report(doc_id)
            for statement in later.before if later is not None else ():
                yield statement_identities.of_read(own, own.type, statement)
        if before is not None:
            types = {row["period_type"] for row in self.rows if statement_identities.is_of(row, before)}
            for statement in self.report.before:
                yield from (statement_identities.of_read(before, kind, statement) for kind in sorted(types))

    def _following(self, period: Period) -> Sequence[str]:
        """The other documents whose own months are those of a year later."""
        begins_on = period.fiscal_year_end_on + timedelta(days=1)
        rows = (
            row
            for row in self.rows
            if not is_restating(row)
            and row["fiscal_year_start_on"] == begins_on
            and months(row["period_type"]) == months(period.type)
        )
        doc_ids = {row["filing_doc_id"] for row in rows} - {None, self.report.doc_id}
        return sorted(doc_ids)

    def _of(self, identity: Identity) -> Wishes:
        rows = [row for row in self.rows if Identity.of(row) == identity]
        claims = [*self._own_claims(identity, rows), *self._restating_claims(identity, rows)]
        known = {claim.row["id"] for claim in claims if claim.row is not None}
        # What a document without a stored zip has restated stays as it is.
        unread = [
            row for row in rows if is_restating(row) and row["filing_doc_id"] not in self._readable(identity)
        ]
        claims += [self._given(row) for row in unread if row["id"] not in known]
        links = statement_chains.chain(
            claims, self._stewards(identity), is_in_another_standard=self._is_in_another_standard(identity)
        )
        gone = [
            Wish(FinancialStatement, change.DELETE, {}, (row["id"],))
            for row in rows
            if row["id"] not in {link.claim.row["id"] for link in links if link.claim.row is not None}
        ]
        wishes, remarks = self._written(identity, links, rows)
        # What is laid over a row goes before that row.
        return [*gone, *wishes], remarks

    def _own_claims(self, identity: Identity, rows: Sequence[Row]) -> Iterator[Claim]:
        own = [row for row in rows if not is_restating(row)]
        read = None
        if (identity.fiscal_year_end_on, identity.period_type) == (
            self.report.period.fiscal_year_end_on,
            self.report.period.type,
        ):
            read = next((one for one in self.report.rows if identity.has(one)), None)
        taken = self._row_of_report(own) if read is not None else None
        yield from (self._given(row) for row in own if row is not taken)
        if read is not None:
            yield self._claim(self.document, read, taken, self.report.period)

    def _row_of_report(self, own: Sequence[Row]) -> Row | None:
        """The document's own row; else what somebody typed of these months without a document."""
        same = (row for row in own if row["filing_doc_id"] == self.report.doc_id)
        typed = (row for row in own if row["filing_doc_id"] is None and row["revision_type"] == "ORG")
        return next(same, None) or (None if self.report.is_amendment else next(typed, None))

    def _restating_claims(self, identity: Identity, rows: Sequence[Row]) -> Iterator[Claim]:
        for doc_id, report in self._restating(identity).items():
            read = next((one for one in report.before if identity.has(one)), None)
            if read is not None and report.period_before is not None:
                row = next(
                    (row for row in rows if is_restating(row) and row["filing_doc_id"] == doc_id), None
                )
                yield self._claim(self.documents[doc_id], read, row, report.period_before, is_restating=True)

    def _restating(self, identity: Identity) -> Mapping[str, Report]:
        """The reports that speak of these months a year later, and can be read."""
        before = self.report.period_before
        reports: dict[str, Report] = {}
        if before is not None and statement_identities.is_of_months(identity, before):
            reports[self.report.doc_id] = self.report
            doc_ids = self._following(before)
        else:
            doc_ids = self._following(self.report.period)
        for doc_id in doc_ids:
            report = self.reader.report(doc_id)
            compared = report.period_before if report is not None else None
            if (
                report is not None
                and compared is not None
                and statement_identities.is_of_months(identity, compared)
            ):
                reports[doc_id] = report
        return reports

    def _readable(self, identity: Identity) -> frozenset[str]:
        return frozenset(self._restating(identity))

    def _is_in_another_standard(self, identity: Identity) -> bool:
        """Whether the months were filed in another standard, by the report or by a stored document."""
        own = self.report.period
        if (own.fiscal_year_end_on, own.type) == (identity.fiscal_year_end_on, identity.period_type) and any(
            one.scope == identity.scope and one.accounting_standard != identity.accounting_standard
            for one in self.report.rows
        ):
            return True
        return any(
            not is_restating(row)
            and row["accounting_standard"] != identity.accounting_standard
            and (row["fiscal_year_end_on"], row["period_type"], row["scope"])
            == (identity.fiscal_year_end_on, identity.period_type, identity.scope)
            for row in self.rows
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

    def _stewards(self, identity: Identity) -> Stewards:
        def set_in(row: Row) -> Row:
            key = (row["id"],)
            return steward_corrections.stewards_values(FinancialStatement, {key: row}, [key]).get(key, {})

        def as_filed(doc_id: str) -> Row | None:
            report = self.reader.report(doc_id)
            read = (
                next((one for one in report.rows if identity.has(one)), None) if report is not None else None
            )
            return None if read is None else statement_chains.typed(read)

        return Stewards(set_in, as_filed)

    def _written(self, identity: Identity, links: Sequence[Link], rows: Sequence[Row]) -> Wishes:
        number = max((row["revision_no"] for row in rows), default=-1)
        wishes: dict[int, Wish] = {}
        remarks: list[Finding] = []
        for link in links:
            if link.is_given:
                continue
            values = link.values | {"revision_type": link.revision_type, "sources": link.sources}
            if link.base is not None:
                values["based_on_id"] = _key_of(link.base, wishes)
            line = (
                link.claim.statement.line
                if link.claim.doc_id == self.report.doc_id and link.claim.statement
                else None
            )
            if link.claim.row is not None:
                wish = self._update(link.claim.row, values, line)
            else:
                number += 1
                own = {"company_id": self.document.company_id, "revision_no": number}
                made = own | {name: getattr(identity, name) for name in Identity.__annotations__} | values
                wish = Wish(FinancialStatement, change.CREATE, made, line=line)
            wishes[id(link)] = wish
            named = {**wish.values, **(link.claim.row or {})}
            remarks += [file_findings.of_wish(one, wish, named) for one in link.remarks]
        return list(wishes.values()), remarks

    def _update(self, row: Row, values: Row, line: int | None) -> Wish:
        """The row as it is read; figures that a steward set otherwise are none of the filing's computed ones."""
        key = (row["id"],)
        by_hand = steward_corrections.stewards_values(FinancialStatement, {key: row}, [key]).get(key, {})
        kept = {name for name, value in by_hand.items() if name in values and values[name] != value}
        sources = {name: place for name, place in values["sources"].items() if name not in kept}
        return Wish(FinancialStatement, change.UPDATE, {**values, "sources": sources}, key, line=line)


def _key_of(base: Link, wishes: Mapping[int, Wish]) -> Any:
    return base.claim.row["id"] if base.claim.row is not None else KeyOf(wishes[id(base)])
