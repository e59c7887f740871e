"""Long tables come as lines for COPY where their cells are plain; the other rows ask for a second look."""

from pathlib import Path

import pytest

from webapp.files import scanning, table_stream
from webapp.files.apart import calling
from webapp.files.rows import WrongFile
from webapp.files.table_stream import DAYS, MOMENTS, PLAIN, WORDS, Head, Tail, Taken, TakenColumn, Unusual

COLUMNS = [
    TakenColumn(1, WORDS, spelled={"": "", "連結": "consolidated"}),
    TakenColumn(0, PLAIN, "(?:-?[0-9]{1,5})?"),
    TakenColumn(2, DAYS),
    TakenColumn(3, MOMENTS),
]
HEADINGS = "売上高,連結・個別,期末,公表日時,レコード,削除"


def read(tmp_path: Path, *lines: str, takes_new: bool = True, encoding: str = "utf-8-sig") -> list[object]:
    path = tmp_path / "table.csv"
    path.write_text("\r\n".join((HEADINGS, *lines, "")), encoding=encoding, newline="")
    with path.open("rb") as file:
        scan = scanning.scan(file)
        assert list(table_stream.head(file, scan)) == [Head(HEADINGS.split(","))]
        parts = list(table_stream.parts(file, scan, Taken(COLUMNS, 4, 5, takes_new)))
        apart = calling.stream(table_stream.parts, file, scan, Taken(COLUMNS, 4, 5, takes_new))
        assert list(apart) == parts
    return parts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_plain_rows_are_lines_for_copy_in_the_order_of_their_columns(tmp_path: Path, encoding: str) -> None:
    lines = ("-12,連結,2025/3/31,2025-05-10 15:00:00+09:00,7@3,", "", '"5",,2025-03-31,,,')
    assert read(tmp_path, *lines, encoding=encoding) == [
        b"2\tconsolidated\t-12\t2025-03-31\t2025-05-10 15:00:00+09:00\t7\t3\n" b"4\t\t5\t2025-03-31\t\t\t\n",
        Tail(2),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "1.5,連結,2025-03-31,,7@3,",
        "1,個別,2025-03-31,,7@3,",
        "1,連結,2025-02-30,,7@3,",
        "1,連結,2025-03-31,2025-13-01 00:00:00+09:00,7@3,",
        "1,連結,2025-03-31,,7@3,x",
        "1,連結,2025-03-31,,7,",
        "1,連結,2025-03-31,,,",
        "1,連結",
    ],
)
def test_a_row_that_is_not_plain_asks_for_a_second_look(tmp_path: Path, row: str) -> None:
    assert read(tmp_path, row, takes_new=False) == [Unusual(2, row.split(",")), b"", Tail(1)]


def test_a_number_that_may_have_a_decimal_comma_between_semicolons_refuses_the_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        HEADINGS.replace(",", ";") + "\r\n1234;連結;2025-03-31;;7@3;\r\n-12,345;連結;;;8@3;\r\n", "utf-8"
    )
    with path.open("rb") as file, pytest.raises(WrongFile, match="found “-12,345” in line 3, column A"):
        list(table_stream.parts(file, scanning.scan(file), Taken(COLUMNS, 4, 5, takes_new=True)))


def test_quotation_marks_that_do_not_match_refuse_the_file(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="something else in line 2"):
        read(tmp_path, '"1"x,連結,2025-03-31,,7@3,')
