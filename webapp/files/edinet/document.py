"""Read what EDINET gives as type 5 (CSV) of a report: who filed it, for which period, and every fact. Pure.

Source: EDINET API 仕様書 (Version 2), 書類取得API, type 5: a zip with XBRL_TO_CSV/*.csv, in UTF-16LE
with tabs and nine columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from webapp.files import archives, encodings
from webapp.files.looking import Look
from webapp.files.rows import WrongFile, shown

HEADINGS = (
    "要素ID",
    "項目名",
    "コンテキストID",
    "相対年度",
    "連結・個別",
    "期間・時点",
    "ユニットID",
    "単位",
    "値",
)
FOLDER = "XBRL_TO_CSV/"
DEI = "jpdei_cor:"
# What a filer leaves out; a zero is written 0.
NIL = ("－", "")
# xsd:boolean has two words for each.
FLAGS = {"true": True, "1": True, "false": False, "0": False}
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# The largest real facts have 15 digits.
MAX_DIGITS = 30
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# jpcrp040300-q3r-001_E01573-000_2016-12-31_01_2017-02-13.csv
FILE_NAME = re.compile(
    r"(?P<taxonomy>[a-z]{5})(?P<form>[0-9]{6})-(?P<report>[a-z0-9]{2,4})-[^_]+_[^_]+"
    r"(?:_.*?(?P<submitted>[0-9]{4}-[0-9]{2}-[0-9]{2})?)?\.csv"
)
# 有価証券報告書, 四半期報告書, 半期報告書 of companies (企業内容等の開示に関する内閣府令).
COMPANY_REPORTS = re.compile(r"jpcrp-(asr|q[1-4]r|ssr)")
# What else comes as type 5, by taxonomy and report, as a refusal calls it.
SENTENCES = {
    "jpsps-.*": "a report of an investment fund",
    "jplvh-.*": "a report of a large holding",
    "jptoo-.*": "a document of a tender offer",
    "jpctl-.*": "an internal control report",
    "jpcrp-srs": "a securities registration statement",
    "jpcrp-esr": "an extraordinary report",
    "jpcrp-sbr": "a report of the purchase of own shares",
    "jpcrp-rep": "a report on the status of a parent company",
    "jpaud-.*": "an audit report alone",
}


def is_in(look: Look) -> bool:
    """Whether a file is a zip as EDINET gives it of a document, of whatever kind that is."""
    return any(entry.startswith(FOLDER) for entry in look.entries)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a filing. `number` is None where the value is nil or a text."""

    line: int
    element: str
    label: str
    context: str
    unit: str
    value: str
    number: Decimal | None


@dataclass(frozen=True, slots=True)
class Document:
    """A report of a company: its facts in the filer's order, each once, and its DEI by element without prefix.

    `report` is the word of EDINET's file names (asr, q1r … q3r, ssr). `submitted_on` is the day in the file name.
    """

    report: str
    submitted_on: date | None
    facts: Sequence[Fact]
    dei: Mapping[str, str]

    def said(self, name: str) -> str | None:
        """What the DEI says, None where it says nothing."""
        value = self.dei.get(name, "")
        return None if value in NIL else value

    def flag(self, name: str) -> bool | None:
        """A flag of the DEI as text, of which any but the empty one is true in Python; None where it says nothing."""
        return FLAGS.get((self.said(name) or "").lower())

    def day(self, name: str) -> date:
        """A day of the DEI; raises WrongFile where there is none."""
        value = self.said(name)
        try:
            return date.fromisoformat(value if value is not None and DAY.fullmatch(value) else "")
        except ValueError:
            raise WrongFile(
                expected="a day in %(element)s", found="“%(value)s”", element=name, value=shown(value or "－")
            ) from None


