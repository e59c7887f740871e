"""What documents say of one statement, in the order of their submission, becomes the chain of its revisions.

A document of the period itself is a row of its own: as first filed, or an amendment (訂正報告書). A later report that
gives the months of a year before otherwise is laid over the row before it, and changes only those figures. Whatever
order the documents come in, the chain is the same: it is made anew from all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from webapp.files.edinet import mapping, statements, summaries
from webapp.files.edinet.statements import Statement
from webapp.files.edinet.summaries import Summarised
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import restatement
from webapp.rules.accounting.unsaid import unknown
from webapp.rules.findings import Finding
from webapp.services.changes import revisions, row_codec, row_labels
from webapp.services.changes.filed import stored_figures
from webapp.services.changes.filed.steward_figures import TAKEN_OVER, Figures, Stewards

FIGURES = tuple(sorted(revisions.FIGURES))
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one document says of a statement; or a stored row about whose document nothing more is known here.

    `is_restating`: it speaks of the months of a year before its own. `values` are what the document's row is to hold
    beside its figures.
    """

    doc_id: str | None
    announced_at: datetime | None
    row: Row | None = None
    statement: Statement | None = None
    is_restating: bool = False
    is_amendment: bool = False
    values: Row = field(default_factory=dict)

    @property
    def order(self) -> tuple[datetime, str]:
        return self.announced_at or revisions.LAST, self.doc_id or ""


@dataclass(slots=True, kw_only=True)
class Link:
    """A revision as it is to be. `is_given`: it is stored and nobody rewrites it. `base`: over which it is laid.

    `says`: of figures that stewards corrected in stored rows, what the document says of them, by row and field.
    `carried`: the figures that stand as they were set by hand in another row, and by which change set.
    """

    claim: Claim
    revision_type: str | None
    values: dict[str, Any]
    sources: dict[str, Any] = field(default_factory=dict)
    base: "Link | None" = None
    is_given: bool = False
    remarks: list[Finding] = field(default_factory=list)
    says: dict[tuple[int, str], Any] = field(default_factory=dict)
    carried: dict[str, int] = field(default_factory=dict)


def chain(claims: Iterable[Claim], stewards: Stewards, *, is_in_another_standard: bool) -> Sequence[Link]:
    """The revisions of one statement in their order.

    `is_in_another_standard`: the period was filed in another standard, so that what a later report gives of it in this
    one is a first row of its own identity, and no restatement.
    """
    links: list[Link] = []
    for claim in sorted(claims, key=lambda claim: claim.order):
        before = links[-1] if links else None
        if claim.statement is None:
            assert claim.row is not None
            links.append(Link(claim=claim, revision_type=None, values=dict(claim.row), is_given=True))
        elif not claim.is_restating:
            links.append(_own(claim, claim.statement, links, stewards))
        elif before is not None:
            links += _restated(claim, claim.statement, before, stewards)
        elif is_in_another_standard:
            values = {**claim.values, **stored_figures.typed(claim.statement)}
            links.append(
                Link(
                    claim=claim, revision_type="STD", values=values, sources=_computed(claim, claim.statement)
                )
            )
    return links


def _own(claim: Claim, statement: Statement, links: Sequence[Link], stewards: Stewards) -> Link:
    values = {**claim.values, **stored_figures.typed(statement)}
    link = Link(
        claim=claim,
        revision_type="COR" if claim.is_amendment else "ORG",
        values=values,
        sources=_computed(claim, statement),
    )
    earlier = next((one for one in reversed(links) if one.base is None and one.claim.row is not None), None)
    if earlier is not None:
        _carry_over(link, earlier, stewards)
    if claim.is_amendment:
        link.remarks += _left_out(link, links)
    return link


def _left_out(link: Link, links: Sequence[Link]) -> Iterable[Finding]:
    """An amendment is the whole document again; where it has less than what it amends, somebody should look."""
    amended = next((one for one in reversed(links) if one.base is None), None)
    if amended is None:
        return
    lost = [
        name for name in FIGURES if amended.values.get(name) is not None and link.values.get(name) is None
    ]
    if lost:
        message = (
            "the amendment lacks %(number)s figure that %(document)s has"
            if len(lost) == 1
            else "the amendment lacks %(number)s figures that %(document)s has"
        )
        facts = {"number": len(lost), "document": amended.claim.doc_id}
        yield Finding(None, message, facts, is_blocking=False)


