"""The real filings, where they are at hand: every expected figure, each at its fact; other documents are refused."""

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from webapp.files.edinet import document, filing, mapping, periods, statements
from webapp.files.edinet.document import Document
from webapp.files.edinet.statements import Statement
from webapp.files.rows import WrongFile

pytestmark = pytest.mark.real_data

# Columns of golden_extract.csv that are called otherwise than ours.
FIELDS = {
    "revenue": "revenue",
    "cost_of_sales": "cost_of_revenue",
    "gross_profit": "gross_profit",
    "sga": "sga_expenses",
    "operating_income": "operating_income",
    "ordinary_income": "ordinary_income",
    "pbt": "income_before_taxes",
    "tax": "income_taxes",
    "profit": "profit",
    "profit_parent": "profit_attributable_to_owners",
    "profit_nci": "profit_attributable_to_nci",
    "assets": "total_assets",
    "ca": "current_assets",
    "nca": "noncurrent_assets",
    "liab": "total_liabilities",
    "cl": "current_liabilities",
    "ncl": "noncurrent_liabilities",
    "net_assets": "net_assets",
    "nci": "non_controlling_interests",
    "ocf": "operating_cash_flow",
    "icf": "investing_cash_flow",
    "fcf": "financing_cash_flow",
    "fx": "fx_effect_on_cash",
    "dcash": "net_change_in_cash",
    "cash": "cash_and_equivalents_end",
    "eps": "eps_basic",
    "bps": "bps",
    "eqr": "equity_ratio_reported",
    "roe": "roe_reported",
}


def expected(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of(rows: list[Statement] | tuple[Statement, ...], scope: str, standard: str = "JGAAP") -> Statement:
    (row,) = (row for row in rows if (row.scope, row.accounting_standard) == (scope, standard))
    return row


def untraced(report: Document, row: Statement) -> Iterator[str]:
    """The figures that are not what stands at the place that they name."""
    facts: Mapping[tuple[str, str], Decimal | None] = {
        (fact.element, fact.context): fact.number for fact in report.facts
    }
    for name, value in row.values.items():
        place = row.places.get(name)
        if (place is None) != (value is None):
            yield name
        elif place is None or place["element"] == mapping.FORMULA:
            continue
        else:
            numbers = [facts[element, place["context"]] for element in place["element"].split(mapping.PLUS)]
            if None in numbers or sum(number for number in numbers if number is not None) != value:
                yield name


def test_every_expected_figure_of_every_filing_is_read_and_stands_where_it_says(real_data: Path) -> None:
    folder = real_data / "edinet_type5"
    differing, checked = [], 0
    for golden in expected(folder / "golden_extract.csv"):
        content = (folder / golden["edinetCode"] / f"{golden['docID']}.zip").read_bytes()
        report = document.read(content)
        rows = list(statements.read(report))
        row = of(rows, golden["scope"], statements.STANDARDS[golden["accounting_standard"]])
        assert str(periods.period(report).end_on) == golden["period_end"]
        assert [name for one in rows for name in untraced(report, one)] == []
        looked_at = {ours: Decimal(golden[name]) for name, ours in FIELDS.items() if golden[name]}
        checked += len(looked_at)
        differing += [(golden["docID"], name) for name, want in looked_at.items() if row.values[name] != want]
    assert (differing, checked) == ([], 4616)


def test_a_real_banks_half_year_is_read_from_its_interim_contexts(real_data: Path) -> None:
    folder = real_data / "edinet_type5_extracts"
    rows = list(statements.read(document.read((folder / "OITABANK_2024H1_extract.zip").read_bytes())))
    for golden in expected(folder / "golden.csv"):
        assert of(rows, golden["scope"]).values[golden["field"]] == Decimal(golden["value"]), golden["field"]
    assert of(rows, "consolidated").values["operating_income"] is None


@pytest.mark.parametrize(
    ("name", "standard", "revenue", "document_type"),
    [
        ("S002XXXX_asr_jgaap_original", "JGAAP", 323_609_000_000, "120"),
        ("S003XXXX_asr_ifrs", "IFRS", 323_609_000_000, "120"),
        ("S005XXXX_ssr_bank", "JGAAP", 330_525_000_000, "160"),
        ("S007XXXX_ssr_railway", "JGAAP", 323_609_000_000, "160"),
        ("S021XXXX_asr_jgaap_amendment02", "JGAAP", 323_609_000_000, "130"),
    ],
)
def test_the_samples_of_other_industries_are_read(
    real_data: Path, name: str, standard: str, revenue: int, document_type: str
) -> None:
    path = real_data / "edinet_type5_fsa_samples" / f"{name}.zip"
    report = document.read(path.read_bytes())
    rows = list(statements.read(report))
    assert of(rows, "consolidated", standard).values["revenue"] == revenue
    assert of(rows, "non_consolidated").values["total_assets"] == 312_847_000_000
    assert [left for row in rows for left in untraced(report, row)] == []
    assert filing.document_type(report) == document_type


def test_the_sample_of_a_builder_without_subsidiaries_is_read(real_data: Path) -> None:
    path = real_data / "edinet_type5_fsa_samples" / "S006XXXX_ssr_construction.zip"
    (row,) = statements.read(document.read(path.read_bytes()))
    assert (row.scope, row.values["revenue"]) == ("non_consolidated", 210_346_000_000)


def test_an_amendment_differs_from_its_original_in_one_figure(real_data: Path) -> None:
    folder = real_data / "edinet_type5_fsa_samples"
    original, amendment = (
        {
            (fact.element, fact.context): fact.number
            for fact in document.read((folder / name).read_bytes()).facts
        }
        for name in ("S002XXXX_asr_jgaap_original.zip", "S021XXXX_asr_jgaap_amendment02.zip")
    )
    differing = {
        key[0] for key in original.keys() | amendment.keys() if original.get(key) != amendment.get(key)
    }
    assert differing - {"jpdei_cor:NumberOfSubmissionDEI"} == {"jppfs_cor:AgentFeeSGA"}


def test_every_other_document_is_refused_with_what_it_is(real_data: Path) -> None:
    others = sorted((real_data / "edinet_type5_other").glob("*.zip"))
    assert len(others) == 9
    for path in others:
        with pytest.raises(WrongFile, match=r"found (a|an) (report|document|extraordinary)"):
            filing.read(path.read_bytes(), path.name)
