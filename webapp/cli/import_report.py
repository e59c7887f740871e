"""What an import did, or would do, told to whoever typed the command, in their language."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from webapp.files.rows import BadRow
from webapp.label import Label
from webapp.services.changes import row_codec
from webapp.services.intake.importing import Preview
from webapp.words import remarks
from webapp.words.speech import Speech

SHOWN = 20
# How a report counts rows -> what people read.
SENTENCES = {
    "created": "created",
    "updated": "updated",
    "unchanged": "unchanged",
    "closed": "closed",
    "deleted": "deleted",
    "rejected": "rejected",
    "kept": "values entered by hand, kept",
}


def lines(preview: Preview, report: Mapping[str, Any], speech: Speech) -> Iterator[str]:
    """The report, line by line."""
    listing = preview.listing
    yield speech.ngettext(
        "%(file)s: %(num)s row as of %(day)s (%(encoding)s)",
        "%(file)s: %(num)s rows as of %(day)s (%(encoding)s)",
        listing.total_rows,
        file=report["file"],
        day=listing.as_of_on,
        encoding=listing.encoding,
    )
    for reason, count in _counted(listing.left_out, preview, speech):
        yield "  " + speech.gettext("left out, %(kind)s: %(count)s", kind=reason, count=count)
    for reason, count in _counted(preview.left_alone, preview, speech):
        yield "  " + speech.gettext("left as they are, %(kind)s: %(count)s", kind=reason, count=count)
    for reason, count in _counted(preview.repeated, preview, speech):
        yield "  " + speech.gettext("taken as updates, %(kind)s: %(count)s", kind=reason, count=count)
    counts = report["counts"].items()
    yield "  " + ", ".join(f"{speech.gettext(SENTENCES[name])} {count:,}" for name, count in counts)
    for reason, count in _counted(preview.closed, preview, speech):
        yield "    " + speech.gettext("closed as %(kind)s: %(count)s", kind=reason, count=count)
    for name, number in report["fields"].items():
        field = _field(name, preview, speech)
        yield "    " + speech.ngettext(
            "%(field)s: %(num)s differs", "%(field)s: %(num)s differ", number, field=field
        )
    yield from _trouble(preview, speech)
    if (end := _end(report, speech)) is not None:
        yield end


def _counted(
    rows_by_reason: Mapping[str, int], preview: Preview, speech: Speech
) -> Iterator[tuple[str, str]]:
    """Each reason in the words of the file's kind, and how many rows it holds for."""
    for reason, count in rows_by_reason.items():
        yield speech.say(preview.kind.word(reason)), f"{count:,}"


def _trouble(preview: Preview, speech: Speech) -> Iterator[str]:
    yield from refused(preview.refused, speech)
    findings = [finding for finding in preview.findings if not finding.is_blocking]
    for finding in findings[:SHOWN]:
        of_field = _field(finding.field, preview, speech) if finding.field and not finding.rule else None
        about = (finding.record, of_field)
        columns: Any = row_codec.table_of(preview.model).columns
        words = ": ".join(filter(None, (*about, remarks.sentence(finding, columns, speech))))
        yield "  " + speech.gettext("finding: %(finding)s", finding=words)
    yield from _hidden(findings, speech)


def refused(rows: Sequence[BadRow], speech: Speech) -> Iterator[str]:
    """The rows that are refused, as many as one can look at."""
    for bad in rows[:SHOWN]:
        yield "  " + speech.gettext(
            "refused: line %(line)s, %(column)s, %(value)s: %(reason)s",
            line=f"{bad.file}:{bad.line}" if bad.file else bad.line,
            column=bad.column or speech.gettext("the whole row"),
            value=bad.value or bad.record or speech.gettext("no value"),
            reason=speech.gettext(bad.reason, **bad.params),
        )
    yield from _hidden(rows, speech)


def _hidden(shown: Sequence[object], speech: Speech) -> Iterator[str]:
    if len(shown) > SHOWN:
        hidden = f"{len(shown) - SHOWN:,}"
        yield "  " + speech.gettext("… and %(hidden)s more; --json shows all", hidden=hidden)


def _end(report: Mapping[str, Any], speech: Speech) -> str | None:
    ends = {
        "unchanged": speech.gettext("Nothing to change."),
        "dry_run": speech.gettext("Dry run: nothing was written."),
        "applied": speech.gettext("Written as change set %(number)s.", number=report["change_set"]),
        "rejected": speech.gettext("Declined: nothing was written."),
        "deferred": speech.gettext(
            "Waits as job %(job)s, for change set %(number)s.",
            job=report.get("job"),
            number=report["change_set"],
        ),
    }
    return ends.get(report["status"])


def _field(name: str, preview: Preview, speech: Speech) -> str:
    column = row_codec.table_of(preview.model).columns.get(name)
    if column is None:
        # A report is a filing and statements.
        others = {item.wish.model for item in preview.proposal.items}
        columns = (row_codec.table_of(model).columns.get(name) for model in others)
        column = next((one for one in columns if one is not None), None)
    label = None if column is None else column.info.get("label")
    return speech.say(label) if isinstance(label, Label) else name