def _carry_over(link: Link, earlier: Link, stewards: Stewards) -> None:
    """Where an amendment repeats a figure that a steward has corrected in the row before, the correction stands."""
    row, document = earlier.claim.row, earlier.claim.doc_id
    assert row is not None
    corrections = stewards.corrections_for(link.claim.row, row)
    by_hand = {name: value for name, value in corrections.items() if name in FIGURES}
    filed = stewards.as_filed(row) if by_hand else None
    if filed is None:
        return
    figures = Figures(link.values, link.sources, link.carried)
    for name, value in by_hand.items():
        amended = link.values.get(name)
        if amended == value:
            continue
        said = {"value": value, "filed": amended}
        column = row_codec.table_of(FinancialStatement).columns[name]
        facts = row_labels.amounts(column, link.values, said) | {"document": document}
        link.says[row["id"], name] = amended
        if amended == filed.get(name):
            figures.take(name, value, stewards.set_by(row, name))
            message = "kept the value entered by hand at %(document)s, whose figure the amendment repeats: %(filed)s"
        else:
            message = "the amendment says %(filed)s where %(value)s had been entered by hand at %(document)s"
        link.remarks.append(Finding(name, message, facts, is_blocking=False))


def _restated(claim: Claim, statement: Statement, before: Link, stewards: Stewards) -> Sequence[Link]:
    """A revision with the figures that the later report gives otherwise; none where it gives none so."""
    below = _as_it_stands(before, stewards)
    changed = dict(_given_otherwise(statement, below))
    if changed and before.claim.row is not None:
        # What a steward corrected and the filer repeats is no restatement of the filer's.
        by_hand = stewards.set_in(before.claim.row).keys() & changed.keys()
        filed = stewards.as_filed(before.claim.row) if by_hand else None
        for name in by_hand:
            if filed is not None and filed.get(name) == changed[name]:
                del changed[name]
    if not changed:
        return ()
    own = {name: value for name, value in claim.values.items() if name not in TAKEN_OVER}
    values = {name: below.get(name) for name in (*TAKEN_OVER, *FIGURES)} | changed | own
    given = {name for name, value in stored_figures.typed(statement).items() if value is not None}
    identity = {"scope": statement.scope, "accounting_standard": statement.accounting_standard}
    left_out = unknown(identity | values, identity | below, given)
    values |= dict.fromkeys(left_out)
    sources = {name: {"filing": claim.doc_id, **statement.places[name]} for name in changed}
    if statement.accounting_standard == "JGAAP" and (changed.keys() | left_out) & set(mapping.PARTS):
        values[mapping.DERIVED] = None if left_out & set(mapping.PARTS) else statements.own_equity(values)
        if values[mapping.DERIVED] not in (None, below.get(mapping.DERIVED)):
            sources[mapping.DERIVED] = {"filing": claim.doc_id, "element": mapping.FORMULA}
    pairs = {name: (below[name], value) for name, value in changed.items()}
    kind = restatement.class_of(pairs, statement.accounting_standard)
    link = Link(claim=claim, revision_type=kind, values=values, sources=sources, base=before)
    link.remarks += stewards.carry(claim.doc_id, claim.row, Figures(values, sources, link.carried))
    return (link,)


def _as_it_stands(link: Link, stewards: Stewards) -> dict[str, Any]:
    """What a revision's row holds in the end: what was set in it by hand stays, whatever its document says."""
    by_hand = {} if link.claim.row is None else stewards.set_in(link.claim.row)
    return {**link.values, **{name: by_hand[name] for name in (*TAKEN_OVER, *FIGURES) if name in by_hand}}


def _given_otherwise(statement: Statement, below: Row) -> Iterable[tuple[str, Any]]:
    """What is in neither document is not compared, nor what is no line: a sum may be of other lines."""
    if statement.currency != below.get("currency"):
        return
    for name, value in stored_figures.typed(statement).items():
        is_line = value is not None and stored_figures.is_traced(statement.places[name])
        if is_line and below.get(name) is not None and below[name] != value:
            yield name, value


def _computed(claim: Claim, statement: Statement) -> dict[str, Any]:
    """What stands in no line of the filing, or otherwise in its summary; all else follows from it and the mapping."""
    values = stored_figures.typed(statement)
    return {
        name: {"filing": claim.doc_id, **place}
        for name, place in statement.places.items()
        if values[name] is not None and (not stored_figures.is_traced(place) or summaries.SUMMARY in place)
    }


def with_summary(read: Statement, summarised: Iterable[Summarised]) -> Statement:
    """A report's own statement, whose figures keep what its summary says of them that it says otherwise."""
    basis = (read.scope, read.accounting_standard)
    said = (one for one in summarised if (one.scope, one.accounting_standard) == basis)
    return replace(read, places=summaries.otherwise(read.values, read.places, said))
