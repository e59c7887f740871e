"""Lines of a file as they stand there, for whoever is told what is wrong with them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from webapp.files import archives, delimited, encodings, list_records, looking
from webapp.files.delimited import Record


@dataclass(frozen=True, slots=True)
class RawLines:
    """The first records of a file, or of the first in a zip, and the cells of the lines asked for, by file and line.

    A line that cannot be split into cells is one cell. The name of a file that is alone is blank.
    """

    start: Sequence[Sequence[str]]
    lines: Mapping[str, Mapping[int, Sequence[str]]]


def read(content: bytes, asked: str) -> RawLines:
    """The lines of a text, a workbook or a zip of texts; `asked` is JSON, {name of the file: [line, …]}."""
    lines_of = {name: frozenset(lines) for name, lines in json.loads(asked).items()}
    start: Sequence[Sequence[str]] = ()
    lines: dict[str, Mapping[int, Sequence[str]]] = {}
    for name, records in _files(content):
        start = start or [record.cells for record in records[: looking.LINES]]
        if of_file := lines_of.get(name):
            lines[name] = {record.line: _cells(record) for record in records if record.line in of_file}
    return RawLines(start, lines)


def _files(content: bytes) -> Iterator[tuple[str, Sequence[Record]]]:
    if list_records.is_workbook(content):
        yield "", list_records.of_sheet(content)
        return
    if not archives.is_zip(content):
        yield "", _records(content)
        return
    files = archives.every_text(content)
    for name, text in files:
        yield name if len(files) > 1 else "", _records(text)
    if len(files) == 1:
        yield files[0][0], _records(files[0][1])


def _records(content: bytes) -> Sequence[Record]:
    return delimited.records(encodings.decode(content)[0]) if content.strip(b"\xef\xbb\xbf \r\n") else ()


def _cells(record: Record) -> Sequence[str]:
    return record.cells if record.is_sound else [",".join(record.cells)]
