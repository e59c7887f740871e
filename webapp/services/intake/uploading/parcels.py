"""Reports that are dropped together become one upload, and so one preview and one change set."""

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from webapp.files import archives
from webapp.files.edinet import parcel
from webapp.services.intake.uploading import uploads

# As many as one zip may hold, and as large as one that is compared while somebody waits.
MOST_TOGETHER, MOST_BYTES = archives.MAX_ENTRIES, uploads.LARGEST_AT_ONCE


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file as a browser sends it."""

    name: str
    stream: IO[bytes]


def together(files: Sequence[Dropped]) -> Sequence[Dropped]:
    """The files with reports packed together; other files first, as days of the register are taken before reports."""
    reports = [file for file in files if parcel.is_called_so(uploads.called(file.name))]
    if len(reports) < 2:
        return files
    others = [file for file in files if file not in reports]
    return [*others, *map(_packed, _parcels(reports))]


def _parcels(reports: Sequence[Dropped]) -> Iterator[Sequence[Dropped]]:
    some: list[Dropped] = []
    room = MOST_BYTES
    for report in reports:
        size = report.stream.seek(0, os.SEEK_END)
        if some and (size > room or len(some) == MOST_TOGETHER):
            yield some
            some, room = [], MOST_BYTES
        some.append(report)
        room -= size
    yield some


def _packed(reports: Sequence[Dropped]) -> Dropped:
    if len(reports) == 1:
        return reports[0]
    contents = {}
    for number, report in enumerate(reports):
        report.stream.seek(0)
        # Two files of one name are two files.
        contents[f"{number:03}/{uploads.called(report.name)}"] = report.stream.read()
    first, last = (uploads.called(report.name) for report in (reports[0], reports[-1]))
    return Dropped(f"{first}–{last} ({len(reports)})", io.BytesIO(archives.packed(contents)))
