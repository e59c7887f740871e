"""What the real reports restate of the year before, where they are at hand: exactly what was found by hand, whatever
order they come in, and each of its class."""

import csv
import os
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from webapp.files.edinet import document, mapping, periods, statements
from webapp.rules.calendar import JST
from webapp.services.intake import statement_chains
from webapp.services.intake.statement_chains import FIGURES, Claim, Link, Stewards

pytestmark = pytest.mark.real_data

FOLDER = Path(os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
Restated = dict[tuple[str, str, str, str], tuple[Decimal, Decimal, str]]
CLASSES = {"SPLIT": {"SPL"}, "STD": {"STD"}, "RES": {"RES"}, "CLA/discontinued": {"CLA", "DIS"}}
# A cash flow, which the list took for interest expense; what was worked out from restated figures, or came as a sum.
NEVER_READ = {("E01573", "2019-03-31", "S100J2QN", "interest_expense")}
FOLLOWING = {mapping.DERIVED, "interest_and_dividend_income", "receivables"}
NOBODY = Stewards(lambda _row: {}, lambda _document: None)


def annual_claims(folder: Path) -> dict[tuple[str, Any, str], list[Claim]]:
    """What all annual reports say of each group's year and standard, own and comparative."""
    claims: dict[tuple[str, Any, str], list[Claim]] = defaultdict(list)
    with (folder / "catalog.csv").open(encoding="utf-8-sig", newline="") as file:
        catalog = [row for row in csv.DictReader(file) if row["type_of_current_period"] == "FY"]
    for entry in catalog:
        report = document.read((folder / entry["path"]).read_bytes())
        own, before = periods.period(report), periods.year_before(report)
        submitted = f"{entry['submitDateTime'].replace(' ', 'T')}:00+09:00"
        read = [(own, one, False) for one in statements.read(report)]
        read += [(before, one, True) for one in statements.year_before(report) if before is not None]
        for period, statement, is_restating in read:
            if statement.scope == "consolidated" and period is not None:
                key = (entry["edinetCode"], period.fiscal_year_end_on, statement.accounting_standard)
                claims[key].append(_claim(entry["docID"], submitted, statement, is_restating=is_restating))
    return claims


def _claim(doc_id: str, submitted: str, statement: Any, *, is_restating: bool) -> Claim:
    values = {"currency": statement.currency, "rounding_unit": statement.rounding_unit}
    at = datetime.fromisoformat(submitted).astimezone(JST)
    return Claim(
        doc_id=doc_id, announced_at=at, statement=statement, is_restating=is_restating, values=values
    )


def restated(claims: dict[tuple[str, Any, str], list[Claim]]) -> Restated:
    """Each figure that a later report gives otherwise than what was filed first: old, new and class."""
    chains = {
        key: statement_chains.chain(some, NOBODY, is_in_another_standard=_is_filed_otherwise(key, claims))
        for key, some in claims.items()
    }
    changes: Restated = {}
    for key, links in chains.items():
        for link in links:
            base = link.base or (_first_filed(key, chains) if link.revision_type == "STD" else None)
            if base is not None:
                changes |= dict(_changes(key, link, base))
    return changes


def _is_filed_otherwise(key: tuple[str, Any, str], claims: dict[tuple[str, Any, str], list[Claim]]) -> bool:
    return any(
        other[:2] == key[:2] and other[2] != key[2] and any(not one.is_restating for one in some)
        for other, some in claims.items()
    )


def _first_filed(key: tuple[str, Any, str], chains: dict[Any, Any]) -> Link:
    (links,) = (links for other, links in chains.items() if other[:2] == key[:2] and other[2] != key[2])
    first: Link = links[0]
    return first


def _changes(key: tuple[str, Any, str], link: Link, base: Link) -> Iterator[Any]:
    for name in FIGURES:
        old, new = base.values.get(name), link.values.get(name)
        if old is not None and new is not None and old != new:
            yield (key[0], str(key[1]), link.claim.doc_id, name), (old, new, link.revision_type)


def test_the_restatements_of_real_reports_are_exactly_those_that_are_known() -> None:
    folder = FOLDER / "edinet_type5"
    if not folder.exists():
        pytest.skip("needs the real reports (STOCKCODE_REAL_DATA)")
    claims = annual_claims(folder)
    found = restated(claims)
    with (folder / "restatements_full.csv").open(encoding="utf-8", newline="") as file:
        known = {
            (row["edinet"], row["fiscal_year_end"], row["in_filing"], row["field"]): row
            for row in csv.DictReader(file)
        }
    assert known.keys() - found.keys() == NEVER_READ
    assert {key[3] for key in found.keys() - known.keys()} <= FOLLOWING
    for key in known.keys() & found.keys():
        old, new, kind = found[key]
        row = known[key]
        assert (old, new) == (Decimal(row["first_filed"]), Decimal(row["as_restated"])), key
        assert kind in CLASSES[row["class_guess"]], key
    for some in claims.values():
        random.Random(7).shuffle(some)
    assert restated(claims) == found
