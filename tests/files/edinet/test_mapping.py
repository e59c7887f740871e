"""The mapping is data that means something: real columns, one place each, no company."""

import pytest

from tests.files.edinet import filings
from tests.files.edinet.filings import ASSETS, SALES, flow
from webapp.files.edinet import document, filing, mapping, periods
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec


def test_every_field_is_a_column_of_statements() -> None:
    columns = set(row_codec.table_of(FinancialStatement).columns.keys())
    assert {line.field for line in mapping.lines()} <= columns


def test_no_element_has_the_same_rank_twice_in_a_field() -> None:
    ranks = [(one.field, one.standard, one.industry_format, one.priority) for one in mapping.lines()]
    assert len(ranks) == len(set(ranks))


def test_every_line_says_what_it_needs() -> None:
    for line in mapping.lines():
        assert line.standard in ("JGAAP", "IFRS", "USGAAP", mapping.ANY), line
        assert line.industry_format in ("", "BNK", "INS", "SEC"), line
        assert line.period in ("duration", "instant"), line
        assert line.context in ("", "parent", "filer", "non_consolidated"), line
        for element in line.elements:
            assert element.partition(":")[0] in ("jppfs_cor", "jpigp_cor", "jpcrp_cor", "own"), line


def test_every_line_that_the_sixth_mapping_adds_says_why() -> None:
    before = {
        (one.field, one.standard, one.industry_format, one.element, one.where) for one in mapping.lines(5)
    }
    added = [
        one
        for one in mapping.lines(6)
        if (one.field, one.standard, one.industry_format, one.element, one.where) not in before
    ]
    assert len(added) > 80
    assert [one for one in added if not one.why] == []


def test_a_filers_own_element_is_named_alike_whoever_files_it_and_in_whatever_report() -> None:
    for prefix in (
        "jpcrp030000-asr_E02144-000:",
        "jpcrp040300-q3r_E01766-000:",
        "jpcrp040300-ssr_X99004-000:",
    ):
        assert mapping.named(prefix + "TotalEquityIFRS") == "own:TotalEquityIFRS"
    assert mapping.named("jpigp_cor:EquityIFRS") == "jpigp_cor:EquityIFRS"


def test_an_industrys_own_elements_come_before_those_of_all() -> None:
    first, *_ = mapping.of("JGAAP", "BNK")["revenue"]
    assert first.element == "jppfs_cor:OrdinaryIncomeBNK"
    assert all(line.industry_format == "" for line in mapping.of("JGAAP", "")["revenue"])


@pytest.mark.parametrize(
    ("end", "year"), [("2025-03-31", 2025), ("2025-03-30", 2024), ("2025-12-31", 2025), ("2026-01-31", 2025)]
)
def test_a_taxonomy_is_for_periods_from_its_march_on(end: str, year: int) -> None:
    dei = {"CurrentPeriodEndDateDEI": end, "CurrentFiscalYearEndDateDEI": end}
    assert periods.taxonomy(periods.period(document.read(filings.zipped(SALES, dei=dei)))) == year


def test_of_a_taxonomy_of_an_unknown_year_the_elements_that_became_nothing_are_listed() -> None:
    newest = mapping.NEWEST_TAXONOMY[mapping.VERSION]
    lines = (
        SALES,
        ASSETS,
        flow("jppfs_cor:SalesAnew", 4),
        flow("jppfs_cor:OfASegment", 5, "CurrentYearDuration_X"),
    )
    for year, listed in ((newest, ()), (newest + 1, ["jppfs_cor:SalesAnew"])):
        end = f"{year}-03-31"
        dei = {"CurrentPeriodEndDateDEI": end, "CurrentFiscalYearEndDateDEI": end}
        report = filing.read(filings.zipped(*lines, dei=dei), "S100TEST.zip")
        assert report.unmapped == listed
        assert report.rows[0].values["revenue"] == 5_000_000_000


def test_every_version_says_which_taxonomies_it_knows() -> None:
    assert set(mapping.NEWEST_TAXONOMY) == set(range(1, mapping.VERSION + 1))
