"""Reports that are made otherwise than most: what can be told is read, and what cannot is refused with its reason."""

import pytest

from tests.files.edinet import filings
from tests.files.edinet.filings import ASSETS, PARENT, SALES, Line, flow, stock
from webapp.files.edinet import filing, industries
from webapp.files.edinet.filing import Filing
from webapp.files.rows import WrongFile

CONSOLIDATED = "WhetherConsolidatedFinancialStatementsArePreparedDEI"
INDUSTRY = industries.DEI["consolidated"]
PREVIOUS = {
    "PreviousFiscalYearStartDateDEI": "2023-04-01",
    "PreviousFiscalYearEndDateDEI": "2024-03-31",
    "ComparativePeriodEndDateDEI": "2024-03-31",
}
OF_PARENT = (
    flow("jppfs_cor:NetSales", 3, "CurrentYearDuration" + PARENT),
    stock("jppfs_cor:Assets", 7, "CurrentYearInstant" + PARENT),
)


def read(*lines: Line, name: str = filings.NAME, **dei: str) -> Filing:
    return filing.read(filings.zipped(*lines, dei=dei, name=name), "S100TEST.zip")


def scopes(report: Filing) -> list[str]:
    return [row.scope for row in report.rows]


@pytest.mark.parametrize("said", ["true", "1", "－"])
def test_a_group_is_known_by_either_word_of_a_flag_and_without_one_by_where_its_lines_stand(
    said: str,
) -> None:
    assert scopes(read(SALES, ASSETS, *OF_PARENT, **{CONSOLIDATED: said})) == [
        "consolidated",
        "non_consolidated",
    ]


@pytest.mark.parametrize("said", ["false", "0", "－"])
def test_a_company_by_itself_is_known_likewise(said: str) -> None:
    assert scopes(read(*OF_PARENT, **{CONSOLIDATED: said})) == ["non_consolidated"]


def test_a_report_without_the_statements_that_its_dei_names_says_so() -> None:
    assert read(*OF_PARENT).lacks_own
    assert not read(SALES, ASSETS).lacks_own


def test_a_group_under_us_gaap_has_its_summary_and_its_parent_statements_under_j_gaap() -> None:
    of_group = (
        flow("jpcrp_cor:RevenuesUSGAAPSummaryOfBusinessResults", 4),
        stock("jpcrp_cor:TotalAssetsUSGAAPSummaryOfBusinessResults", 9),
    )
    rows = read(*of_group, *OF_PARENT, AccountingStandardsDEI="US GAAP").rows
    assert [(row.scope, row.accounting_standard, row.values["revenue"]) for row in rows] == [
        ("consolidated", "USGAAP", 4),
        ("non_consolidated", "JGAAP", 3),
    ]


def test_an_ifrs_filer_by_itself_has_one_row_in_the_suffix() -> None:
    lines = (
        flow("jpigp_cor:RevenueIFRS", 4, "CurrentYearDuration" + PARENT),
        stock("jpigp_cor:AssetsIFRS", 9, "CurrentYearInstant" + PARENT),
    )
    (row,) = read(*lines, AccountingStandardsDEI="IFRS", **{CONSOLIDATED: "false"}).rows
    assert (row.scope, row.accounting_standard, row.values["revenue"]) == ("non_consolidated", "IFRS", 4)


def test_both_standards_of_one_filing_are_rows() -> None:
    own = (flow("jpigp_cor:RevenueIFRS", 4), stock("jpigp_cor:AssetsIFRS", 9))
    rows = read(SALES, ASSETS, *own, AccountingStandardsDEI="IFRS").rows
    assert {(row.accounting_standard, row.values["revenue"]) for row in rows} == {
        ("IFRS", 4),
        ("JGAAP", 5_000_000_000),
    }


@pytest.mark.parametrize(
    ("said", "of_bank", "read_as"),
    [
        ("ELE", False, "ELE"),
        ("ivt", False, "IVT"),
        ("cte,wat", False, "CTE"),
        ("cte,bnk", True, "BNK"),
        ("bk1, in2", False, "BNK"),
        ("xyz", False, ""),
        ("xyz", True, "BNK"),
    ],
)
def test_the_format_of_an_industry_is_one_that_the_taxonomy_has_and_of_several_the_one_whose_lines_are_there(
    said: str, of_bank: bool, read_as: str
) -> None:
    lines = (SALES, ASSETS, *((flow("jppfs_cor:OrdinaryIncomeBNK", 9),) if of_bank else ()))
    assert read(*lines, **{INDUSTRY: said}).rows[0].industry_format == read_as


def test_a_third_quarter_is_its_own_whatever_half_year_stands_beside_it() -> None:
    lines = (
        flow("jppfs_cor:NetSales", 9, "CurrentYTDDuration"),
        stock("jppfs_cor:Assets", 5, "CurrentQuarterInstant"),
        flow("jppfs_cor:NetSales", 6, "InterimDuration"),
        stock("jppfs_cor:Assets", 4, "InterimInstant"),
    )
    (row,) = read(*lines, TypeOfCurrentPeriodDEI="Q3", CurrentPeriodEndDateDEI="2024-12-31").rows
    assert (row.values["revenue"], row.values["total_assets"]) == (9, 5)


