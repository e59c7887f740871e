"""What is remarked on a file and its rows, each remark with the line and the record that it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from webapp.files.rows import BadRow, MasterList, WrongFile
from webapp.label import Phrase
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_labels
from webapp.services.changes.proposals import Proposal, Wish
from webapp.services.intake.merging import Merge


def refused_rows(merge: Merge, proposal: Proposal) -> Iterator[BadRow]:
    """The rows that could be read and yet cannot be taken."""
    refused: Iterable[tuple[Wish, Finding]] = [
        *merge.refused,
        *(
            (wish, finding)
            for wish, findings in proposal.refused
            for finding in findings
            if finding.is_blocking
        ),
    ]
    for wish, finding in refused:
        yield BadRow(
            wish.line or 0,
            finding.field,
            finding.params.get("value"),
            finding.message,
            params=finding.params,
            record=row_labels.called(wish.model, wish.values),
        )


def rejected(bad: BadRow) -> dict[str, Any]:
    """A refused row as JSON values."""
    of_file = {} if bad.file is None else {"file": bad.file}
    values = {"line": bad.line, "column": bad.column, "value": bad.value, "reason": bad.reason % bad.params}
    return of_file | values


def of_refused(bad: BadRow) -> Finding:
    """A refused row as part of the record of an import."""
    shown = {} if bad.value is None else {"value": bad.value}
    return Finding(
        bad.column, bad.reason, {**shown, **bad.params}, record=bad.record or bad.file, line=bad.line
    )


def of_wrong_file(error: WrongFile) -> Finding:
    """Why one file of several is not taken."""
    values = {name: str(value) for name, value in error.values.items()}
    said = {"expected": Phrase(error.expected, values), "found": Phrase(error.found, values)}
    return Finding(None, "Expected %(expected)s; found %(found)s.", said)


def of_list(listing: MasterList[Any]) -> Iterator[Finding]:
    """What the reader met and did not know."""
    for remark in listing.remarks:
        params = {"value": remark.value, "rows": remark.rows}
        yield Finding(remark.column, remark.reason, params, is_blocking=False)


def of_items(proposal: Proposal) -> Iterator[Finding]:
    """What is remarked on the rows that would change."""
    for item in proposal.items:
        key = None if item.key is None else row_codec.row_key(item.key)
        for finding in item.findings:
            yield replace(finding, record=item.label or None, row_key=key, line=item.wish.line)


def placed(finding: Finding, listing: MasterList[Any]) -> Finding:
    """The finding with the line in its own file, where the list is made of several."""
    return finding if finding.line is None else replace(finding, line=listing.place(finding.line)[1])
