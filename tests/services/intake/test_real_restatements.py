"""What the real reports say, where they are at hand: what they restate of the year before is exactly what was found by
hand, whatever order they come in, each of its class; and every figure that becomes stored is what a fact says.
"""

import csv
import os
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from webapp.files import seed_tables
from webapp.files.edinet import document, filing, mapping, statements
from webapp.files.edinet.filing import Filing
from webapp.files.seed_tables import SeedRow
from webapp.rules.accounting.rule import Rule, outcome
from webapp.rules.accounting.unsaid import SUMS
from webapp.rules.calendar import JST
from webapp.rules.expressions import NOW
from webapp.services.changes.filed import statement_chains, statement_identities
from webapp.services.changes.filed.statement_chains import FIGURES, Claim, Link
from webapp.services.changes.filed.statement_identities import Identity
from webapp.services.changes.filed.steward_figures import Stewards
from webapp.services.changes.filed.stored_reports import Reader
from webapp.services.intake.seeding import SEED

pytestmark = pytest.mark.real_data

FOLDER = Path(os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
Restated = dict[tuple[str, str, str, str], tuple[Decimal, Decimal, str]]
CLASSES = {"SPLIT": {"SPL"}, "STD": {"STD"}, "RES": {"RES"}, "CLA/discontinued": {"CLA", "DIS"}}
# What was worked out from restated figures, or came as a sum.
FOLLOWING = {mapping.DERIVED, "interest_and_dividend_income", "receivables"}
# The list takes interest paid in cash (利息の支払額, -371) for the interest expense (支払利息) that stands beside it.
IN_CASH = ("E01573", "2019-03-31", "S100J2QN", "interest_expense")
NOBODY = Stewards(Identity("", "", "", ""), {}, {}, Reader())
# Company, end of the fiscal year, months, standard and scope.
Key = tuple[str, Any, str, str, str]
Claims = Mapping[Key, list[Claim]]
Facts = Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True, slots=True)
class Read:
    """All reports: the numbers in each, and what they say of each statement, own and comparative."""

    numbers: Mapping[str, Facts]
    claims: Claims

    @property
    def annual(self) -> Claims:
        """Of each group's years."""
        return {key: some for key, some in self.claims.items() if key[2::2] == ("FY", "consolidated")}


def seed_rows(file: str) -> list[SeedRow]:
    return seed_tables.read(file, (SEED / file).read_bytes())


@pytest.fixture(scope="module")
def real() -> Read:
    folder = FOLDER / "edinet_type5"
    if not folder.exists():
        pytest.skip("needs the real reports (STOCKCODE_REAL_DATA)")
    numbers, claims = {}, defaultdict(list)
    with (folder / "catalog.csv").open(encoding="utf-8-sig", newline="") as file:
        for entry in csv.DictReader(file):
            content = (folder / entry["path"]).read_bytes()
            report = document.read(content)
            numbers[entry["docID"]] = {
                (fact.element, fact.context): fact.number for fact in report.facts if fact.number is not None
            }
            for key, claim in _said(entry, filing.of_document(report, content, entry["docID"])):
                claims[key].append(claim)
    return Read(numbers, claims)


def _said(entry: Mapping[str, str], report: Filing) -> Iterator[tuple[Key, Claim]]:
    # Of some only the day is known.
    at = datetime.fromisoformat(entry["submitDateTime"] or str(report.as_of_on)).replace(tzinfo=JST)
    for period, read in ((report.period, report.rows), (report.period_before, report.before)):
        for one in read:
            assert period is not None
            months = statement_identities.months(period.type)
            yield (
                (entry["edinetCode"], period.fiscal_year_end_on, months, one.accounting_standard, one.scope),
                Claim(
                    doc_id=report.doc_id,
                    announced_at=at,
                    statement=one,
                    is_restating=period is not report.period,
                    values={"currency": one.currency, "rounding_unit": one.rounding_unit},
                ),
            )


def chained(claims: Claims) -> Mapping[Key, list[Link]]:
    """The revisions of each statement."""
    return {
        key: [*statement_chains.chain(some, NOBODY, is_in_another_standard=_is_filed_otherwise(key, claims))]
        for key, some in claims.items()
    }


def restated(claims: Claims) -> Restated:
    """Each figure that a later report gives otherwise than what was filed first: old, new and class."""
    chains = chained(claims)
    changes: Restated = {}
    for key, links in chains.items():
        for link in links:
            base = link.base or (_first_filed(key, chains) if link.revision_type == "STD" else None)
            if base is not None:
                changes |= dict(_changes(key, link, base))
    return changes


def _is_in_another_standard(key: Key, other: Key) -> bool:
    return (*key[:3], key[4]) == (*other[:3], other[4]) and key[3] != other[3]


