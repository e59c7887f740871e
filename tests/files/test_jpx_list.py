from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files import builders, workbook_builders
from tests.files.builders import issue, jpx_csv, jpx_text
from webapp.files import jpx_list
from webapp.files.jpx_list import JpxIssue
from webapp.files.rows import BadRow, MasterList, Remark, WrongFile

NONE_LEFT_OUT = {"etf_etn": 0, "reit_fund": 0, "contribution_certificate": 0, "preferred_or_class_share": 0}
KYOKUYO = JpxIssue(2, "1301", "極洋", "PRIME", False, "0050", "1")
REIT = "REIT・ベンチャーファンド・カントリーファンド・インフラファンド"


def read(*rows: dict[str, str]) -> MasterList[JpxIssue]:
    return jpx_list.read(jpx_csv(*rows), "data_j.csv")


def as_published(changes: Mapping[str, Any] | None = None, *, code: float | str = 1301.0) -> list[Any]:
    """A row of the workbook: numbers where JPX has numbers."""
    numbers = {
        "日付": 20250530.0,
        "コード": code,
        "33業種コード": 50.0,
        "17業種コード": 1.0,
        "規模コード": 7.0,
    }
    return list({**builders.ISSUE, **numbers, **(changes or {})}.values())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_a_csv_is_read(encoding: str) -> None:
    found = jpx_list.read(jpx_text(builders.ISSUE).encode(encoding), "data_j.csv")
    name = "cp932" if encoding == "cp932" else "utf-8"
    assert found == MasterList(date(2025, 5, 30), (KYOKUYO,), (), NONE_LEFT_OUT, 1, name, frozenset(["1301"]))


def test_a_csv_in_a_zip_is_read() -> None:
    content = builders.zipped({"data_j.csv": jpx_csv(builders.ISSUE)})
    assert jpx_list.read(content, "data_j.zip").rows == (KYOKUYO,)


@pytest.mark.parametrize(
    ("build", "name"), [(workbook_builders.xls, "data_j.xls"), (workbook_builders.xlsx, "DATA_J.XLSX")]
)
def test_a_workbook_is_read_as_its_csv_would_be(build: Any, name: str) -> None:
    alphanumeric = as_published(
        {"市場・商品区分": "グロース（内国株式）", "33業種コード": 3250.0}, code="130A"
    )
    fund = as_published({"市場・商品区分": "ETF・ETN", "33業種コード": "-", "17業種コード": "-"}, code=1305.0)
    blank = [""] * len(jpx_list.HEADINGS)
    found = jpx_list.read(build([jpx_list.HEADINGS, as_published(), fund, blank, alphanumeric]), name)
    assert found.as_of_on == date(2025, 5, 30)
    assert list(found.rows) == [KYOKUYO, JpxIssue(5, "130A", "極洋", "GROWTH", False, "3250", "1")]
    assert found.left_out == {**NONE_LEFT_OUT, "etf_etn": 1}
    assert (found.bad_rows, found.total_rows, found.encoding) == ((), 3, "workbook")


@pytest.mark.parametrize(
    ("category", "division", "is_foreign"),
    [
        ("プライム（外国株式）", "PRIME", True),
        ("スタンダード（内国株式）", "STANDARD", False),
        ("スタンダード（外国株式）", "STANDARD", True),
        ("グロース（外国株式）", "GROWTH", True),
        ("PRO Market", "TOKYO_PRO", None),
    ],
)
def test_the_category_tells_the_division_and_whose_share_it_is(
    category: str, division: str, is_foreign: bool | None
) -> None:
    (found,) = read(issue({"市場・商品区分": category})).rows
    assert (found.market_division, found.is_foreign) == (division, is_foreign)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"市場・商品区分": "ETF・ETN"}, "etf_etn"),
        ({"市場・商品区分": REIT}, "reit_fund"),
        ({"市場・商品区分": "出資証券", "コード": "8301"}, "contribution_certificate"),
        ({"コード": "25935"}, "preferred_or_class_share"),
        ({"コード": "94346.0"}, "preferred_or_class_share"),
    ],
)
def test_what_is_no_common_stock_is_counted_by_kind(changes: dict[str, str], kind: str) -> None:
    found = read(issue(changes))
    assert (found.rows, found.bad_rows, found.left_out) == ((), (), {**NONE_LEFT_OUT, kind: 1})


