"""Every fact of a report, as it is shown: with its part and its number, long texts cut."""

from decimal import Decimal

import pytest

from tests.files.edinet import filings
from tests.files.edinet.filings import ASSETS, DEI, SALES, flow
from webapp.files.apart import calling as apart
from webapp.files.edinet import filed_facts

NAME = "S100TEST.zip"


def test_a_report_comes_with_all_its_facts_out_of_a_process_of_its_own() -> None:
    content = filings.zipped(SALES, ASSETS, flow("jppfs_cor:GrossProfit", "－"))
    report = apart.read(filed_facts.read, content, NAME)
    assert report == filed_facts.read(content, NAME)
    assert (report.filing.doc_id, len(report.facts)) == ("S100TEST", len(DEI) + 3)
    sales, assets, nil = report.facts[-3:]
    assert (sales.line, sales.label, sales.value, sales.number) == (
        len(DEI) + 2,
        "項目",
        "5000000000",
        Decimal(5_000_000_000),
    )
    assert (assets.part, nil.part, nil.number) == ("balance_sheet", "income", None)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("短い", "短い"),
        ("二\n行  と\t空白", "二 行 と 空白"),
        ("長" * 161, "長" * 159 + "…"),
        ("空" + " " * 5000 + "白", "空…"),
    ],
)
def test_a_text_is_shown_by_its_beginning_in_one_line(value: str, shown: str) -> None:
    assert filed_facts.cut(value) == shown
