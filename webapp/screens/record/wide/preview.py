"""What a change of many rows would do, as people read it: how many, which fields, and each row before and after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.rules.findings import Finding
from webapp.screens.record import change_messages, displayed_values
from webapp.screens.record.displayed_values import Change, Difference
from webapp.screens.record.screen import RecordScreen
from webapp.services.changes.proposals import Moved, Refused
from webapp.services.intake.wide.bulk import Previewed
from webapp.web.speaking import speech
from webapp.words.speech import Speech
from webapp.words.watched import moved_indicators

# Rows that a page shows; its counts tell of all.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A row that would change: what it is called, its fields before and after, and what is remarked."""

    name: str
    differences: Sequence[Difference]
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """Counts, the rows that would change, and those that are refused with their reasons, as many as a page shows.

    `remarks` are about all of it.
    """

    changed: int
    unchanged: int
    refused: int
    gone: int
    fields: Sequence[tuple[str, int]]
    rows: Sequence[Row]
    refusals: Sequence[tuple[str, str]]
    remarks: Sequence[str]
    digest: str


def of(screen: RecordScreen, previewed: Previewed) -> Preview:
    """What would be written, in the language of whoever asks."""
    proposal, spoken = previewed.proposal, speech()
    items = proposal.counted[:MOST_SHOWN]
    documents = [item.as_json() for item in items]
    differences = displayed_values.of_changes(
        [Change(item.model, one["before"], one["after"]) for item, one in zip(items, documents, strict=True)]
    )
    names = previewed.names_of(items, spoken.language)
    rows = [
        Row(name, of_row, [*_worded(screen, item.findings)])
        for name, of_row, item in zip(names, differences, items, strict=True)
    ]
    return Preview(
        changed=len(proposal.counted),
        unchanged=proposal.unchanged,
        refused=len(proposal.refused),
        gone=previewed.gone,
        fields=[
            (said, number)
            for name, number in proposal.fields.items()
            if (said := displayed_values.names_of_columns(screen.plan.model, [name]))
        ],
        rows=rows,
        refusals=[
            (name, _refusal(screen, finding))
            for name, finding in previewed.refused(MOST_SHOWN, spoken.language)
        ],
        remarks=[*_worded(screen, previewed.remarks), *_moves(previewed, spoken)],
        digest=previewed.digest,
    )


def _moves(previewed: Previewed, speech: Speech) -> Iterator[str]:
    yield from moved_indicators.rehearsed(previewed.moves, speech)


def refusals(screen: RecordScreen, outcome: Any) -> list[str]:
    """Why nothing can be written at all."""
    if isinstance(outcome, Refused):
        return list(dict.fromkeys(_worded(screen, outcome.findings)))
    if isinstance(outcome, Moved):
        return [speech().gettext("Nothing was saved: a record has changed or gone meanwhile. Look again.")]
    return [change_messages.said(outcome, speech())]


def _refusal(screen: RecordScreen, finding: Finding) -> str:
    """Why a row is refused, with what was typed where a finding knows it."""
    sentence, typed = change_messages.worded(screen.plan.table_columns, finding, speech()), finding.params
    return f"{sentence} “{typed['value']}”" if "value" in typed else sentence


def _worded(screen: RecordScreen, findings: Sequence[Finding]) -> Iterator[str]:
    columns = screen.plan.table_columns
    yield from (change_messages.worded(columns, finding, speech()) for finding in findings)