@pytest.mark.parametrize(
    ("written", "symbol"), [("１３０１", "1301"), ("130a", "130A"), ("1301.0", "1301"), ("13010", "1301")]
)
def test_a_code_is_read_in_each_spelling(written: str, symbol: str) -> None:
    assert [found.ticker_symbol for found in read(issue(code=written)).rows] == [symbol]


def test_sectors_keep_their_leading_zeros_and_a_hyphen_is_none() -> None:
    rows = (
        issue({"33業種コード": "50.0", "17業種コード": "10.0"}),
        issue({"33業種コード": "-", "17業種コード": "－"}, code="1302"),
    )
    assert [(found.industry33_code, found.industry17_code) for found in read(*rows).rows] == [
        ("0050", "10"),
        (None, None),
    ]


def test_what_is_no_code_is_refused_and_not_taken_for_another_class_of_share() -> None:
    assert [bad.column for bad in read(issue(), issue(code="?1301")).bad_rows] == ["コード"]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("日付", "昨日", "This is not a date."),
        ("コード", "-", "The value is missing."),
        ("コード", "130B", "This is not a securities code."),
        ("コード", "130", "A securities code has 5 characters here."),
        ("コード", "1302", "An earlier row of the file has the same code."),
        ("銘柄名", "", "The value is missing."),
        ("市場・商品区分", "", "The value is missing."),
        ("33業種コード", "水産", "A code of the 33 sectors has up to 4 digits."),
        ("17業種コード", "0", "A code of the 17 sectors has 1 or 2 digits."),
    ],
)
def test_a_bad_row_is_refused_by_line_column_value_and_reason(column: str, value: str, reason: str) -> None:
    found = read(issue(code="1302"), issue({column: value}), issue(code="1303"))
    assert [good.ticker_symbol for good in found.rows] == ["1302", "1303"]
    assert found.bad_rows == (BadRow(3, column, value, reason),)


@pytest.mark.parametrize(
    ("category", "sector", "is_foreign"),
    [
        ("市場第一部（内国株）", "50", False),
        ("ネクスト(外国株式)", "-", True),
        ("NEXT Market", "9050", None),
    ],
)
def test_a_market_that_jpx_has_not_had_so_far_is_remarked_on_and_its_companies_are_taken(
    category: str, sector: str, is_foreign: bool | None
) -> None:
    changes = {"市場・商品区分": category, "33業種コード": sector}
    found = read(issue(), issue(changes, code="1302"), issue(changes, code="1303"))
    assert found.bad_rows == ()
    assert [(row.market_division, row.is_foreign) for row in found.rows[1:]] == [(None, is_foreign)] * 2
    assert found.remarks == (Remark("市場・商品区分", category, 2, jpx_list.SENTENCES["new_market"]),)


def test_a_product_that_jpx_has_not_had_so_far_is_remarked_on_and_left_out() -> None:
    found = read(issue(), issue({"市場・商品区分": "暗号資産ＥＴＦ", "33業種コード": "-"}, code="1302"))
    assert (len(found.rows), found.bad_rows, found.left_out["unknown_product"]) == (1, (), 1)
    assert found.remarks == (
        Remark("市場・商品区分", "暗号資産ＥＴＦ", 1, jpx_list.SENTENCES["unknown_product"]),
    )


def half_width(category: str) -> str:
    """As a spreadsheet or a converter spells it."""
    return category.translate(str.maketrans("（）・ＰＲＯ", "()･PRO"))


@pytest.mark.parametrize("category", [*jpx_list.SHARES, *jpx_list.OUT_OF_SCOPE])
def test_a_category_is_the_same_in_every_width(category: str) -> None:
    full, half = read(issue({"市場・商品区分": category})), read(
        issue({"市場・商品区分": half_width(category)})
    )
    assert (half.rows, half.left_out, half.bad_rows, half.remarks) == (full.rows, full.left_out, (), ())


def test_headings_are_the_same_in_every_width() -> None:
    content = jpx_text(issue()).replace("市場・商品区分", "市場･商品区分").encode()
    assert jpx_list.read(content, "data_j.csv").rows == (KYOKUYO,)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8", "cp932"])