def test_a_half_year_stands_where_most_of_it_does_whatever_single_figure_stands_elsewhere() -> None:
    of_dividend = "jpcrp_cor:InterimDividendPaidPerShareSummaryOfBusinessResults"
    half = {"TypeOfCurrentPeriodDEI": "Q2", "CurrentPeriodEndDateDEI": "2024-09-30"}
    for duration, instant, elsewhere in (
        ("CurrentYTDDuration", "CurrentQuarterInstant", "InterimDuration"),
        ("InterimDuration", "InterimInstant", "CurrentYTDDuration"),
    ):
        lines = (
            flow(of_dividend, 5, elsewhere + PARENT, "JPYPerShares"),
            flow("jppfs_cor:NetSales", 9, duration),
            flow("jppfs_cor:ProfitLoss", 2, duration),
            stock("jppfs_cor:Assets", 5, instant),
        )
        (row,) = read(*lines, **half).rows
        assert (row.values["revenue"], row.values["profit"], row.values["total_assets"]) == (9, 2, 5)


def test_a_fiscal_year_of_fifteen_months_has_a_fourth_quarter() -> None:
    lines = (
        flow("jppfs_cor:NetSales", 12, "CurrentYTDDuration"),
        stock("jppfs_cor:Assets", 5, "CurrentQuarterInstant"),
    )
    days = {
        "TypeOfCurrentPeriodDEI": "Q4",
        "CurrentPeriodEndDateDEI": "2025-03-31",
        "CurrentFiscalYearEndDateDEI": "2025-06-30",
    }
    report = read(*lines, name=filings.NAME.replace("030000-asr", "040300-q4r"), **days)
    assert (report.document_type, report.period.type, report.rows[0].values["revenue"]) == ("140", "Q4", 12)


def test_figures_in_a_currency_of_their_own_are_of_that_currency_alone() -> None:
    dollars = (
        flow("jppfs_cor:NetSales", 822_866_000, unit="USD"),
        stock("jppfs_cor:Assets", 900_000_000, unit="USD"),
        stock("jpcrp_cor:CapitalStockSummaryOfBusinessResults", 30_000_000, "CurrentYearInstant" + PARENT),
    )
    (row,) = read(*dollars).rows
    assert (row.currency, row.values["revenue"], row.values["capital_stock"]) == ("USD", 822_866_000, None)


@pytest.mark.parametrize("value", ["1,234", "△5", "1E9", "約5"])
def test_what_would_be_a_figure_and_is_no_number_is_never_left_out_in_silence(value: str) -> None:
    with pytest.raises(WrongFile, match=r"a number, or －, in jppfs_cor:ProfitLoss; found “.*” in line 18"):
        read(SALES, ASSETS, flow("jppfs_cor:ProfitLoss", value))
    # What is no figure of ours may say what it likes.
    assert read(SALES, ASSETS, flow("jpcrp_cor:Emissions", value, unit="tCO2e")).rows


@pytest.mark.parametrize(
    "dei",
    [
        {"CurrentPeriodEndDateDEI": "2025-06-30"},
        {"CurrentPeriodEndDateDEI": "2024-12-31"},
        {"CurrentFiscalYearStartDateDEI": "2025-04-01"},
        {"TypeOfCurrentPeriodDEI": "HY", "CurrentPeriodEndDateDEI": "2024-03-31"},
    ],
)
def test_a_period_that_is_none_of_its_fiscal_year_is_refused(dei: dict[str, str]) -> None:
    with pytest.raises(WrongFile, match="a period within the fiscal year of the DEI"):
        read(SALES, ASSETS, **dei)


def test_a_short_first_year_has_none_before_it() -> None:
    report = read(SALES, ASSETS, CurrentFiscalYearStartDateDEI="2024-10-01")
    assert (report.period_before, report.before, report.leaves_out_before) == (None, (), False)


def test_of_a_year_before_that_cannot_be_nothing_is_taken_and_that_is_said() -> None:
    before = flow("jppfs_cor:NetSales", 4, "Prior1YearDuration")
    report = read(SALES, ASSETS, before, **PREVIOUS)
    assert [row.values["revenue"] for row in report.before] == [4]
    odd = PREVIOUS | {"PreviousFiscalYearEndDateDEI": "2025-03-31"}
    report = read(SALES, ASSETS, before, **odd)
    assert (report.before, report.period_before, report.leaves_out_before) == ((), None, True)


def test_an_amendment_without_a_day_is_read_for_the_register_to_say_it() -> None:
    unnamed = "jpcrp030000-asr-001_E00004-000_2025-03-31_02_unknown.csv"
    cover = ("jpcrp_cor:FilingDateCoverPage", "FilingDateInstant", "", "2025-06-27")
    original = read(SALES, ASSETS, cover, name=unnamed)
    amendment = read(SALES, ASSETS, cover, name=unnamed, AmendmentFlagDEI="1")
    assert (original.is_day_known, amendment.is_day_known) == (True, False)
    assert str(amendment.as_of_on) == "2025-06-27"
    assert amendment.document_type == "130"
