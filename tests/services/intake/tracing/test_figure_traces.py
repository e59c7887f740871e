"""Every figure of every statement follows from facts of the same value."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AUTHOR
from tests.files.edinet.filings import DEI, PARENT, Line, flow, stock
from tests.services.intake import reports
from tests.services.intake.reports import annual, before, edit, figures, interim, rows, take
from webapp import db
from webapp.files.edinet import mapping
from webapp.files.edinet.statements import STANDARDS
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec
from webapp.services.changes.filed.statement_chains import FIGURES
from webapp.services.changes.following import steward_values
from webapp.services.intake import importing
from webapp.services.intake.importing import Request
from webapp.services.intake.tracing import figure_origins, filed_figures
from webapp.services.intake.tracing import figure_traces as traces

pytestmark = pytest.mark.usefixtures("connection")

FIRST, SECOND = "S100AAAA", "S100BBBB"
SCOPES = {"consolidated": "", "non_consolidated": PARENT}
# The standard, the industry's code in the DEI, the scope, and which of the elements of a field stand there.
FILERS = [
    ("Japan GAAP", "CTE", "consolidated", 0),
    ("Japan GAAP", "CTE", "non_consolidated", 1),
    ("Japan GAAP", "BK1", "consolidated", 0),
    ("Japan GAAP", "BK1", "non_consolidated", 1),
    ("Japan GAAP", "IN1", "consolidated", 0),
    ("Japan GAAP", "SE", "consolidated", 0),
    ("Japan GAAP", "CN", "consolidated", 2),
    ("Japan GAAP", "RW", "non_consolidated", 3),
    ("IFRS", "CTE", "consolidated", 0),
    ("IFRS", "CTE", "consolidated", 1),
    ("JMIS", "CTE", "consolidated", 0),
    ("US GAAP", "CTE", "consolidated", 0),
]
UNITS = {"money": "JPY", "per_share": "JPYPerShares", "shares": "shares"}
NEGATIVE = {"treasury_shares"}


def whole_report(standard: str, industry: str, scope: str, place: int) -> Iterator[Line]:
    """A line for each field that a filer of this kind may have, every one with a number of its own.

    What several fields are read from stands there once.
    """
    columns = row_codec.table_of(FinancialStatement).columns
    formats = {"BK1": "BNK", "IN1": "INS", "CN": "CNS", "RW": "RWY", "SE": "SEC"}
    choices = mapping.of(STANDARDS[standard], formats.get(industry, industry))
    given: set[tuple[str, str]] = set()
    for number, (name, choice) in enumerate(sorted(choices.items()), start=1):
        line = choice[min(place, len(choice) - 1)]
        unit = columns[name].info["unit"]
        value = Decimal(number) / 100 if unit in ("ratio", "multiple") else number * 1000
        signed = -value if name in NEGATIVE else value
        for element in line.elements:
            where = _context(line, scope)
            if (element, where) in given:
                continue
            given.add((element, where))
            yield (stock if line.period == "instant" else flow)(
                element, signed, where, UNITS.get(unit, "pure")
            )


def _context(line: mapping.Line, scope: str) -> str:
    plain = "CurrentYearInstant" if line.period == "instant" else "CurrentYearDuration"
    return plain if line.context == "filer" else plain + SCOPES[scope]


def untraced(statement: FinancialStatement, read: traces.Read) -> list[tuple[str, str]]:
    """The figures that do not follow from facts of the same value, and how they follow."""
    shown = []
    with reading_once():
        for name in FIGURES:
            value = getattr(statement, name)
            if value is not None:
                trace = traces.of(statement, name, read).trace
                is_sure = trace.how in (traces.LINE, traces.SUM) and _comes_to(trace.facts, value)
                if not (is_sure or (trace.how == traces.FORMULA and trace.facts)):
                    shown.append((name, trace.how))
    return shown


@contextmanager
def reading_once() -> Iterator[None]:
    """What traces ask of a statement as a whole is asked once for all of its figures: nothing changes meanwhile."""
    filed, by_hand = figure_origins.as_filed, steward_values.of_rows
    kept: dict[Any, Any] = {}

    def filed_once(statement: FinancialStatement, reader: Any) -> Any:
        if statement.id not in kept:
            kept[statement.id] = filed(statement, reader)
        return kept[statement.id]

    def by_hand_once(model: Any, keys: Any) -> Any:
        if tuple(keys) not in kept:
            kept[tuple(keys)] = by_hand(model, keys)
        return kept[tuple(keys)]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(figure_origins, "as_filed", filed_once)
        patched.setattr(steward_values, "of_rows", by_hand_once)
        yield


def _comes_to(facts: Sequence[Any], value: Any) -> bool:
    return bool(facts) and sum(fact.number for fact in facts) == value


@pytest.mark.parametrize("filer", FILERS, ids=lambda filer: "-".join(map(str, filer)).replace(" ", ""))
def test_every_figure_of_a_filer_of_any_kind_follows_from_facts_of_the_same_value(filer: Any) -> None:
    standard, industry, scope, _place = filer
    reports.company()
    dei = {name: industry for name in DEI if name.startswith("IndustryCode")}
    is_group = "true" if scope == "consolidated" else "false"
    dei |= {
        "AccountingStandardsDEI": standard,
        "WhetherConsolidatedFinancialStatementsArePreparedDEI": is_group,
    }
    lines = dict.fromkeys(whole_report(*filer))
    take(annual(2024, FIRST, *lines, **dei))
    (row,) = rows()
    assert (row.scope, row.accounting_standard) == (scope, STANDARDS[standard])
    assert sum(getattr(row, name) is not None for name in FIGURES) > 10
    assert untraced(row, cache(filed_figures.of)) == []


def test_restated_figures_follow_from_either_report() -> None:
    reports.company()
    take(annual(2024, FIRST, *figures(100)))
    take(annual(2025, SECOND, *figures(120), *before(figures(97))))
    read = cache(filed_figures.of)
    assert [untraced(row, read) for row in rows()] == [[], [], []]
    restated = rows(2024)[1]
    assert traces.of(restated, "revenue", read).trace.doc_id == SECOND
    assert traces.of(restated, "profit", read).trace.doc_id == FIRST


def test_a_verified_figure_is_still_the_filings_and_one_that_is_set_is_not() -> None:
    reports.company()
    take(annual(2024, FIRST, *figures(100)))
    (row,) = rows()
    edit(row, revenue=101)
    (row,) = rows()
    trace = traces.of(row, "revenue").trace
    assert (trace.how, trace.filed, trace.value) == (traces.BY_HAND, 100, 101)
    assert trace.by is not None
    edit(row, revenue=100)
    (row,) = rows()
    assert traces.of(row, "revenue").trace.how == traces.LINE


def test_what_no_document_says_and_no_person_has_set_is_known_of_neither() -> None:
    company = reports.company()
    take(annual(2024, FIRST, *figures(100)))
    (row,) = rows()
    row.gross_profit, row.revenue = Decimal(3), Decimal(4)
    assert company is not None
    assert traces.of(row, "gross_profit").trace.how == traces.NOWHERE
    assert traces.of(row, "revenue").trace.how == traces.OTHERWISE


def test_half_years_follow_too() -> None:
    reports.company()
    lines = [flow(reports.SALES, 5, "InterimDuration"), stock(reports.ASSETS, 9, "InterimInstant")]
    take(interim(2025, "HY", FIRST, *lines))
    (row,) = rows()
    assert untraced(row, cache(filed_figures.of)) == []
    (fact,) = traces.of(row, "revenue").trace.facts
    assert fact.context == "InterimDuration"


@pytest.mark.real_data
def test_figures_of_real_filers_follow_from_their_facts() -> None:
    folder = Path(
        os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[4].parent / "shared" / "data"
    )
    if not folder.exists():
        pytest.skip("needs the real reports (STOCKCODE_REAL_DATA)")
    some = sorted((folder / "edinet_type5").glob("*/*.zip"))[7::60]
    for code in {path.parent.name for path in some}:
        factories.company(edinet_code=code)
    for path in some:
        take(importing.preview(Request("edinet-filing", path.name, path.read_bytes(), AUTHOR)))
    stored = db.session.scalars(select(FinancialStatement)).all()
    assert len(stored) >= len(some)
    read = cache(filed_figures.of)
    told = {(row.filing_doc_id, row.scope): untraced(row, read) for row in stored}
    assert {where: names for where, names in told.items() if names} == {}
    assert all(re.fullmatch("S100.{4}", str(row.filing_doc_id)) for row in stored)


def test_what_is_told_in_two_currencies_leads_to_the_line_of_the_statements_own() -> None:
    reports.company()
    in_dollars = [(element, context, "USD", 7) for element, context, _unit, _value in figures(100)[:2]]
    take(annual(2024, FIRST, *figures(100), *in_dollars))
    (row,) = rows(2024)
    traced = traces.of(row, "revenue")
    assert traced is not None
    (fact,) = traced.trace.facts
    assert (traced.trace.how, fact.unit, fact.number) == (traces.LINE, "JPY", 100)
    filing = filed_figures.of(FIRST)
    assert filing is not None
    became = {fact.unit: len(filing.of(fact)) for fact in filing.facts if fact.element == reports.SALES}
    assert became == {"JPY": 1, "USD": 0}
