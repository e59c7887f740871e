"""Files are read as their kind writes them, where hostile bytes harm nobody; refused rows that come back, too."""

from dataclasses import replace
from typing import Any

from webapp.files import mended
from webapp.files.apart import calling
from webapp.files.rows import MasterList, WrongFile
from webapp.services.intake.import_kind import ImportKind


def read(kind: ImportKind, content: bytes, name: str, code: str | None) -> MasterList[Any]:
    """The rows of a file; raises WrongFile."""
    if code is not None and not kind.takes_code:
        raise WrongFile(
            expected="no securities code given with a file of this kind", found="“%(code)s”", code=code
        )
    written, is_part = plain(content)
    # Mended rows are read as the CSV that they were taken from, whatever they were saved as since.
    name = f"{name}.csv" if is_part else name
    listing = calling.read(kind.read, written, name, *(() if code is None else (code,)))
    return replace(listing, is_part=is_part)


def plain(content: bytes) -> tuple[bytes, bool]:
    """The bytes as their kind writes them, and whether they are rows that were refused before; raises WrongFile."""
    if not mended.may_be(content):
        return content, False
    text = calling.read(mended.read, content).text
    return (content, False) if text is None else (text.encode(), True)
