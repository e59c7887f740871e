"""Read the first sheet of a workbook in a process of its own, whose memory and time are limited.

Runs as `python -I workbook_process.py`: the workbook on stdin, one JSON object on stdout, either {"rows": [[text]]}
or {"expected": …, "found": …}. A workbook of 5 KB can ask for gigabytes; here that ends this process and nobody else.
It imports nothing of webapp, so that it starts fast and needs no settings.
"""

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Any, BinaryIO, TextIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

MAX_MEMORY_BYTES = 512 * 1024 * 1024
MAX_CPU_SECONDS = 10
# The real JPX list has 4,410 rows, 10 columns and 0.2 million characters.
MAX_ROWS = 50_000
MAX_COLUMNS = 30
MAX_CHARACTERS = 16_000_000


class Refused(Exception):
    """The workbook cannot be read; `expected` and `found` are what WrongFile says."""

    def __init__(self, *, expected: str, found: str) -> None:
        self.expected = expected
        self.found = found
        super().__init__(found)


def main(workbook: BinaryIO, answer: TextIO) -> None:
    """Answer with the rows or with the reason why there are none."""
    try:
        result: dict[str, Any] = {"rows": rows(workbook.read())}
    except Refused as refusal:
        result = {"expected": refusal.expected, "found": refusal.found}
    json.dump(result, answer)


def rows(content: bytes) -> list[list[str]]:
    """The first sheet from its cell A1 on, every cell as text; raises Refused."""
    sheet = _first_sheet(content)
    last_row, last_column = sheet.end or (0, 0)
    if last_row >= MAX_ROWS or last_column >= MAX_COLUMNS:
        raise Refused(
            expected=f"a sheet of at most {MAX_ROWS:,} rows and {MAX_COLUMNS} columns",
            found=f"one of {last_row + 1:,} rows and {last_column + 1:,} columns",
        )
    table = [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    characters = sum(len(cell) for row in table for cell in row)
    if characters > MAX_CHARACTERS:
        raise Refused(expected=f"a sheet of at most {MAX_CHARACTERS:,} characters", found=f"{characters:,}")
    return table


def _first_sheet(content: bytes) -> CalamineSheet:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except PasswordError:
        raise Refused(expected="an Excel workbook", found="one that is protected by a password") from None
    except (CalamineError, OSError, ValueError):
        raise Refused(
            expected="an Excel workbook", found="one that is damaged or of an unknown kind"
        ) from None


def as_text(cell: object) -> str:
    """A cell as a CSV of the same sheet has it: 1301.0 is 1301, a day is 2025-05-30, an empty cell is blank."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def limit_resources() -> None:
    """Bound what a hostile workbook can take from the machine; a breach kills this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit_resources()
    main(sys.stdin.buffer, sys.stdout)
