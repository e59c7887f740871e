"""Where filers give a whole beside its parts, or name a line by themselves: the whole is read, never a part."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from tests.files.edinet import filings
from tests.files.edinet.filings import ASSETS, Line, flow, stock
from webapp.files.edinet import document, statements
from webapp.files.edinet.statements import Statement

IFRS = {"AccountingStandardsDEI": "IFRS"}
IFRS_ASSETS = stock("jpigp_cor:AssetsIFRS", 9_000_000_000)
SUMMARY = "SummaryOfBusinessResults"
OWN = "jpcrp030000-asr_E00004-000:"


def only(*lines: Line, **dei: str) -> Statement:
    (statement,) = statements.read(document.read(filings.zipped(*lines, dei=dei)))
    return statement


def under_j_gaap(values: Mapping[str, int], summary: Mapping[str, int] | None = None) -> Statement:
    """A statement of these lines of jppfs_cor, with these of its summary."""
    lines = [flow(f"jppfs_cor:{name}", value) for name, value in values.items()]
    said = [flow(f"jpcrp_cor:{name}{SUMMARY}", value) for name, value in (summary or {}).items()]
    return only(ASSETS, *lines, *said)


@pytest.mark.parametrize(
    ("values", "summary", "revenue"),
    [
        (
            {"OperatingRevenue1": 107, "NetSales": 93, "OperatingRevenue2": 14},
            {"OperatingRevenue1": 107},
            107,
        ),
        ({"NetSales": 896, "OperatingRevenue2": 28}, {"NetSales": 924}, 924),
        ({"NetSales": 896, "OperatingRevenue2": 28}, {"OperatingRevenue1": 924, "NetSales": 896}, 924),
        ({"NetSales": 896, "OperatingRevenue2": 28}, {"NetSales": 896}, 896),
        ({"NetSales": 357, "OperatingRevenue1": 24}, {"NetSales": 357}, 357),
        ({"GrossOperatingRevenue": 30, "NetSales": 10, "OperatingRevenue2": 20}, {}, 30),
        ({"NetSales": 3, "OperatingRevenueCMD": 9}, {}, 9),
        ({"OperatingRevenue2": 6}, {}, 6),
        ({"Revenue": 8}, {}, 8),
        ({"SalesFromGasBusinessGAS": 5}, {"NetSales": 7}, 7),
    ],
)
def test_the_revenue_is_the_whole_that_the_filer_gives_and_no_part(
    values: Mapping[str, int], summary: Mapping[str, int], revenue: int
) -> None:
    assert under_j_gaap(values, summary).values["revenue"] == revenue


def test_what_a_summary_rounds_is_the_same() -> None:
    of_statement = {"NetSales": 896_199_400, "OperatingRevenue2": 27_914_900}
    assert under_j_gaap(of_statement, {"NetSales": 924_114_000}).values["revenue"] == 924_114_300
    assert under_j_gaap(of_statement, {"NetSales": 896_199_000}).values["revenue"] == 896_199_400


def test_beside_operating_revenue_cost_and_gross_profit_are_of_all_of_it() -> None:
    lines = {"NetSales": 93, "CostOfSales": 66, "GrossProfit": 27, "OperatingRevenue1": 107}
    row = under_j_gaap({**lines, "OperatingCost": 68, "OperatingGrossProfit": 39})
    assert [row.values[name] for name in ("revenue", "cost_of_revenue", "gross_profit")] == [107, 68, 39]
    without = under_j_gaap({**lines, "OperatingRevenue1": 5, "OperatingGrossProfit": 32})
    assert [without.values[name] for name in ("revenue", "cost_of_revenue", "gross_profit")] == [93, 66, 27]


def test_a_single_line_of_cost_counts_where_it_is_all_the_cost() -> None:
    whole = {"NetSales": 24, "CostOfProductsManufactured": 16, "GrossProfit": 8}
    assert under_j_gaap(whole).values["cost_of_revenue"] == 16
    assert under_j_gaap(whole | {"GrossProfit": 5}).values["cost_of_revenue"] is None


def test_general_expenses_count_where_there_are_no_others() -> None:
    holding = {"OperatingRevenue1": 20, "GeneralAndAdministrativeExpensesSGA": 8, "OperatingIncome": 12}
    assert under_j_gaap(holding).values["sga_expenses"] == 8
    with_supply = holding | {"SellingGeneralAndAdministrativeExpensesGAS": 11}
    assert under_j_gaap(with_supply).values["sga_expenses"] == 11
    assert under_j_gaap(holding | {"OperatingIncome": 3}).values["sga_expenses"] is None


def test_taxes_told_apart_are_added_where_nothing_else_stands_between() -> None:
    taxes = {
        "IncomeBeforeIncomeTaxes": 100,
        "IncomeTaxesCurrent": 40,
        "IncomeTaxesDeferred": -10,
        "ProfitLoss": 70,
    }
    assert under_j_gaap(taxes).values["income_taxes"] == 30
    assert under_j_gaap(taxes | {"ProfitLoss": 65}).values["income_taxes"] is None


def test_recorded_claims_are_receivables_too_and_never_alone() -> None:
    claims = stock("jppfs_cor:ElectronicallyRecordedMonetaryClaimsOperatingCA", 3)
    trade = stock("jppfs_cor:NotesAndAccountsReceivableTrade", 9)
    assert only(ASSETS, claims, trade).values["receivables"] == 12
    assert only(ASSETS, claims).values["receivables"] is None
    accounts = stock("jppfs_cor:AccountsReceivableTrade", 5)
    assert only(ASSETS, claims, trade, accounts).values["receivables"] == 12
    assert only(ASSETS, claims, accounts).values["receivables"] == 8


@pytest.mark.parametrize(
    ("element", "field"),
    [
        ("OperatingRevenuesIFRSKeyFinancialData", "revenue"),
        ("InsuranceRevenueIFRS", "revenue"),
        ("NetSalesIFRSSummaryOfBusinessResults", "revenue"),
        ("OperatingProfitLossIFRSKeyFinancialData", "operating_income"),
    ],
)
def test_a_headline_of_a_filers_own_name_is_read_and_traced_to_that_name(element: str, field: str) -> None:
    row = only(IFRS_ASSETS, flow(OWN + element, 7), **IFRS)
    assert row.values[field] == 7
    assert row.places[field] == {"element": OWN + element, "context": "CurrentYearDuration"}


def test_a_filers_own_name_gives_way_to_the_taxonomys_and_counts_for_no_other_standard() -> None:
    own = flow(OWN + "OperatingRevenuesIFRSKeyFinancialData", 7)
    assert only(IFRS_ASSETS, own, flow("jpigp_cor:RevenueIFRS", 9), **IFRS).values["revenue"] == 9
    assert only(ASSETS, own).values["revenue"] is None
    segment = flow(OWN + "InsuranceRevenueIFRS", 7, "CurrentYearDuration_JapanReportableSegmentMember")
    assert only(IFRS_ASSETS, segment, **IFRS).values["revenue"] is None


def test_bonds_and_borrowings_of_ifrs_that_are_told_apart_have_each_its_field() -> None:
    lines = {"BondsPayableNCLIFRS": 3, "BondsPayableCLIFRS": 2, "CurrentPortionOfLongTermBorrowingsCLIFRS": 1}
    row = only(IFRS_ASSETS, *(stock(f"jpigp_cor:{name}", value) for name, value in lines.items()), **IFRS)
    fields = ("bonds_payable", "current_portion_bonds", "current_portion_long_term_borrowings")
    assert [row.values[name] for name in fields] == [3, 2, 1]


def test_a_summary_that_gives_the_whole_and_a_part_agrees_with_either() -> None:
    lines = (
        flow("jppfs_cor:NetSales", 93),
        flow("jppfs_cor:OperatingRevenue1", 107),
        flow(f"jpcrp_cor:NetSales{SUMMARY}", 93),
        flow(f"jpcrp_cor:OperatingRevenue1{SUMMARY}", 107),
    )
    (revenue,) = statements.summarised(document.read(filings.zipped(ASSETS, *lines)))
    assert (revenue.in_statement, revenue.in_summary, revenue.agrees) == (Decimal(107), Decimal(107), True)
