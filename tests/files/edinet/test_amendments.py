"""What an amendment says otherwise than the document that it amends, and nothing else."""

from pathlib import Path

import pytest

from tests.files.edinet import filings
from tests.files.edinet.filings import DEI, SALES, Line, flow
from webapp.files.edinet import amendments
from webapp.files.edinet.amendments import Differences
from webapp.files.rows import WrongFile


def differences(before: tuple[Line, ...], after: tuple[Line, ...]) -> Differences:
    first, second = filings.zipped(*before), filings.zipped(*after)
    return amendments.read(first + second, len(first))


def test_the_order_is_the_later_documents_and_what_it_leaves_out_comes_last() -> None:
    gone, new = flow("jppfs_cor:GrossProfit", 1), flow("jppfs_cor:OperatingIncome", 2)
    changed = flow("jppfs_cor:NetSales", 3)
    told = differences((gone, SALES), (new, changed))
    pairs = [(one.before and one.before.element, one.after and one.after.element) for one in told.facts]
    assert pairs == [
        (None, "jppfs_cor:OperatingIncome"),
        ("jppfs_cor:NetSales", "jppfs_cor:NetSales"),
        ("jppfs_cor:GrossProfit", None),
    ]
    assert told.same == len(DEI)


def test_the_same_number_written_otherwise_is_no_difference() -> None:
    element = "jpcrp_cor:EquityToAssetRatioSummaryOfBusinessResults"
    before, after = (flow(element, value, unit="pure") for value in ("0.80", "0.8"))
    assert differences((before,), (after,)).facts == ()
    assert len(differences((flow(element, "－", unit="pure"),), (after,)).facts) == 1


def test_the_same_fact_in_another_unit_is_another_one() -> None:
    element = "jppfs_cor:NetSales"
    assert len(differences((flow(element, 1),), (flow(element, 1, unit="USD"),)).facts) == 2


def test_a_text_that_only_goes_on_is_shown_from_there() -> None:
    note = "jpcrp_cor:NotesTextBlock"
    told = differences((flow(note, "甲" * 200, unit=""),), (flow(note, "甲" * 200 + "乙", unit=""),))
    (one,) = told.facts
    assert one.before is not None
    assert one.after is not None
    assert (one.before.value, one.after.value) == ("…" + "甲" * 30, "…" + "甲" * 30 + "乙")


def test_what_is_no_report_is_refused() -> None:
    report = filings.zipped(SALES)
    with pytest.raises(WrongFile):
        amendments.read(report + b"x", len(report))


@pytest.mark.real_data
def test_of_a_real_amendment_one_figure_differs(real_data: Path) -> None:
    names = ("S002XXXX_asr_jgaap_original", "S021XXXX_asr_jgaap_amendment02")
    first, second = ((real_data / "edinet_type5_fsa_samples" / f"{name}.zip").read_bytes() for name in names)
    told = amendments.read(first + second, len(first))
    (figure,) = (
        one
        for one in told.facts
        if one.after is not None and one.after.number is not None and one.after.part != "cover"
    )
    assert figure.after is not None
    assert figure.before is not None
    assert figure.after.element.endswith("AgentFeeSGA")
    assert (figure.before.value, figure.after.value) == ("10561000000", "10541000000")
