import io
import json
import resource
from datetime import date, datetime

import pytest
from python_calamine import CalamineWorkbook, PasswordError

from tests.files import workbook_builders
from webapp.files import workbook_process


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
    assert workbook_process.as_text(cell) == text


def test_rows_are_counted_from_the_top_of_the_sheet() -> None:
    sheet = '<row r="3"><c r="B3"><v>7</v></c></row>'
    assert workbook_process.rows(workbook_builders.xlsx_with(sheet)) == [["", ""], ["", ""], ["", "7"]]


def test_an_empty_sheet_has_no_rows() -> None:
    assert workbook_process.rows(workbook_builders.xlsx_with("")) == []


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("MAX_ROWS", "at most 1 rows"),
        ("MAX_COLUMNS", "and 1 columns"),
        ("MAX_CHARACTERS", "at most 1 characters"),
    ],
)
def test_a_sheet_beyond_the_limits_is_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str, expected: str
) -> None:
    monkeypatch.setattr(workbook_process, limit, 1)
    with pytest.raises(workbook_process.Refused) as refused:
        workbook_process.rows(workbook_builders.xls([["a", "b"], ["c", "d"]]))
    assert expected in refused.value.expected


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(workbook_process.Refused, match="damaged or of an unknown kind"):
        workbook_process.rows(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def test_a_workbook_with_a_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def from_filelike(_stream: io.BytesIO) -> CalamineWorkbook:
        raise PasswordError

    stand_in = type("Workbook", (), {"from_filelike": staticmethod(from_filelike)})
    monkeypatch.setattr(workbook_process, "CalamineWorkbook", stand_in)
    with pytest.raises(workbook_process.Refused, match="protected by a password"):
        workbook_process.rows(b"")


def test_the_answer_is_one_object_with_rows_or_with_the_reason() -> None:
    answers = []
    for content in (workbook_builders.xls([["極洋", 1301.0]]), b"x"):
        answer = io.StringIO()
        workbook_process.main(io.BytesIO(content), answer)
        answers.append(json.loads(answer.getvalue()))
    assert answers == [
        {"rows": [["極洋", "1301"]]},
        {"expected": "an Excel workbook", "found": "one that is damaged or of an unknown kind"},
    ]


def test_memory_and_time_are_limited_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    workbook_process.limit_resources()
    assert limits == {
        resource.RLIMIT_AS: (512 * 1024 * 1024,) * 2,
        resource.RLIMIT_CPU: (10, 10),
        resource.RLIMIT_CORE: (0, 0),
    }
