"""Every fact of a report as people look at it: in the filer's order, by part, long texts cut. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from webapp.files.edinet import document, filing, report_parts
from webapp.files.edinet.document import Fact
from webapp.files.edinet.filing import Filing

# A table in a note has up to a million characters; nobody reads it in a cell.
LONGEST = 160
# Of these many, blanks are taken out.
READ = 1000


@dataclass(frozen=True, slots=True)
class FiledFact:
    """One fact: `value` as the file has it, cut where it is long; `number` is None where it is nil or a text."""

    line: int
    element: str
    label: str
    context: str
    unit: str
    value: str
    number: Decimal | None
    part: str


@dataclass(frozen=True, slots=True)
class FiledFacts:
    """A report, and all its facts."""

    filing: Filing
    facts: Sequence[FiledFact]


def read(content: bytes, name: str) -> FiledFacts:
    """The report in a zip of type 5 whose name begins with its document id; raises WrongFile."""
    report = document.read(content)
    facts = tuple(
        shown(fact, part) for fact, part in zip(report.facts, report_parts.of(report.facts), strict=True)
    )
    return FiledFacts(filing.of_document(report, content, name), facts)


def shown(fact: Fact, part: str) -> FiledFact:
    """A fact of a part, with its value cut."""
    return FiledFact(
        fact.line, fact.element, fact.label, fact.context, fact.unit, cut(fact.value), fact.number, part
    )


def cut(value: str) -> str:
    """The beginning of a text in one line."""
    if len(value) <= LONGEST and "\n" not in value:
        return value
    line = " ".join(value[:READ].split())
    return line if len(line) <= LONGEST and len(value) <= READ else line[: LONGEST - 1] + "…"
