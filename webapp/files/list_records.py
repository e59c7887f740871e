"""The records of a list as somebody brings it: a text, a workbook, or either packed; told by what is in it."""

from collections.abc import Sequence

from webapp.files import archives, delimited, encodings, looking, workbooks
from webapp.files.delimited import Record
from webapp.files.rows import WrongFile


def read(content: bytes, name: str) -> tuple[Sequence[Record], str]:
    """The records, and the encoding of the text or "workbook"; `name` is the file's name.

    A zip has one CSV in it. Raises WrongFile where the file is damaged, hostile or not what its name says.
    """
    if is_workbook(content):
        return of_sheet(content), looking.WORKBOOK
    if name.lower().endswith((".xls", ".xlsx")):
        raise WrongFile(expected="an Excel workbook, as the file's name says", found="something else")
    text, encoding = encodings.decode(archives.only_csv(content) if archives.is_zip(content) else content)
    return delimited.records(text), encoding


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are those of an .xls or .xlsx and not of another zip; raises WrongFile for a damaged zip."""
    if archives.is_zip(content):
        return looking.SHEETS in archives.names(content)
    return workbooks.is_ole2(content)


def of_sheet(content: bytes) -> list[Record]:
    """The rows of a workbook's first sheet that hold anything, by their numbers there; raises WrongFile."""
    rows = enumerate(workbooks.first_sheet(content), start=1)
    return [delimited.record(line, row) for line, row in rows if any(row)]
