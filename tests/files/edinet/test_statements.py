"""Facts become statements: the traps of EDINET's elements and contexts, one by one."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from tests.files.edinet import filings
from tests.files.edinet.filings import ASSETS, HALF, PARENT, SALES, Line, flow, stock
from webapp.files.edinet import document, industries, periods, statements
from webapp.files.edinet.statements import Statement
from webapp.files.rows import WrongFile

INDUSTRY = industries.DEI["consolidated"]
SUMMARY = "SummaryOfBusinessResults"


def read(*lines: Line, dei: Mapping[str, str] | None = None) -> list[Statement]:
    return list(statements.read(document.read(filings.zipped(*lines, dei=dei))))


def only(*lines: Line, **dei: str) -> Statement:
    (statement,) = read(*lines, dei=dei)
    return statement


def figure(name: str, *lines: Line, **dei: str) -> Decimal | None:
    return only(*lines, **dei).values[name]


IFRS = {"AccountingStandardsDEI": "IFRS"}
USGAAP = {"AccountingStandardsDEI": "US GAAP"}
IFRS_ASSETS = stock("jpigp_cor:AssetsIFRS", 9_000_000_000)


def test_every_figure_names_its_element_and_context() -> None:
    statement = only(SALES, ASSETS)
    assert (statement.scope, statement.accounting_standard, statement.currency) == (
        "consolidated",
        "JGAAP",
        "JPY",
    )
    assert statement.values["revenue"] == 5_000_000_000
    assert statement.places["revenue"] == {"element": "jppfs_cor:NetSales", "context": "CurrentYearDuration"}
    assert statement.values["gross_profit"] is None
    assert set(statement.places) == {"revenue", "total_assets"}


def test_a_summary_says_what_its_statement_says_but_for_what_is_cut_off_below_its_unit() -> None:
    of_summary = (
        flow("jpcrp_cor:NetSalesSummaryOfBusinessResults", 5_000_000_000),
        stock("jpcrp_cor:TotalAssetsSummaryOfBusinessResults", 8_999_000_000),
        stock("jpcrp_cor:TotalAssetsSummaryOfBusinessResults", 1, "CurrentYearInstant" + PARENT),
    )
    said = document.read(filings.zipped(SALES, stock("jppfs_cor:Assets", 8_999_999_999), *of_summary))
    assert [(one.scope, one.field, one.agrees) for one in statements.summarised(said)] == [
        ("consolidated", "revenue", True),
        ("consolidated", "total_assets", True),
    ]
    differing = document.read(filings.zipped(SALES, ASSETS, *of_summary))
    assert [one.field for one in statements.summarised(differing) if not one.agrees] == ["total_assets"]


def test_the_parents_own_statements_are_a_row_of_their_own() -> None:
    parent = stock("jppfs_cor:Assets", 7, "CurrentYearInstant" + PARENT)
    both = read(SALES, ASSETS, parent, flow("jppfs_cor:NetSales", 3, "CurrentYearDuration" + PARENT))
    assert [(row.scope, row.values["revenue"]) for row in both] == [
        ("consolidated", 5_000_000_000),
        ("non_consolidated", 3),
    ]


def test_the_parents_statements_of_an_ifrs_filer_are_in_j_gaap() -> None:
    rows = read(IFRS_ASSETS, stock("jppfs_cor:Assets", 7, "CurrentYearInstant" + PARENT), dei=IFRS)
    assert [(row.scope, row.accounting_standard) for row in rows] == [
        ("consolidated", "IFRS"),
        ("non_consolidated", "JGAAP"),
    ]


def test_a_filer_without_subsidiaries_has_one_row_and_everything_in_the_suffix() -> None:
    dei = {"WhetherConsolidatedFinancialStatementsArePreparedDEI": "false"}
    (row,) = read(stock("jppfs_cor:Assets", 7, "CurrentYearInstant" + PARENT), dei=dei)
    assert (row.scope, row.values["total_assets"]) == ("non_consolidated", 7)


def test_segments_and_components_of_equity_are_no_headline_figures() -> None:
    segment = flow("jppfs_cor:NetSales", 1, "CurrentYearDuration_SeedsReportableSegmentMember")
    assert figure("revenue", segment, ASSETS) is None


def test_a_summary_alone_is_no_statement_of_the_parent() -> None:
    of_parent = stock(f"jpcrp_cor:TotalAssets{SUMMARY}", 7, "CurrentYearInstant" + PARENT)
    assert [row.scope for row in read(SALES, ASSETS, of_parent)] == ["consolidated"]


def test_two_standards_of_one_year_are_two_rows() -> None:
    rows = read(ASSETS, IFRS_ASSETS, SALES, flow("jpigp_cor:RevenueIFRS", 4), dei=IFRS)
    assert [(row.accounting_standard, row.values["revenue"]) for row in rows] == [
        ("JGAAP", 5_000_000_000),
        ("IFRS", 4),
    ]


def test_a_quarter_is_cumulative_and_not_its_three_months() -> None:
    assets = stock("jppfs_cor:Assets", 8, "CurrentQuarterInstant")
    quarter = flow("jppfs_cor:NetSales", 1, "CurrentQuarterDuration")
    so_far = flow("jppfs_cor:NetSales", 3, "CurrentYTDDuration")
    comparative = stock("jppfs_cor:NetAssets", 5, "Prior1YearInstant")
    row = only(assets, quarter, so_far, comparative, TypeOfCurrentPeriodDEI="Q3")
    assert (row.values["revenue"], row.values["total_assets"], row.values["net_assets"]) == (3, 8, None)


@pytest.mark.parametrize("kind", ["Q2", "HY"])
def test_a_half_year_stands_in_whichever_contexts_are_there(kind: str) -> None:
    interim = [
        flow("jppfs_cor:NetSales", 3, "InterimDuration"),
        stock("jppfs_cor:Assets", 8, "InterimInstant"),
    ]
    quarterly = [
        flow("jppfs_cor:NetSales", 3, "CurrentYTDDuration"),
        stock("jppfs_cor:Assets", 8, "CurrentQuarterInstant"),
    ]
    for lines in (interim, quarterly):
        row = only(*lines, **(HALF | {"TypeOfCurrentPeriodDEI": kind}))
        assert (row.values["revenue"], row.values["total_assets"]) == (3, 8)


def test_a_banks_ordinary_income_is_its_revenue() -> None:
    lines = (flow("jppfs_cor:OrdinaryIncomeBNK", 9), flow("jppfs_cor:OrdinaryIncome", 2), ASSETS)
    for said in ("BNK", "bk1", "－"):
        row = only(*lines, **{INDUSTRY: said})
        assert (row.values["revenue"], row.values["ordinary_income"]) == (9, 2)
        assert row.values["operating_income"] is None


def test_an_insurers_operating_income_is_its_revenue() -> None:
    row = only(flow("jppfs_cor:OperatingIncomeINS", 9), ASSETS, **{INDUSTRY: "INS"})
    assert (row.values["revenue"], row.values["operating_income"]) == (9, None)


def test_a_securities_firms_operating_revenue_is_its_revenue() -> None:
    assert figure("revenue", flow("jppfs_cor:OperatingRevenueSEC", 9), ASSETS, **{INDUSTRY: "SEC"}) == 9


def test_ordinary_revenue_in_a_summary_is_not_ordinary_profit() -> None:
    lines = (
        flow(f"jpcrp_cor:OrdinaryIncome{SUMMARY}", 9),
        flow(f"jpcrp_cor:OrdinaryIncomeLoss{SUMMARY}", 2),
        ASSETS,
    )
    row = only(*lines, **{INDUSTRY: "BNK"})
    assert (row.values["revenue"], row.values["ordinary_income"]) == (9, 2)


def test_a_banks_capital_adequacy_is_not_its_equity_ratio() -> None:
    ratio = stock(f"jpcrp_cor:CapitalAdequacyRatioDomesticStandard{SUMMARY}", "0.0947", unit="pure")
    row = only(ratio, ASSETS, **{INDUSTRY: "BNK"})
    assert (row.values["capital_adequacy_ratio"], row.values["equity_ratio_reported"]) == (
        Decimal("0.0947"),
        None,
    )


def test_equity_to_asset_ratio_of_ifrs_is_bps_and_the_ratio_is_called_otherwise() -> None:
    bps = stock(f"jpcrp_cor:EquityToAssetRatioIFRS{SUMMARY}", "2158.96", unit="JPYPerShares")
    ratio = stock(f"jpcrp_cor:RatioOfOwnersEquityToGrossAssetsIFRS{SUMMARY}", "0.625", unit="pure")
    row = only(bps, ratio, IFRS_ASSETS, **IFRS)
    assert (row.values["bps"], row.values["equity_ratio_reported"]) == (Decimal("2158.96"), Decimal("0.625"))


def test_noncurrent_liabilities_of_ifrs_are_spelt_without_an_i() -> None:
    assert (
        figure("noncurrent_liabilities", stock("jpigp_cor:NonCurrentLabilitiesIFRS", 6), IFRS_ASSETS, **IFRS)
        == 6
    )


def test_investment_and_investing_activities_are_one_line() -> None:
    for element in (
        "jppfs_cor:NetCashProvidedByUsedInInvestmentActivities",
        f"jpcrp_cor:NetCashProvidedByUsedInInvestingActivities{SUMMARY}",
    ):
        assert figure("investing_cash_flow", flow(element, -6), ASSETS) == -6


def test_dividends_shares_and_capital_of_a_group_stand_with_its_parent() -> None:
    lines = (
        flow(
            f"jpcrp_cor:DividendPaidPerShare{SUMMARY}",
            "50.00",
            "CurrentYearDuration" + PARENT,
            "JPYPerShares",
        ),
        stock(f"jpcrp_cor:TotalNumberOfIssuedShares{SUMMARY}", 119, "CurrentYearInstant" + PARENT, "shares"),
        stock(f"jpcrp_cor:CapitalStock{SUMMARY}", 13, "CurrentYearInstant" + PARENT),
    )
    row = only(*lines, ASSETS)
    assert [row.values[name] for name in ("dps_annual", "shares_issued", "capital_stock")] == [50, 119, 13]


def test_net_income_of_the_summary_is_the_owners_only_in_the_parents_row() -> None:
    net_income = f"jpcrp_cor:NetIncomeLoss{SUMMARY}"
    lines = (ASSETS, stock("jppfs_cor:Assets", 7, "CurrentYearInstant" + PARENT))
    group, parent = read(*lines, flow(net_income, 1), flow(net_income, 2, "CurrentYearDuration" + PARENT))
    assert group.values["profit_attributable_to_owners"] is None
    assert parent.values["profit_attributable_to_owners"] == 2


def test_a_us_gaap_filer_has_its_summary_and_lines_that_are_missing_and_not_zero() -> None:
    assets = stock(f"jpcrp_cor:TotalAssetsUSGAAP{SUMMARY}", 9)
    row = only(assets, flow(f"jpcrp_cor:RevenuesUSGAAP{SUMMARY}", 4), **USGAAP)
    assert (row.accounting_standard, row.values["revenue"], row.values["net_assets"]) == ("USGAAP", 4, None)


def test_interest_expense_of_ifrs_is_not_the_interest_paid_in_cash() -> None:
    paid = flow("jpigp_cor:InterestPaidOpeCFIFRS", -3)
    row = only(paid, IFRS_ASSETS, **IFRS)
    assert row.values["interest_expense"] is None
    row = only(paid, flow("jpigp_cor:InterestExpensesIFRS", 4), IFRS_ASSETS, **IFRS)
    assert row.values["interest_expense"] == 4


def test_interest_expense_of_ifrs_is_that_of_a_statement_before_that_of_a_note() -> None:
    # What is added back to profit is of the period (IAS 7.20), of what is discontinued too, as all of that statement.
    lines = flow("jpigp_cor:InterestExpensesOpeCFIFRS", 5), flow("jpigp_cor:InterestExpensesIFRS", 4)
    row = only(*lines, flow("jpigp_cor:InterestPaidOpeCFIFRS", -3), IFRS_ASSETS, **IFRS)
    assert row.values["interest_expense"] == 5
    assert row.places["interest_expense"]["element"] == "jpigp_cor:InterestExpensesOpeCFIFRS"


def test_bonds_and_borrowings_stand_for_borrowings_only_where_nothing_is_finer() -> None:
    both = stock("jpigp_cor:BondsAndBorrowingsCLIFRS", 8)
    row = only(both, IFRS_ASSETS, **IFRS)
    assert row.places["short_term_borrowings"]["element"] == "jpigp_cor:BondsAndBorrowingsCLIFRS"
    finer = only(both, stock("jpigp_cor:BorrowingsCLIFRS", 5), IFRS_ASSETS, **IFRS)
    assert finer.values["short_term_borrowings"] == 5


def test_figures_are_read_by_the_names_that_they_bore_before_april_2015() -> None:
    # 少数株主損益調整前当期純利益, 当期純利益 and 少数株主持分 (企業会計基準第22号 39, of 2013).
    lines = (
        flow("jppfs_cor:IncomeBeforeMinorityInterests", 12),
        flow("jppfs_cor:MinorityInterestsInIncome", 2),
        flow("jppfs_cor:NetIncome", 10),
        stock("jppfs_cor:NetAssets", 100),
        stock("jppfs_cor:MinorityInterests", 30),
        flow("jppfs_cor:NetIncome", 7, "CurrentYearDuration" + PARENT),
        stock("jppfs_cor:Assets", 50, "CurrentYearInstant" + PARENT),
    )
    group, parent = (row.values for row in read(*lines, ASSETS))
    names = ("profit", "profit_attributable_to_owners", "profit_attributable_to_nci")
    assert [group[name] for name in names] == [12, 10, 2]
    assert (group["non_controlling_interests"], group["equity_attributable_to_owners"]) == (30, 70)
    assert (parent["profit"], parent["profit_attributable_to_nci"]) == (7, None)


def test_own_equity_of_j_gaap_is_computed_and_says_so() -> None:
    lines = (stock("jppfs_cor:NetAssets", 100), stock("jppfs_cor:NonControllingInterests", 30), ASSETS)
    row = only(*lines)
    assert row.values["equity_attributable_to_owners"] == 70
    assert row.places["equity_attributable_to_owners"]["element"].startswith("derived: net_assets")
    assert only(ASSETS).values["equity_attributable_to_owners"] is None


def test_the_currency_is_the_units() -> None:
    lines = (
        stock("jppfs_cor:Assets", 822_866_000, unit="USD"),
        flow("jppfs_cor:NetSales", 5_000, unit="JPY"),
    )
    row = only(*lines)
    assert (row.currency, row.values["total_assets"], row.values["revenue"]) == ("USD", 822_866_000, None)


def test_what_is_told_in_two_currencies_counts_in_that_of_most_of_the_report() -> None:
    in_yen = (SALES, ASSETS, flow("jppfs_cor:ProfitLoss", 7))
    in_dollars = (flow("jppfs_cor:NetSales", 40, unit="USD"), stock("jppfs_cor:Assets", 70, unit="USD"))
    for lines in ((*in_yen, *in_dollars), (*in_dollars, *in_yen), (*in_dollars, SALES, ASSETS)):
        row = only(*lines)
        assert (row.currency, row.values["revenue"], row.values["total_assets"]) == (
            "JPY",
            5 * 10**9,
            9 * 10**9,
        )
    filed_in_dollars = only(*in_dollars, flow("jppfs_cor:ProfitLoss", 3, unit="USD"), ASSETS)
    assert (filed_in_dollars.currency, filed_in_dollars.values["total_assets"]) == ("USD", 70)


@pytest.mark.parametrize(("unit", "value"), [(1_000_000, 3_000_000), (1_000, 3_000), (1, 3)])
def test_the_rounding_unit_is_the_largest_that_divides_the_amounts(unit: int, value: int) -> None:
    assert only(stock("jppfs_cor:Assets", value), flow("jppfs_cor:NetSales", value)).rounding_unit == unit


def test_an_industrys_own_line_gives_way_to_the_total() -> None:
    contracts = flow("jppfs_cor:NetSalesOfCompletedConstructionContractsCNS", 4)
    assert figure("revenue", contracts, ASSETS, **{INDUSTRY: "CNS"}) == 4
    assert figure("revenue", contracts, SALES, ASSETS, **{INDUSTRY: "CNS"}) == 5_000_000_000
    assert figure("revenue", flow("jppfs_cor:OperatingRevenueRWY", 6), ASSETS, **{INDUSTRY: "RWY"}) == 6


def test_a_report_without_figures_of_its_period_is_refused() -> None:
    prior = stock("jppfs_cor:Assets", 8, "Prior1YearInstant")
    with pytest.raises(WrongFile, match="figures of the period in CurrentYearDuration, CurrentYearInstant"):
        read(prior)


@pytest.mark.parametrize(
    ("dei", "why"),
    [
        ({"TypeOfCurrentPeriodDEI": "－"}, "found “－”"),
        ({"CurrentPeriodEndDateDEI": "令和7年3月"}, "a day in CurrentPeriodEndDateDEI"),
        ({"CurrentPeriodEndDateDEI": "2025-02-30"}, "a day in CurrentPeriodEndDateDEI"),
    ],
)
def test_a_report_that_does_not_say_its_period_is_refused(dei: dict[str, str], why: str) -> None:
    with pytest.raises(WrongFile, match=why):
        periods.period(document.read(filings.zipped(ASSETS, dei=dei)))


@pytest.mark.parametrize(
    ("values", "revenue"),
    [
        ({"OperatingRevenueTotalRWY": 9, "OperatingRevenueRailwayRWY": 5}, 9),
        (
            {"OperatingRevenueRailwayRWY": 5, "OperatingRevenueRelatedRWY": 2, "OperatingRevenueOtherRWY": 1},
            8,
        ),
        ({"OperatingRevenueOILTelecommunications": 5, "OperatingRevenueIncidentalELC": 1}, 6),
        ({"ShippingBusinessRevenueWAT": 5, "OtherBusinessRevenueWAT": 2}, 7),
        ({"SalesFromGasBusinessGAS": 5, "GasSalesGAS": 4}, 5),
        ({"ContractsCompletedRevOA": 5}, 5),
        ({"NetSales": 7, "ContractsCompletedRevOA": 5}, 7),
    ],
)
def test_revenue_of_an_industry_that_has_no_line_of_net_sales(values: dict[str, int], revenue: int) -> None:
    row = only(ASSETS, *(flow(f"jppfs_cor:{name}", value) for name, value in values.items()))
    assert row.values["revenue"] == revenue
