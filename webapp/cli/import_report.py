"""What an import did, or would do, told to whoever typed the command, in their language."""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp.cli.speaking import Speech
from webapp.db import Label
from webapp.models.company import Company
from webapp.services.changes import row_codec
from webapp.services.intake.importing import Preview

SHOWN = 20
# What a report calls rows of a kind, or a reason -> what people read.
SENTENCES = {
    "natural_person": "natural person",
    "etf_etn": "ETF or ETN",
    "reit_fund": "REIT or fund",
    "contribution_certificate": "contribution certificate",
    "preferred_or_class_share": "preferred or class share",
    "absent_from_a_list_with_unreadable_rows": "absent from a list with unreadable rows",
    "not_on_newer_edinet_list": "not on a newer EDINET list",
    "closed_since": "closed since",
    "unknown_industry": "unknown industry",
    "created": "created",
    "updated": "updated",
    "unchanged": "unchanged",
    "closed": "closed",
    "rejected": "rejected",
    "kept": "kept as a steward set them",
    "delisted": "delisted",
    "ceased": "off the list of filers",
}


def lines(preview: Preview, report: Mapping[str, Any], speech: Speech) -> Iterator[str]:
    """The report, line by line."""
    listing = preview.listing
    yield speech.gettext(
        "%(file)s: %(rows)s rows as of %(day)s (%(encoding)s)",
        file=report["file"],
        rows=f"{listing.total_rows:,}",
        day=listing.as_of_on,
        encoding=listing.encoding,
    )
    for kind, count in listing.left_out.items():
        yield "  " + speech.gettext("left out, %(kind)s: %(count)s", **_counted(speech, kind, count))
    for kind, count in preview.left_alone.items():
        yield "  " + speech.gettext("left as they are, %(kind)s: %(count)s", **_counted(speech, kind, count))
    yield "  " + ", ".join(f"{word(speech, name)} {count:,}" for name, count in report["counts"].items())
    for kind, count in preview.closed.items():
        yield "    " + speech.gettext("closed as %(kind)s: %(count)s", **_counted(speech, kind, count))
    for name, count in report["fields"].items():
        yield "    " + speech.gettext(
            "%(field)s: %(count)s differ", field=_field(speech, name), count=f"{count:,}"
        )
    yield from _trouble(preview, speech)
    if (end := _end(report, speech)) is not None:
        yield end


def word(speech: Speech, name: str) -> str:
    """What people read for a word of a report."""
    return speech.gettext(SENTENCES.get(name, name.replace("_", " ")))


def _trouble(preview: Preview, speech: Speech) -> Iterator[str]:
    for bad in preview.refused[:SHOWN]:
        yield "  " + speech.gettext(
            "refused: line %(line)s, %(column)s, %(value)s: %(reason)s",
            line=bad.line,
            column=bad.column or speech.gettext("the whole row"),
            value=bad.value or speech.gettext("no value"),
            reason=speech.gettext(bad.reason),
        )
    for finding in preview.findings[:SHOWN]:
        field = _field(speech, finding.field or "")
        yield "  " + speech.gettext(
            "finding: %(field)s: %(finding)s", field=field, finding=speech.finding(finding)
        )
    hidden = max(0, len(preview.refused) - SHOWN) + max(0, len(preview.findings) - SHOWN)
    if hidden:
        yield "  " + speech.gettext("… and %(hidden)s more; --json shows all", hidden=f"{hidden:,}")


def _end(report: Mapping[str, Any], speech: Speech) -> str | None:
    ends = {
        "unchanged": speech.gettext("Nothing to change."),
        "dry_run": speech.gettext("Dry run: nothing was written."),
        "applied": speech.gettext("Written as change set %(number)s.", number=report["change_set"]),
        "rejected": speech.gettext("Declined: nothing was written."),
    }
    return ends.get(report["status"])


def _counted(speech: Speech, kind: str, count: int) -> dict[str, str]:
    return {"kind": word(speech, kind), "count": f"{count:,}"}


def _field(speech: Speech, name: str) -> str:
    column = row_codec.table_of(Company).columns.get(name)
    label = None if column is None else column.info.get("label")
    return label.in_language(speech.language) if isinstance(label, Label) else name
