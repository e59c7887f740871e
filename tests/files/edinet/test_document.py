"""A zip of EDINET becomes facts, or is refused with the reason."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.files.edinet import filings
from tests.files.edinet.filings import ASSETS, SALES, flow
from webapp.files.edinet import document
from webapp.files.rows import WrongFile


def test_a_report_is_read_with_its_dei_and_facts() -> None:
    report = document.read(filings.zipped(SALES, ASSETS))
    assert (report.report, str(report.submitted_on)) == ("asr", "2025-06-27")
    assert report.said("EDINETCodeDEI") == "E00004"
    *_, sales, assets = report.facts
    assert (sales.element, sales.context, sales.unit) == ("jppfs_cor:NetSales", "CurrentYearDuration", "JPY")
    assert (sales.number, assets.number) == (Decimal(5_000_000_000), Decimal(9_000_000_000))
    assert sales.line + 1 == assets.line


def test_nil_is_not_zero_and_zero_is_not_missing() -> None:
    nil = flow("jppfs_cor:ExtraordinaryLoss", "－")
    zero = flow("jppfs_cor:ExtraordinaryIncome", 0)
    *_, first, second = document.read(filings.zipped(nil, zero)).facts
    assert (first.number, second.number) == (None, Decimal(0))


def test_a_text_longer_than_csv_takes_and_one_with_tabs_are_read() -> None:
    long = flow("jpcrp_cor:BusinessRisksTextBlock", "長" * 200_000, unit="")
    tabs = flow("jpcrp_cor:RevenueTextBlock", "一\t二\t三", unit="")
    *_, first, second = document.read(filings.zipped(long, tabs)).facts
    assert (len(first.value), second.value) == (200_000, "一\t二\t三")


def test_a_number_without_a_unit_is_a_text() -> None:
    *_, fact = document.read(filings.zipped(flow("jpcrp_cor:Something", 12, unit=""))).facts
    assert fact.number is None


def test_a_fact_that_stands_twice_is_one() -> None:
    assert len(document.read(filings.zipped(SALES, SALES)).facts) == len(
        document.read(filings.zipped(SALES)).facts
    )


def test_a_fact_with_two_values_refuses_the_file() -> None:
    with pytest.raises(WrongFile, match="one value for each fact; found two for jppfs_cor:NetSales"):
        document.read(filings.zipped(SALES, flow("jppfs_cor:NetSales", 1)))


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("jpsps070000-asr-001_G02262-000_2025-05-09_01_2025-08-08.csv", "a report of an investment fund"),
        ("jplvh010000-lvh-003_E31199-000_2024-08-06_03_2025-08-08.csv", "a report of a large holding"),
        ("jpcrp050300-esr-001_E00149-000_2025-08-08_01_2025-08-08.csv", "an extraordinary report"),
        (
            "jpcrp170000-sbr-001_E04291-000_2025-08-08_01_2025-08-08.csv",
            "a report of the purchase of own shares",
        ),
        ("jptoo060000-tor-001_E40697-000_2025-08-08_01_2025-08-08.csv", "a document of a tender offer"),
        ("jpaud-aar-cn-001_E00004-000_2025-03-31_01_2025-06-27.csv", "another document"),
        ("list.csv", "another document"),
    ],
)
def test_another_document_is_refused_by_what_it_is(name: str, called: str) -> None:
    with pytest.raises(WrongFile, match=f"found {called}"):
        document.read(filings.zipped(SALES, name=name))


def test_several_reports_in_one_zip_are_refused() -> None:
    both = {
        filings.NAME: filings.text(SALES),
        filings.NAME.replace("000_2025", "001_2025"): filings.text(SALES),
    }
    with pytest.raises(WrongFile, match="several reports"):
        document.read(filings.packed(both))


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ("要素ID,項目名", "another first line"),
        (filings.text(SALES).replace('"当期"\t', ""), "a broken line 2"),
        (filings.text(SALES).replace('5000000000"', "5000000000"), "a broken line"),
    ],
)
def test_a_broken_table_is_refused_in_one_sentence(spoilt: str, why: str) -> None:
    with pytest.raises(WrongFile, match=why):
        document.read(filings.packed({filings.NAME: spoilt}))


def test_a_value_may_go_on_over_several_lines() -> None:
    note = ("jpcrp_cor:NotesTextBlock", "FilingDateInstant", "", 'first ""part""\r\n\r\nsecond\t3\nend')
    report = document.read(filings.zipped(note, SALES))
    text, sales = report.facts[-2:]
    assert text.value.splitlines() == ['first "part"', "", "second\t3", "end"]
    assert (sales.number, sales.line - text.line) == (5_000_000_000, 4)


@settings(max_examples=40)
@given(st.text(st.sampled_from('"\t\r\n:_－-.0123456789eE+JPYpurejpcrp'), max_size=300))
def test_whatever_stands_below_the_headings_is_read_or_refused(rest: str) -> None:
    spoilt = filings.text().replace("\r\n", "\r\n" + rest, 1)
    refused, read = "", 0
    try:
        read = len(document.read(filings.packed({filings.NAME: spoilt})).facts)
    except WrongFile as refusal:
        refused = str(refusal)
    assert read >= len(filings.DEI) or (refused.startswith("Expected ") and "\n" not in refused)


def test_what_is_no_zip_is_refused() -> None:
    with pytest.raises(WrongFile, match="found no zip"):
        document.read(b"not a zip")