def _is_filed_otherwise(key: Key, claims: Claims) -> bool:
    return any(
        _is_in_another_standard(key, other) and any(not one.is_restating for one in some)
        for other, some in claims.items()
    )


def _first_filed(key: Key, chains: Mapping[Key, list[Link]]) -> Link:
    (links,) = (links for other, links in chains.items() if _is_in_another_standard(key, other) and links)
    return links[0]


def _changes(key: Key, link: Link, base: Link) -> Iterator[Any]:
    for name in FIGURES:
        old, new = base.values.get(name), link.values.get(name)
        if old is not None and new is not None and old != new:
            yield (key[0], str(key[1]), link.claim.doc_id, name), (old, new, link.revision_type)


def test_the_restatements_of_real_reports_are_exactly_those_that_are_known(real: Read) -> None:
    found = restated(real.annual)
    with (FOLDER / "edinet_type5" / "restatements_full.csv").open(encoding="utf-8", newline="") as file:
        known = {
            (row["edinet"], row["fiscal_year_end"], row["in_filing"], row["field"]): row
            for row in csv.DictReader(file)
        }
    assert known.keys() - found.keys() == set()
    more = {key: change for key, change in found.items() if key not in known and key[3] not in FOLLOWING}
    assert more == {}
    for key, row in known.items():
        old, new, kind = found[key]
        expected = Decimal(355_000_000 if key == IN_CASH else row["as_restated"])
        assert (old, new) == (Decimal(row["first_filed"]), expected), key
        assert kind in CLASSES[row["class_guess"]], key
    for some in real.claims.values():
        random.Random(7).shuffle(some)
    assert restated(real.annual) == found


def test_no_sum_that_was_kept_is_broken_by_a_figure_that_only_the_report_before_gives(real: Read) -> None:
    laid_over = [
        (key, link) for key, links in chained(real.claims).items() for link in links if link.base is not None
    ]
    assert len(laid_over) > 50
    for key, link in laid_over:
        words = dict(zip(("period_type", "accounting_standard", "scope"), key[2:], strict=True))
        assert link.base is not None
        assert link.claim.statement is not None
        given = {name for name, value in link.claim.statement.values.items() if value is not None}
        for rule in broken_sums(words | link.values) - broken_sums(words | link.base.values):
            # Such as a year's profit beside that of discontinued operations: the filer says all of it.
            assert {figure.name for figure in rule.figures()} <= given, (key, rule.key)


def broken_sums(row: Mapping[str, Any]) -> set[Rule]:
    outcomes = (outcome(rule, {NOW: row}) for rule in SUMS)
    return {one.rule for one in outcomes if one is not None and not one.is_kept}


def stated(link: Link, name: str, numbers: Mapping[str, Facts]) -> Decimal | None:
    """What stands where a figure says that it stands: of its own document, or that over which it is laid."""
    source = link.sources.get(name)
    if source is None:
        if link.base is not None:
            return stated(link.base, name, numbers)
        assert link.claim.statement is not None
        source = {"filing": link.claim.doc_id, **link.claim.statement.places[name]}
    if source["element"] == mapping.FORMULA:
        return statements.own_equity(link.values)
    facts = numbers[source["filing"]]
    return sum((facts[one, source["context"]] for one in source["element"].split(mapping.PLUS)), Decimal(0))


def test_every_figure_of_all_real_reports_is_what_stands_where_it_says(real: Read) -> None:
    figures = [
        (link, name)
        for links in chained(real.claims).values()
        for link in links
        for name in FIGURES
        if link.values.get(name) is not None
    ]
    untraced = [
        (link.claim.doc_id, name)
        for link, name in figures
        if stated(link, name, real.numbers) != Decimal(link.values[name])
    ]
    assert untraced == []
    assert len(figures) == 14_028


def test_the_seed_has_of_these_reports_what_importing_them_gives_at_the_same_places(real: Read) -> None:
    read = {
        (one.doc_id, one.statement.scope, one.statement.accounting_standard): one.statement
        for some in real.claims.values()
        for one in some
        if not one.is_restating and one.statement is not None
    }
    seeded = {row.needed("statement"): row for row in seed_rows("statements.csv")}
    figures = seed_rows("figures.csv")
    for figure in figures:
        of, name = seeded[figure.needed("statement")], figure.needed("field")
        statement = read[of.needed("filing_doc_id"), of.needed("scope"), of.needed("accounting_standard")]
        assert of.needed("industry_format") == statement.industry_format
        assert statement.values[name] == Decimal(figure.needed("value")), (of, name)
        place = {"element": figure.needed("element"), "context": figure.needed("context")}
        assert statement.places[name] == place, (of, name)
    assert len(figures) == 2_703
