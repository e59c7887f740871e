"""Read the first sheet of an Excel workbook, .xls or .xlsx, as text.

A workbook of 5 KB can ask for gigabytes: nobody calls this but a reader in a process of its own (`apart`).
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from webapp.files import archives
from webapp.files.rows import WrongFile

OLE2_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The real JPX list is 0.8 MB.
MAX_WORKBOOK_BYTES = 16 * 1024 * 1024
# The real JPX list has 4,410 rows, 10 columns and 0.2 million characters.
MAX_ROWS = 50_000
MAX_COLUMNS = 30
MAX_CHARACTERS = 16_000_000
DAMAGE = (CalamineError, OSError, ValueError)


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as an .xls or an .xlsx does."""
    return content.startswith(OLE2_SIGNATURE) or archives.is_zip(content)


def first_sheet(content: bytes) -> list[list[str]]:
    """The rows of the first sheet from A1 on, every cell as text; a whole number has no decimals.

    Raises WrongFile where the workbook is too large, damaged, or protected by a password.
    """
    if len(content) > MAX_WORKBOOK_BYTES:
        raise WrongFile(
            expected="a workbook of at most %(most)s bytes",
            found="one of %(number)s",
            most=f"{MAX_WORKBOOK_BYTES:,}",
            number=f"{len(content):,}",
        )
    if archives.is_zip(content):
        archives.check(content)
    with _damage_refused():
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        _refuse_too_wide(sheet)
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
    except BaseException as error:
        # Where the library panics, Python gets an exception that is no Exception and has nothing but its name.
        if isinstance(error, DAMAGE) or type(error).__name__ == "PanicException":
            raise WrongFile(
                expected="an Excel workbook", found="one that is damaged or of an unknown kind"
            ) from None
        raise


def _refuse_too_wide(sheet: CalamineSheet) -> None:
    last_row, last_column = sheet.end or (0, 0)
    if last_row >= MAX_ROWS or last_column >= MAX_COLUMNS:
        raise WrongFile(
            expected="a sheet of at most %(most_rows)s rows and %(most_columns)s columns",
            found="one of %(rows)s rows and %(columns)s columns",
            most_rows=f"{MAX_ROWS:,}",
            most_columns=MAX_COLUMNS,
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
