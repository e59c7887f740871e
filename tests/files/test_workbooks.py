import io
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from python_calamine import CalamineWorkbook, PasswordError

from tests.files import builders, workbook_builders
from webapp.files import workbooks
from webapp.files.rows import WrongFile

ROWS: workbook_builders.Sheet = [["日付", "コード"], [20250530.0, 1301.0], [20250530.0, "130A"]]
AS_TEXT = [["日付", "コード"], ["20250530", "1301"], ["20250530", "130A"]]
FAR_OFF = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize("build", [workbook_builders.xls, workbook_builders.xlsx])
def test_the_first_sheet_is_read_as_text(build: Any) -> None:
    content = build(ROWS)
    assert workbooks.is_workbook(content)
    assert workbooks.first_sheet(content) == AS_TEXT


def test_text_is_no_workbook() -> None:
    assert not workbooks.is_workbook(builders.jpx_csv())


def test_a_sheet_far_off_is_refused_by_its_size() -> None:
    with pytest.raises(WrongFile, match="one of 1,048,576 rows and 16,384 columns"):
        workbooks.first_sheet(workbook_builders.xlsx_with(FAR_OFF))


def test_an_unsafe_zip_is_not_handed_on() -> None:
    with pytest.raises(WrongFile, match="file names that stay inside the zip"):
        workbooks.first_sheet(builders.zipped({"../xl/workbook.xml": b""}))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1301.0, "1301"),
        (20250530, "20250530"),
        (0.5, "0.5"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        ("130A", "130A"),
        ("", ""),
        (None, ""),
        (True, "True"),
        (date(2025, 5, 30), "2025-05-30"),
        (datetime(2025, 5, 30, 9, 0), "2025-05-30"),  # noqa: DTZ001 - a workbook's time has no zone
    ],
)
def test_a_cell_is_spelled_as_a_csv_would(cell: object, text: str) -> None:
    assert workbooks.as_text(cell) == text


def test_rows_are_counted_from_the_top_of_the_sheet() -> None:
    sheet = '<row r="3"><c r="B3"><v>7</v></c></row>'
    assert workbooks.first_sheet(workbook_builders.xlsx_with(sheet)) == [["", ""], ["", ""], ["", "7"]]


def test_an_empty_sheet_has_no_rows() -> None:
    assert workbooks.first_sheet(workbook_builders.xlsx_with("")) == []


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("MAX_ROWS", "at most 1 rows"),
        ("MAX_COLUMNS", "and 1 columns"),
        ("MAX_CHARACTERS", "at most 1 characters"),
        ("MAX_WORKBOOK_BYTES", "at most 1 bytes"),
    ],
)
def test_a_sheet_beyond_the_limits_is_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str, expected: str
) -> None:
    monkeypatch.setattr(workbooks, limit, 1)
    with pytest.raises(WrongFile, match=expected):
        workbooks.first_sheet(workbook_builders.xls([["a", "b"], ["c", "d"]]))


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(WrongFile, match="damaged or of an unknown kind"):
        workbooks.first_sheet(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def test_a_workbook_with_a_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def from_filelike(_stream: io.BytesIO) -> CalamineWorkbook:
        raise PasswordError

    stand_in = type("Workbook", (), {"from_filelike": staticmethod(from_filelike)})
    monkeypatch.setattr(workbooks, "CalamineWorkbook", stand_in)
    with pytest.raises(WrongFile, match="protected by a password"):
        workbooks.first_sheet(b"")


@settings(max_examples=100)
@given(builders.spoiled(workbook_builders.xls(ROWS)))
def test_a_spoiled_workbook_is_read_or_refused(content: bytes) -> None:
    try:
        rows = workbooks.first_sheet(content)
    except WrongFile:
        return
    assert all(isinstance(cell, str) for row in rows for cell in row)
