"""Which element of EDINET's taxonomies is which of our fields: data with a version, by element and context.

Never by company. `elements_N.csv` is not edited once it was released: a newer one takes the next number. Columns:
`standard` and `industry_format` of the statement for which a line holds (ANY for every standard); `priority`, the
lowest first, and a statement's line before a note's; `period`, duration or instant; `context`, where the element
stands when not in the statement's own scope: `parent` for what a filer says of itself alone even in consolidated
reports (dividends, shares, 資本金), `filer` for what has no scope at all (自己株式等), `non_consolidated` for what
means something else in consolidated ones. `a + b` is the sum of what is there of lines that filers give apart or as
one; `own:a` a filer's own element of that name, whoever the filer is: by EDINET's rules such a name is the English
label (EDINETタクソノミ用ガイドライン). `where`: what else has to be there for the line to hold (`a`), be smaller than
another sum (`a > b`: the whole before its part), or the same (`a = b`, as far as filers round). `why` a line is there.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

VERSION = 6
# The newest of EDINET's yearly taxonomies whose elements a version knows. That of a year is for periods that end from
# its 31 March on (金融庁, EDINETタクソノミの適用時期).
NEWEST_TAXONOMY = {1: 2025, 2: 2025, 3: 2025, 4: 2025, 5: 2025, 6: 2026}
ANY = "ANY"
# What is not filed in one line: J-GAAP's 自己資本, 純資産 less 新株予約権 and 非支配株主持分 (企業会計基準第5号).
FORMULA = "derived: net_assets - subscription_rights - non_controlling_interests"
DERIVED = "equity_attributable_to_owners"
PARTS = ("net_assets", "subscription_rights", "non_controlling_interests")
PLUS = " + "
# jpcrp030000-asr_E02144-000:OperatingRevenuesIFRSKeyFinancialData, an element of one filer's in one kind of report.
OF_FILER, OWN = re.compile(r"jp[a-z]{3}[0-9]{6}-[a-z0-9]+_[A-Z][0-9]{5}-[0-9]{3}:"), "own:"
COMPARED = re.compile(r" ([>=]) ")


@dataclass(frozen=True, slots=True)
class Where:
    """What has to be so for a line to hold: `left` is there and, where there is a `sign`, so it stands to `right`."""

    left: Sequence[str]
    sign: str
    right: Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One element that may be one of our fields; `elements` are those of which it is the sum, mostly one.

    `why` is for people alone; mappings before the sixth say nothing of it, nor of `where`.
    """

    field: str
    standard: str
    industry_format: str
    priority: int
    element: str
    period: str
    context: str
    elements: Sequence[str]
    where: Where | None = None
    why: str = ""


@cache
def lines(version: int = VERSION) -> Sequence[Line]:
    """The whole mapping, in its order."""
    path = Path(__file__).with_name(f"elements_{version}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_line(row) for row in csv.DictReader(file))


def _line(row: dict[str, str]) -> Line:
    priority, where = int(row.pop("priority")), row.pop("where", "")
    return Line(
        priority=priority,
        elements=tuple(row["element"].split(PLUS)),
        where=_where(where) if where else None,
        **row,
    )


def _where(text: str) -> Where:
    left, *compared = COMPARED.split(text)
    sign, right = compared or ("", "")
    return Where(tuple(left.split(PLUS)), sign, tuple(right.split(PLUS)) if right else ())


def named(element: str) -> str:
    """An element as lines name it: of a filer's own the name alone."""
    return OF_FILER.sub(OWN, element, count=1)


@cache
def of(standard: str, industry_format: str, version: int = VERSION) -> Mapping[str, Sequence[Line]]:
    """The elements of each field, the best first: of the industry's own format, of the standard, of any standard."""
    by_field: dict[str, list[Line]] = {}
    for line in lines(version):
        if _speaks_of(line, standard) and line.industry_format in ("", industry_format):
            by_field.setdefault(line.field, []).append(line)
    return {name: tuple(sorted(choice, key=_rank)) for name, choice in by_field.items()}


def _speaks_of(line: Line, standard: str) -> bool:
    """修正国際基準 differs from IFRS in what is recognised, not in its elements (JMIS, ASBJ 2015)."""
    return line.standard in ("IFRS" if standard == "JMIS" else standard, ANY)


def _rank(line: Line) -> tuple[bool, bool, int]:
    return not line.industry_format, line.standard == ANY, line.priority


@cache
def elements(version: int = VERSION) -> frozenset[str]:
    """Every element that may be one of our fields."""
    return frozenset(element for line in lines(version) for element in line.elements)


@cache
def fields(standard: str, version: int = VERSION) -> frozenset[str]:
    """Every field that a statement of this standard may have, whatever its industry."""
    of_standard = {line.field for line in lines(version) if _speaks_of(line, standard)}
    return frozenset(of_standard | ({DERIVED} if standard == "JGAAP" else set()))
