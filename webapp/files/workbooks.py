"""Read the first sheet of an Excel workbook, .xls or .xlsx, as text.

A workbook of 5 KB can ask for gigabytes: nobody calls this but a reader in a process of its own (`apart`).
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from webapp.files import archives
from webapp.files.containers import compound
from webapp.files.rows import WrongFile

OLE2_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The real JPX list is 0.8 MB.
MAX_WORKBOOK_BYTES = 16 * 1024 * 1024
# The real JPX list has 4,410 rows, 10 columns and 0.2 million characters; EDINET's register has 29 columns.
MAX_ROWS = 50_000
# The widest list of ours, every column of statements, has 108.
MAX_COLUMNS = 250
MAX_CHARACTERS = 16_000_000
# Of a table that people have edited.
MAX_TYPED_ROWS = 200_001
MAX_SHEET_BYTES = 256 * 1024 * 1024
# <c r="B2" …><f…: where a cell holds a formula (ECMA-376 Part 1, 18.3.1.4 and 18.3.1.40).
FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<(?:\w+:)?f\b')
# <c r="B2" t="e">: where a cell holds an error, such as #N/A, which is read as if it were empty (18.18.11).
ERROR = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*?\bt="e")[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"')
SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
LETTERS = 26
DAMAGE = (CalamineError, OSError, ValueError)


def is_ole2(content: bytes) -> bool:
    """Whether the bytes begin as an .xls does."""
    return content.startswith(OLE2_SIGNATURE)


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as an .xls or an .xlsx does."""
    return is_ole2(content) or archives.is_zip(content)


def first_sheet(content: bytes) -> list[list[str]]:
    """The rows of the first sheet from A1 on, every cell as text; a whole number has no decimals.

    Raises WrongFile where the workbook is too large, damaged, or protected by a password.
    """
    _check(content)
    with _damage_refused():
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        _refuse_too_large(sheet, MAX_ROWS, MAX_COLUMNS)
        table = [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    characters = sum(len(cell) for row in table for cell in row)
    if characters > MAX_CHARACTERS:
        raise WrongFile(
            expected="a sheet of at most %(most)s characters",
            found="one of %(number)s",
            most=f"{MAX_CHARACTERS:,}",
            number=f"{characters:,}",
        )
    return table


@contextmanager
def _damage_refused() -> Iterator[None]:
    try:
        yield
    except PasswordError:
        raise WrongFile(expected="an Excel workbook", found="one that is protected by a password") from None
    except (
        BaseException
    ) as error:  # where the library panics, what comes is no Exception, and has but its name
        if isinstance(error, DAMAGE) or type(error).__name__ == "PanicException":
            raise WrongFile(
                expected="an Excel workbook", found="one that is damaged or of an unknown kind"
            ) from None
        raise


def typed_sheet(content: bytes) -> list[list[Any]]:
    """The same of an .xlsx, but numbers and truths stay what they are, and a moment keeps its time.

    Raises WrongFile also for a cell that is more than its value, with its place: a formula, or one of several merged;
    and for one that holds an error.
    """
    _check(content)
    with _damage_refused():
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        _refuse_too_large(sheet, MAX_TYPED_ROWS, MAX_COLUMNS)
        merged = sheet.merged_cell_ranges or ()
        xml = _first_sheet_xml(content)
        formula, error = FORMULA.search(xml), ERROR.search(xml)
        table = [[as_value(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for start, end in merged:
        cells = f"{_at(start)}:{_at(end)}"
        raise WrongFile(
            expected="cells that stand for themselves", found="merged cells %(cells)s", cells=cells
        )
    if formula is not None:
        raise WrongFile(
            expected="values in all cells, not what computes them",
            found="a formula in cell %(cell)s",
            cell=formula[1].decode(),
        )
    if error is not None:
        cell = error[1].decode()
        raise WrongFile(expected="values in all cells", found="an error in cell %(cell)s", cell=cell)
    return table


def letters(place: int) -> str:
    """A column by its place from 0, as a spreadsheet calls it: AB."""
    name, place = "", place + 1
    while place:
        place, letter = divmod(place - 1, LETTERS)
        name = chr(ord("A") + letter) + name
    return name


def _check(content: bytes) -> None:
    if len(content) > MAX_WORKBOOK_BYTES:
        raise WrongFile(
            expected="a workbook of at most %(most)s bytes",
            found="one of %(number)s",
            most=f"{MAX_WORKBOOK_BYTES:,}",
            number=f"{len(content):,}",
        )
    if archives.is_zip(content):
        archives.check(content)
    elif is_ole2(content):
        compound.require_sound(content)


def _first_sheet_xml(content: bytes) -> bytes:
    """The part of the package that holds the first sheet; nothing where it is not where the format says."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sizes = {info.filename: info.file_size for info in package.infolist()}
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= sizes.keys():
            return b""
        first = SHEET.search(package.read("xl/workbook.xml"))
        number = first and re.search(rb'\b\w+:id="([^"]+)"', first[0])
        for relation in RELATION.findall(package.read("xl/_rels/workbook.xml.rels")):
            target = re.search(rb'\bTarget="/?(?:xl/)?([^"]+)"', relation)
            if number and target and b'Id="' + number[1] + b'"' in relation:
                name = f"xl/{target[1].decode()}"
                return package.read(name) if sizes.get(name, MAX_SHEET_BYTES) < MAX_SHEET_BYTES else b""
    return b""


def _at(place: tuple[int, int]) -> str:
    """A cell by row and column from 0, as a spreadsheet calls it: B3."""
    row, column = place
    return f"{letters(column)}{row + 1}"


def _refuse_too_large(sheet: CalamineSheet, most_rows: int, most_columns: int) -> None:
    last_row, last_column = sheet.end or (0, 0)
    if last_row >= most_rows or last_column >= most_columns:
        raise WrongFile(
            expected="a sheet of at most %(most_rows)s rows and %(most_columns)s columns",
            found="one of %(rows)s rows and %(columns)s columns",
            most_rows=f"{most_rows:,}",
            most_columns=most_columns,
            rows=f"{last_row + 1:,}",
            columns=f"{last_column + 1:,}",
        )


def as_text(cell: object) -> str:
    """A cell as a CSV of the same sheet has it: 1301.0 is 1301, a day is 2025-05-30, an empty cell is blank."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def as_value(cell: object) -> Any:
    """A cell as it is, but whole numbers without decimals, days and moments as ISO text, and nothing as None."""
    if isinstance(cell, bool | int):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return as_text(cell) or None
