"""Figures that only some industries give, sums of lines, 修正国際基準, and what stands beside of the year before."""

from datetime import date
from decimal import Decimal

import pytest

from tests.files.edinet import filings
from tests.files.edinet.filings import ASSETS, HALF, PARENT, SALES, Line, flow, stock
from webapp.files.edinet import document, industries, mapping, periods, statements
from webapp.files.edinet.statements import Statement

INDUSTRY = industries.DEI["consolidated"]
IFRS_ASSETS = stock("jpigp_cor:AssetsIFRS", 9_000_000_000)
BEFORE = {
    "PreviousFiscalYearStartDateDEI": "2023-04-01",
    "PreviousFiscalYearEndDateDEI": "2024-03-31",
    "ComparativePeriodEndDateDEI": "2023-09-30",
}


def only(*lines: Line, **dei: str) -> Statement:
    (statement,) = statements.read(document.read(filings.zipped(*lines, dei=dei)))
    return statement


def test_a_bank_gives_ordinary_expenses_loans_and_deposits() -> None:
    lines = (
        flow("jppfs_cor:OrdinaryExpensesBNK", 7),
        stock("jppfs_cor:LoansAndBillsDiscountedAssetsBNK", 60),
        stock("jppfs_cor:DepositsLiabilitiesBNK", 70),
    )
    row = only(*lines, ASSETS, **{INDUSTRY: "bk1"})
    assert row.industry_format == "BNK"
    assert [row.values[name] for name in ("ordinary_expenses", "loans", "deposits")] == [7, 60, 70]


@pytest.mark.parametrize("element", ["InsurancePremiumsAndOtherOIINS", "NetPremiumsWrittenOIINS"])
def test_an_insurer_gives_premiums_whichever_it_insures(element: str) -> None:
    lines = (flow(f"jppfs_cor:{element}", 30), flow("jppfs_cor:OperatingExpensesINS", 8), ASSETS)
    row = only(*lines, **{INDUSTRY: "in2"})
    assert (row.values["premiums"], row.values["ordinary_expenses"]) == (30, 8)


def test_an_insurers_cash_is_called_otherwise() -> None:
    cash = stock("jppfs_cor:CashAndDepositsAssetsINS", 4)
    assert only(cash, ASSETS, **{INDUSTRY: "INS"}).values["cash_and_deposits"] == 4


def test_lines_of_one_industry_are_none_of_another() -> None:
    row = only(stock("jppfs_cor:DepositsLiabilitiesBNK", 70), ASSETS, **{INDUSTRY: "CTE"})
    assert (row.industry_format, row.values["deposits"]) == ("CTE", None)


def test_receivables_are_the_line_or_else_the_sum_of_what_is_there_of_its_parts() -> None:
    notes, accounts = (
        stock(f"jppfs_cor:{name}", value)
        for name, value in (("NotesReceivableTrade", 3), ("AccountsReceivableTrade", 4))
    )
    assert only(accounts, ASSETS).places["receivables"]["element"] == "jppfs_cor:AccountsReceivableTrade"
    both = only(notes, accounts, ASSETS)
    assert both.values["receivables"] == 7
    assert both.places["receivables"]["element"].split(mapping.PLUS) == [
        "jppfs_cor:NotesReceivableTrade",
        "jppfs_cor:AccountsReceivableTrade",
    ]
    line = stock("jppfs_cor:NotesAndAccountsReceivableTrade", 9)
    assert only(notes, accounts, line, ASSETS).values["receivables"] == 9


def test_treasury_shares_held_have_no_scope() -> None:
    held = stock("jpcrp_cor:TotalNumberOfSharesHeldTreasurySharesEtc", 854_800, unit="shares")
    of_parent = stock("jppfs_cor:Assets", 7, "CurrentYearInstant" + PARENT)
    rows = statements.read(document.read(filings.zipped(held, ASSETS, of_parent)))
    assert [row.values["treasury_share_count"] for row in rows] == [854_800, 854_800]


def test_jmis_has_the_elements_of_ifrs_and_is_told_by_the_dei_alone() -> None:
    row = only(IFRS_ASSETS, flow("jpigp_cor:RevenueIFRS", 4), AccountingStandardsDEI="JMIS")
    assert (row.accounting_standard, row.values["revenue"]) == ("JMIS", 4)


def test_zero_is_zero_and_a_dash_is_nothing() -> None:
    row = only(ASSETS, flow("jppfs_cor:NetSales", 0), flow("jppfs_cor:GrossProfit", "－"))
    assert (row.values["revenue"], row.values["gross_profit"]) == (Decimal(0), None)


def test_flags_are_compared_as_text() -> None:
    dei = {"WhetherConsolidatedFinancialStatementsArePreparedDEI": "False"}
    assert (
        only(stock("jppfs_cor:Assets", 7, "CurrentYearInstant" + PARENT), **dei).scope == "non_consolidated"
    )


def test_own_equity_is_not_worked_out_beside_a_summary() -> None:
    total = stock("jpcrp_cor:NetAssetsSummaryOfBusinessResults", 100)
    assert only(total, ASSETS).values["equity_attributable_to_owners"] is None


def test_an_interim_report_says_of_the_year_before_what_it_gives_beside_without_a_balance_sheet() -> None:
    lines = (
        flow("jppfs_cor:NetSales", 3, "InterimDuration"),
        stock("jppfs_cor:Assets", 8, "InterimInstant"),
        flow("jppfs_cor:NetSales", 2, "Prior1InterimDuration"),
        stock("jppfs_cor:Assets", 7, "Prior1YearInstant"),
    )
    report = document.read(filings.zipped(*lines, dei=HALF | BEFORE))
    (before,) = statements.year_before(report)
    assert (before.values["revenue"], before.values["total_assets"]) == (2, None)
    (year_end,) = statements.last_year_end(report)
    assert (year_end.values["revenue"], year_end.values["total_assets"]) == (None, 7)
    months = periods.year_before(report)
    assert months is not None
    assert (months.type, months.fiscal_year_end_on, months.end_on) == (
        "HY",
        date(2024, 3, 31),
        date(2023, 9, 30),
    )


def test_a_report_that_does_not_name_the_year_before_compares_nothing() -> None:
    report = document.read(filings.zipped(SALES, ASSETS))
    assert periods.year_before(report) is None
    assert list(statements.last_year_end(report)) == []


def test_an_earlier_version_of_the_mapping_can_still_be_read_by() -> None:
    lines = (stock("jppfs_cor:NotesAndAccountsReceivableTrade", 9), ASSETS)
    report = document.read(filings.zipped(*lines))
    (old,), (new,) = statements.read(report, 1), statements.read(report)
    assert "receivables" not in old.values
    assert new.values["receivables"] == 9
    assert {name: new.values[name] for name in old.values} == old.values
