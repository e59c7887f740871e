import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings

from tests.files import builders, workbook_builders
from webapp.files import workbooks
from webapp.files.rows import WrongFile

ROWS: workbook_builders.Sheet = [["日付", "コード"], [20250530.0, 1301.0], [20250530.0, "130A"]]
AS_TEXT = [["日付", "コード"], ["20250530", "1301"], ["20250530", "130A"]]
FAR_APART = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize("build", [workbook_builders.xls, workbook_builders.xlsx])
def test_the_first_sheet_is_read_as_text(build: Any) -> None:
    content = build(ROWS)
    assert workbooks.is_workbook(content)
    assert workbooks.first_sheet(content) == AS_TEXT


def test_text_is_no_workbook() -> None:
    assert not workbooks.is_workbook(builders.jpx_csv())


def test_a_small_workbook_of_a_vast_sheet_harms_nobody() -> None:
    content = workbook_builders.xlsx_with(FAR_APART)
    assert len(content) < 5_000
    with pytest.raises(WrongFile, match="within the limits of memory and time; found one that cannot"):
        workbooks.first_sheet(content)


def test_a_sheet_far_off_is_refused_by_its_size() -> None:
    with pytest.raises(WrongFile, match="one of 1,048,576 rows and 16,384 columns"):
        workbooks.first_sheet(workbook_builders.xlsx_with(FAR_APART.partition("</row>")[2]))


def test_an_unsafe_zip_is_not_handed_on() -> None:
    with pytest.raises(WrongFile, match="file names that stay inside the zip"):
        workbooks.first_sheet(builders.zipped({"../xl/workbook.xml": b""}))


def test_a_workbook_that_is_too_large_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_WORKBOOK_BYTES", 10)
    with pytest.raises(WrongFile, match="at most 10 bytes"):
        workbooks.first_sheet(workbook_builders.xls(ROWS))


def test_a_workbook_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "TIMEOUT_SECONDS", 0.001)
    with pytest.raises(WrongFile, match="within the limits of memory and time"):
        workbooks.first_sheet(workbook_builders.xls(ROWS))


def test_the_reading_process_sees_no_secret_and_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "s" * 32)
    given_to: dict[str, Any] = {}

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        given_to.update(options, command=command)
        return subprocess.CompletedProcess(command, 0, stdout=b'{"rows": []}')

    monkeypatch.setattr(subprocess, "run", run)
    assert workbooks.first_sheet(workbook_builders.xls(ROWS)) == []
    assert given_to["env"] == {}
    assert given_to["command"] == [sys.executable, "-I", str(workbooks.READER)]


@settings(max_examples=15)
@given(builders.spoiled(workbook_builders.xls(ROWS)))
def test_a_spoiled_workbook_is_read_or_refused(content: bytes) -> None:
    try:
        rows = workbooks.first_sheet(content)
    except WrongFile:
        return
    assert all(isinstance(cell, str) for row in rows for cell in row)
