"""The page of an amendment: fact by fact what it says otherwise than the document that it amends."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import request
from flask.typing import ResponseReturnValue

from webapp.files.edinet.amendments import Difference
from webapp.files.edinet.filed_facts import FiledFact
from webapp.label import Label
from webapp.models.filing import Filing
from webapp.screens.record import forms
from webapp.screens.record.screen import RecordScreen
from webapp.screens.statements import fact_rows, facts_pages, filing_names, tracing
from webapp.screens.statements.fact_rows import PARTS, Columns, Use
from webapp.screens.statements.tracing import Figure
from webapp.services.intake.tracing import amendments, filed_figures
from webapp.services.intake.tracing.amendments import Amendment
from webapp.web.speaking import speech
from webapp.words import formatters, record_names
from webapp.words.speech import Speech

# What became of a fact: its word, and that of the style sheet.
ADDED = Label("追加", "Added"), "create"
REMOVED = Label("削除", "Removed"), "delete"
CHANGED = Label("変更あり", "Changed"), "update"


class Side(NamedTuple):
    """What one of the documents says, and in what it is counted."""

    value: Any
    unit: str


class Row(NamedTuple):
    """A fact that differs: what it says in both documents, None where it is not there, and what it became.

    `column`: its period, scope and members in words.
    """

    fact: FiledFact
    column: str
    word: str
    tone: str
    before: Side | None
    after: Side | None
    became: Sequence[Use]


def answer(screen: RecordScreen) -> ResponseReturnValue:
    """An amendment beside the document of `before`, or the one that it amends."""
    filing = screen.get_one(request.args.get("id"))
    if filing is None or filing.parent_doc_id is None:
        return forms.missing(screen)
    amendment = amendments.of(filing, request.args.get("before"))
    return screen.page(
        "filings/difference.html",
        filing=filing,
        name=record_names.of(filing, speech()),
        **filing_names.heading(filing, speech()),
        viewer=tracing.viewer_of(filing.doc_id),
        amendment=amendment,
        others=[(one.doc_id, _called(one)) for one in amendment.others],
        parts=_parts(screen, amendment),
    )


def _called(filing: Filing) -> str:
    return f"{filing.doc_id} ({formatters.instant(filing.submitted_at, speech())})"


def _parts(screen: RecordScreen, amendment: Amendment) -> list[tuple[str, list[Row]]]:
    """What differs, by part of the report."""
    if amendment.differences is None:
        return []
    by_part: Mapping[str, list[Row]] = {part: [] for part in PARTS}
    filing = filed_figures.of(amendment.filing.doc_id) if amendment.differences.facts else None
    columns = None if filing is None else Columns(filing, speech())
    for one in amendment.differences.facts:
        row = _row(screen, one, columns)
        by_part[row.fact.part].append(row)
    return [(speech().say(PARTS[part]), rows) for part, rows in by_part.items() if rows]


def _row(screen: RecordScreen, one: Difference, columns: Columns | None) -> Row:
    fact = one.after or one.before
    assert fact is not None
    label, tone = REMOVED if one.after is None else ADDED if one.before is None else CHANGED
    became = columns.filing.of(one.after) if columns is not None and one.after is not None else ()
    plan, spoken = facts_pages.plan_of_statements(screen), speech()
    uses = [
        fact_rows.use_of(use, fact_rows.label_of(plan, Figure(use.statement, use.field), spoken), spoken)
        for use in became
    ]
    before, after = (_side(side, spoken) for side in (one.before, one.after))
    column = "" if columns is None else columns.of(fact)
    return Row(fact, column, spoken.say(label), tone, before, after, uses)


def _side(fact: FiledFact | None, spoken: Speech) -> Side | None:
    return None if fact is None else Side(fact_rows.value_of(fact), fact_rows.unit_of(fact, spoken))