def read(content: bytes) -> Document:
    """The report in a zip of type 5; raises WrongFile for everything else, saying what it is."""
    if not archives.is_zip(content):
        raise WrongFile(expected="a zip of EDINET with XBRL_TO_CSV in it", found="no zip")
    tables = archives.tables(content, FOLDER)
    names = {name.removeprefix(FOLDER): name for name in tables}
    parts = {plain: match for plain in names if (match := FILE_NAME.fullmatch(plain))}
    reports = [plain for plain, match in parts.items() if COMPANY_REPORTS.fullmatch(_kind(match))]
    if len(reports) != 1:
        raise WrongFile(
            expected="an annual, quarterly or half-year report of a company, as EDINET gives it in CSV",
            found=_called([_kind(match) for match in parts.values()], len(reports)),
        )
    (name,) = reports
    text, _ = encodings.decode(tables[names[name]])
    facts = tuple(_each_once(_facts(text)))
    dei = {fact.element.removeprefix(DEI): fact.value for fact in facts if fact.element.startswith(DEI)}
    submitted = parts[name]["submitted"]
    return Document(
        report=parts[name]["report"],
        submitted_on=_day(submitted) if submitted else None,
        facts=facts,
        dei=MappingProxyType(dei),
    )


def _kind(match: re.Match[str]) -> str:
    return f"{match['taxonomy']}-{match['report']}"


def _called(kinds: Sequence[str], reports: int) -> str:
    says = "several reports in one zip" if reports else "another document"
    names = (name for shape, name in SENTENCES.items() if any(re.fullmatch(shape, kind) for kind in kinds))
    return says if reports else next(names, says)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _facts(text: str) -> Iterator[Fact]:
    """Every line; each cell stands in quotation marks, and a value may hold tabs and line ends and be of any length."""
    lines = _lines(text)
    _, first = next(lines)
    if tuple(_cells(first)) != HEADINGS:
        raise WrongFile(expected="the nine columns of EDINET's CSV", found="another first line")
    for number, line in lines:
        cells = _cells(line)
        if len(cells) != len(HEADINGS):
            raise WrongFile(
                expected="nine columns in every line", found="a broken line %(line)s", line=f"{number:,}"
            )
        element, label, context, _, _, _, unit, _, value = cells
        yield Fact(number, element, label, context, unit, value, _number(unit, value))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, with their numbers; one whose last cell is still open goes on in the next."""
    begun: list[str] = []
    for number, written in enumerate(text.split("\n"), start=1):
        line = written.removesuffix("\r")
        if begun or (line and not _is_closed(line)):
            begun.append(line)
            if len(begun) == 1 or not _is_closed(line):
                continue
            yield number - len(begun) + 1, "\n".join(begun)
            begun = []
        elif line:
            yield number, line
    if begun:
        yield number - len(begun) + 1, "\n".join(begun)


def _is_closed(line: str) -> bool:
    """Whether a line ends with the quotation mark of its last cell, and not with one that is doubled within it."""
    last = line[line.rfind("\t") + 1 :]
    marks = len(last) - len(last.rstrip('"'))
    return last == '""' or marks % 2 == 1


def _cells(line: str) -> Sequence[str]:
    if len(line) < 2 or line[0] != '"' or line[-1] != '"':
        return ()
    cells = line[1:-1].split('"\t"', len(HEADINGS) - 1)
    return [cell.replace('""', '"') for cell in cells] if '""' in line else cells


def _number(unit: str, value: str) -> Decimal | None:
    """The number of a fact with a unit; flags, days and texts have none, and a nil is not zero."""
    if not unit or unit in NIL or len(value) > MAX_DIGITS or not NUMBER.fullmatch(value):
        return None
    return Decimal(value)


def _each_once(facts: Iterator[Fact]) -> Iterator[Fact]:
    """A fact may stand on several pages of a report (1 in 5 does); where it then differs, the file is wrong.

    Source: EDINET's own check EC8024E, duplicate facts of different value.
    """
    seen: dict[tuple[str, str, str], Fact] = {}
    for fact in facts:
        before = seen.setdefault((fact.element, fact.context, fact.unit), fact)
        if before is fact:
            yield fact
        elif before.number != fact.number:
            raise WrongFile(
                expected="one value for each fact",
                found="two for %(element)s, in lines %(first)s and %(second)s",
                element=shown(fact.element),
                first=f"{before.line:,}",
                second=f"{fact.line:,}",
            )
