"""Cells as spreadsheets copy them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.files import pasted


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", []),
        ("a", [["a"]]),
        ("a\r\n", [["a"]]),
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a\tb\rc", [["a", "b"], ["c", ""]]),
        ("\t\n\t\n", [["", ""], ["", ""]]),
        ('"two\r\nlines"\t5" pipe\n', [["two\nlines", '5" pipe']]),
        ('"he said ""no"""\t"', [['he said "no"', '"']]),
        ('"open\tx\ny', [['"open', "x"], ["y", ""]]),
    ],
)
def test_a_range_is_lines_of_cells(text: str, cells: list[list[str]]) -> None:
    assert pasted.cells(text) == cells


CELL = st.text(st.sampled_from('ab"\t\n 漢'), max_size=5)


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1)
    )
)
def test_what_a_spreadsheet_copies_comes_back_as_it_was(cells: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, dialect="excel-tab", quoting=csv.QUOTE_ALL).writerows(cells)
    assert pasted.cells(text.getvalue()) == cells