def test_a_text_with_tabs_is_read(encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    content = mark + jpx_text(issue({"銘柄名": "極洋,水産"})).replace(",", "\t").replace(
        '"極洋\t水産"', "極洋,水産"
    )
    found = jpx_list.read(content.encode(encoding), "data_j.txt")
    assert [(row.ticker_symbol, row.name_ja) for row in found.rows] == [("1301", "極洋,水産")]


@pytest.mark.parametrize(
    "written", ["45807", "45807.0", "2025/5/30", "2025-05-30 00:00:00", "2025/5/30 0:00", "2025年5月30日"]
)
def test_a_day_is_read_as_a_spreadsheet_leaves_it(written: str) -> None:
    assert read(issue({"日付": written})).as_of_on == date(2025, 5, 30)


def test_a_refused_row_still_says_that_its_share_is_on_the_list() -> None:
    rows = [issue({"銘柄名": ""}, code=code) for code in ("1301", "1302.0", "１３０ａ", "13050", "25935")]
    found = read(*rows, issue({"市場・商品区分": "ETF・ETN"}, code="1306"))
    assert found.rows == ()
    assert found.named == {"1301", "1302", "130A", "1305", "25935", "1306"}


def test_a_row_of_another_width_is_refused() -> None:
    found = jpx_list.read(jpx_csv(builders.ISSUE) + b"20250530,1302\r\n", "data_j.csv")
    assert [(bad.line, bad.value) for bad in found.bad_rows] == [(3, "2 columns")]


def test_a_monstrous_cell_of_a_workbook_costs_one_row() -> None:
    rows = [jpx_list.HEADINGS, as_published({"銘柄名": "e" + "\u0301\u0327" * 300}), as_published()]
    found = jpx_list.read(workbook_builders.xls(rows), "data_j.xls")
    assert [share.line for share in found.rows] == [3]
    assert [(bad.line, bad.column) for bad in found.bad_rows] == [(2, None)]


def test_rows_of_different_days_change_nothing() -> None:
    with pytest.raises(WrongFile, match="one day in the column 日付; found 2024-06-28, 2025-05-30"):
        read(issue(), issue({"日付": "20240628"}, code="1302"))


def test_rows_of_no_day_change_nothing() -> None:
    for rows in ([], [issue({"日付": ""})]):
        with pytest.raises(WrongFile, match="found none"):
            read(*rows)


def test_other_headings_change_nothing() -> None:
    with pytest.raises(WrongFile, match="found 市場区分 instead of 市場・商品区分"):
        jpx_list.read(jpx_text(issue()).replace("市場・商品区分", "市場区分").encode(), "data_j.csv")
    with pytest.raises(WrongFile, match="found no heading line"):
        jpx_list.read(builders.edinet_csv(builders.PERSON), "Edinetcode.csv")
    for content in (workbook_builders.xls([]), b",,,\n"):
        with pytest.raises(WrongFile, match="found no heading line"):
            jpx_list.read(content, "data_j")


def test_a_workbooks_name_with_another_content_changes_nothing() -> None:
    with pytest.raises(WrongFile, match="an Excel workbook, as the file's name says; found something else"):
        jpx_list.read(b"<!DOCTYPE html>", "data_j.xls")


def test_a_damaged_workbook_changes_nothing() -> None:
    content = workbook_builders.xls([jpx_list.HEADINGS, as_published()])
    with pytest.raises(WrongFile, match="damaged or of an unknown kind"):
        jpx_list.read(content[:600], "data_j.xls")


@given(
    symbols=st.lists(st.from_regex("[1-9][0-9ACDF][0-9][0-9ACDF]", fullmatch=True), unique=True, max_size=8),
    category=st.sampled_from(sorted(jpx_list.SHARES)),
    sector=st.none() | st.integers(0, 9999),
)
def test_what_is_written_is_read(symbols: list[str], category: str, sector: int | None) -> None:
    written = "-" if sector is None else str(sector)
    rows = [issue({"市場・商品区分": category, "33業種コード": written}, code=symbol) for symbol in symbols]
    found = read(*rows, issue({"市場・商品区分": "ETF・ETN"}))
    assert [share.ticker_symbol for share in found.rows] == symbols
    assert {share.industry33_code for share in found.rows} <= {None if sector is None else f"{sector:04}"}
    assert {share.market_division for share in found.rows} <= {jpx_list.SHARES[category][0]}
    assert found.bad_rows == ()


@given(builders.spoiled(jpx_csv(issue(), issue(code="130A"), issue({"市場・商品区分": "ETF・ETN"}))))
def test_a_spoiled_list_is_refused_or_every_row_is_accounted_for(content: bytes) -> None:
    try:
        found = jpx_list.read(content, "data_j.csv")
    except WrongFile:
        return
    assert found.total_rows == len(found.rows) + len(found.bad_rows) + sum(found.left_out.values())
