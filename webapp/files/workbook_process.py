"""Read the first sheet of a workbook in a process of its own, whose memory and time are limited.

Runs as `python -I workbook_process.py`: the workbook on stdin, one JSON object on stdout, either {"rows": [[text]]}
or {"refused": sentence}. A workbook of 5 KB can ask for gigabytes; here that ends this process and nobody else.
It imports nothing of webapp, so that it starts fast and needs no settings.
"""

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Any, BinaryIO, TextIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

MAX_MEMORY_BYTES = 512 * 1024 * 1024
MAX_CPU_SECONDS = 10
MAX_SHEET_ROWS = 50_000
MAX_SHEET_COLUMNS = 100


class Refused(Exception):  # noqa: N818 - read aloud, it says what happened
    """The workbook is read by nobody; the message completes "found …"."""


def main(workbook: BinaryIO, answer: TextIO) -> None:
    """Answer with the rows or with the reason why there are none."""
    try:
        result: dict[str, Any] = {"rows": rows(workbook.read())}
    except Refused as refusal:
        result = {"refused": str(refusal)}
    json.dump(result, answer)


def rows(content: bytes) -> list[list[str]]:
    """The first sheet from its cell A1 on, every cell as text; raises Refused."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
    except PasswordError:
        raise Refused("a workbook that is protected by a password") from None
    except (CalamineError, OSError, ValueError) as fault:
        raise Refused("a workbook that is damaged or of an unknown kind") from fault
    last_row, last_column = sheet.end or (0, 0)
    if last_row >= MAX_SHEET_ROWS or last_column >= MAX_SHEET_COLUMNS:
        raise Refused(f"a sheet of {last_row + 1:,} rows and {last_column + 1:,} columns")
    return [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


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
