"""Read the first sheet of an Excel workbook, .xls or .xlsx, without letting it harm this process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from webapp.files import archives
from webapp.files.rows import WrongFile

OLE2_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The real JPX list is 0.8 MB.
MAX_WORKBOOK_BYTES = 16 * 1024 * 1024
TIMEOUT_SECONDS = 20

READER = Path(__file__).with_name("workbook_process.py")


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as an .xls or an .xlsx does."""
    return content.startswith(OLE2_SIGNATURE) or archives.is_zip(content)


def first_sheet(content: bytes) -> list[list[str]]:
    """The rows of the first sheet from A1 on, every cell as text; a whole number has no decimals.

    Raises WrongFile where the workbook is too large, damaged, protected by a password, or asks for more memory or
    time than workbook_process allows.
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
    answer = _read_apart(content)
    if "found" in answer:
        raise WrongFile(expected=answer["expected"], found=answer["found"])
    rows: list[list[str]] = answer["rows"]
    return rows


def _read_apart(content: bytes) -> dict[str, Any]:
    """The answer of the limited process. It gets an empty environment: a workbook has no business with our secrets."""
    unreadable = WrongFile(
        expected="an Excel workbook that can be read within the limits of memory and time",
        found="one that cannot",
    )
    try:
        # Only our own file and interpreter are run; the workbook is input, never an argument.
        done = subprocess.run(  # noqa: S603 - our own program, the file on its stdin
            [sys.executable, "-I", str(READER)],
            input=content,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise unreadable from None
    if done.returncode != 0:
        raise unreadable
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
