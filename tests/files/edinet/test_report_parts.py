"""Each fact stands in the part of its report in which readers look for it."""

from collections.abc import Sequence

import pytest

from tests.files.edinet import filings
from tests.files.edinet.filings import PARENT, Line, flow, stock
from webapp.files.edinet import document, report_parts

EQUITY_MEMBER = "_CapitalStockMember"
OWN = "jpcrp030000-asr_E00004-000:"


def parts(*lines: Line) -> Sequence[str]:
    """The parts of these facts, without those of the DEI before them."""
    facts = document.read(filings.zipped(*lines)).facts
    return list(report_parts.of(facts))[-len(lines) :]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (stock("jppfs_cor:Assets", 1), "balance_sheet"),
        (stock("jpigp_cor:AssetsIFRS", 1, "CurrentYearInstant" + PARENT), "balance_sheet"),
        (flow("jppfs_cor:NetSales", 1), "income"),
        (flow("jppfs_cor:NetCashProvidedByUsedInOperatingActivities", 1), "cash_flows"),
        (flow("jppfs_cor:DepreciationAndAmortizationOpeCF", 1), "cash_flows"),
        (flow("jpigp_cor:DepreciationAndAmortizationOpeCFIFRS", 1), "cash_flows"),
        (stock("jppfs_cor:CashAndCashEquivalents", 1), "cash_flows"),
        (stock("jpigp_cor:CashAndCashEquivalentsIFRS", 1), "balance_sheet"),
        (stock("jppfs_cor:NetAssets", 1, "Prior2YearInstant"), "equity"),
        (flow("jppfs_cor:DividendsFromSurplus", 1, "CurrentYearDuration" + EQUITY_MEMBER), "equity"),
        (flow("jppfs_cor:NetSales", 1, "CurrentYearDuration_ReportableSegmentsMember"), "other"),
        (flow("jpcrp_cor:NetSalesSummaryOfBusinessResults", 1), "summary"),
        (stock("jpcrp_cor:NumberOfVotingRights", 1, "FilingDateInstant", "pure"), "other"),
        (flow("jpcrp_cor:FilingDateCoverPage", "2025-06-27", "FilingDateInstant", ""), "cover"),
        (flow("jpcrp_cor:NotesTextBlock", "注記", unit=""), "texts"),
        (flow(OWN + "OwnGain", 1), "other"),
    ],
)
def test_a_fact_stands_where_its_element_and_context_say(line: Line, part: str) -> None:
    assert parts(line) == [part]


def test_what_only_the_filer_knows_stands_with_the_fact_before_it() -> None:
    lines = (
        flow("jppfs_cor:NetSales", 1),
        flow(OWN + "OwnGain", 2),
        stock("jppfs_cor:Assets", 3),
        stock(OWN + "OwnAsset", 4),
    )
    assert parts(*lines) == ["income", "income", "balance_sheet", "balance_sheet"]


def test_the_changes_of_equity_go_on_until_the_cash_flows_begin() -> None:
    lines = (
        stock("jppfs_cor:NetAssets", 1, "Prior2YearInstant"),
        flow("jppfs_cor:DividendsFromSurplus", 2),
        stock("jppfs_cor:NetAssets", 3),
        flow("jppfs_cor:NetCashProvidedByUsedInFinancingActivities", 4),
        flow("jppfs_cor:InterestPaid", 5),
    )
    assert parts(*lines) == ["equity", "equity", "equity", "cash_flows", "cash_flows"]


def test_a_balance_sheet_of_three_dates_keeps_its_equity() -> None:
    dates = ("Prior2YearInstant", "Prior1YearInstant", "CurrentYearInstant")
    lines = [stock("jpigp_cor:AssetsIFRS", 1), *(stock("jpigp_cor:EquityIFRS", 2, one) for one in dates)]
    assert parts(*lines) == ["balance_sheet"] * 4


def test_employees_stand_with_the_summary_and_not_among_segments() -> None:
    element, unit = "jpcrp_cor:NumberOfEmployees", "pure"
    lines = (
        flow("jpcrp_cor:NetSalesSummaryOfBusinessResults", 1),
        stock(element, 2, unit=unit),
        stock(element, 3, "CurrentYearInstant_ReportableSegmentsMember", unit),
    )
    assert parts(*lines) == ["summary", "summary", "other"]
