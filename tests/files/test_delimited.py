import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.files import delimited
from webapp.files.delimited import Record
from webapp.files.rows import RefusedRow, WrongFile


def test_lines_are_numbered_as_an_editor_does_and_empty_ones_are_left_out() -> None:
    assert delimited.records('a,"b,1"\r\n\r\n ,\rc,""\n') == [
        Record(1, ["a", "b,1"]),
        Record(4, ["c", ""]),
    ]


@pytest.mark.parametrize("broken", ['a,"b', '"a"b,c', '"', 'a,"b""'])
def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_only(broken: str) -> None:
    first, second, third = delimited.records(f"x,y\n{broken}\nz,w\n")
    assert (first, third) == (Record(1, ["x", "y"]), Record(3, ["z", "w"]))
    assert (second.line, second.is_sound) == (2, False)
    with pytest.raises(RefusedRow, match="quotation marks of this line do not match"):
        second.fitted(2)


def test_a_monstrous_cell_costs_its_own_line_only() -> None:
    for length in (delimited.MAX_CELL_LENGTH + 1, 200_000):
        first, second = delimited.records(f"E00001,{'x' * length}\ny\n")
        assert (first.is_sound, first.cells[0], second) == (False, "E00001", Record(2, ["y"]))
        assert max(len(cell) for cell in first.cells) <= delimited.MAX_CELL_LENGTH


@pytest.mark.parametrize("broken", ['"E00001","a', '"E00001,"a"', 'E00001,"a"b', '"E00001","a""'])
def test_the_code_at_the_start_of_a_broken_line_can_often_be_told(broken: str) -> None:
    (record,) = delimited.records(broken)
    assert not record.is_sound
    assert record.cells[0].startswith("E00001")


def test_a_row_of_another_width_is_refused_without_a_word_of_its_content() -> None:
    with pytest.raises(RefusedRow) as refused:
        Record(5, ["secret", "a", "b"]).fitted(2)
    assert (refused.value.column, refused.value.value) == (None, "3 columns")


def test_empty_cells_at_the_end_do_not_make_a_row_wider() -> None:
    assert Record(1, ["a", "b", "", ""]).fitted(2) == ["a", "b"]


def test_more_rows_than_any_list_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_RECORDS", 2)
    assert len(delimited.records("a\n\nb\n")) == 2
    with pytest.raises(WrongFile, match="at most 2 rows; found more"):
        delimited.records("a\nb\nc\n")


def test_the_right_headings_pass_with_empty_ones_behind() -> None:
    delimited.check_headings(Record(1, ["日付 ", "コード", "", ""]), ("日付", "コード"))


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (None, "no heading line"),
        (Record(1, ["日付", "コード", "銘柄名"], is_sound=False), "no heading line"),
        (Record(1, ["E00999", "甲野　乙太郎", "x"]), "no heading line"),
        (Record(1, ["日付", "コード"]), "2 columns"),
        (Record(1, ["E00999;甲野　乙太郎"]), "no heading line"),
        (Record(1, ["日付", "銘柄名", "コード"]), "銘柄名 instead of コード, コード instead of 銘柄名"),
    ],
)
def test_other_headings_are_refused_by_what_differs(record: Record | None, found: str) -> None:
    with pytest.raises(WrongFile) as wrong:
        delimited.check_headings(record, ("日付", "コード", "銘柄名"))
    assert str(wrong.value) == f"Expected the 3 columns 日付・コード・銘柄名; found {found}."


def test_headings_between_semicolons_are_refused_by_what_is_to_be_done() -> None:
    with pytest.raises(WrongFile, match=r"save the file anew .*; found columns separated by semicolons"):
        delimited.check_headings(Record(1, ["日付;コード;銘柄名"]), ("日付", "コード", "銘柄名"))


@given(st.text(alphabet='a",\n\r \x00', max_size=60))
def test_every_line_that_holds_anything_is_a_record(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    records = delimited.records(text)
    assert all(record.line <= len(lines) for record in records)
    assert {n for n, line in enumerate(lines, start=1) if "a" in line} <= {record.line for record in records}
