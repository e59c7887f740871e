"""What stockcode import was given: files one by one, folders of reports, and days of a list together as one import."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from webapp.files import archives, on_disk
from webapp.files.edinet_documents import DAY_IN_NAME
from webapp.files.rows import WrongFile
from webapp.services.intake import kinds

LARGEST_FILE = 256 * 1024 * 1024
# Reports that are compared and written together: what each would take anew is then done once. They fit in one zip,
# and what they change is little enough for indicators and findings to follow in the same transaction.
MOST_TOGETHER, MOST_BYTES_TOGETHER = 40, 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """One import: what it is called, and its bytes, which are read when asked for; that raises WrongFile.

    Of a kind whose files may be too long to be held, it is where they lie.

    `is_of_folder`: where it is refused, the others of its folder are taken all the same. `parts`: where it is several
    files together and cannot be taken so, each of them is taken by itself.
    """

    kind: str
    name: str
    content: Callable[[], bytes | Path]
    is_of_folder: bool = False
    parts: "Sequence[Source]" = ()


def of(kind: str, paths: Sequence[Path]) -> Sequence[Source]:
    """The imports that these files and folders are."""
    beside = kinds.named(kind).beside
    if kinds.named(kind).is_of_days and (len(paths) > 1 or paths[0].is_dir()):
        return [Source(kind, _called(paths), partial(_packed, paths))]
    days = [path for path in paths if beside is not None and _is_day(path)]
    if beside is not None and days:
        return _with_days(kind, beside, days, [path for path in paths if path not in days])
    return [source for path in paths for source in _sources(kind, path)]


def _sources(kind: str, path: Path) -> Sequence[Source]:
    """A file; or what lies in a folder of reports and under it.

    A day is known by its name; what else is written down there as text is left alone.
    """
    beside = kinds.named(kind).beside
    if kinds.named(kind).feed is not None:
        return [Source(kind, _name(path), partial(Path, path))]
    if beside is None or not path.is_dir():
        return [Source(kind, _name(path), partial(on_disk.read, path, LARGEST_FILE))]
    files = sorted(path.rglob("*"))
    reports = [file for file in files if file.name.endswith(".zip")]
    sources = _with_days(kind, beside, [file for file in files if _is_day(file)], reports)
    return sources or [Source(kind, _name(path), _no_reports)]


def _is_day(path: Path) -> bool:
    return path.suffix.lower() in archives.TEXTS and DAY_IN_NAME.search(_name(path)) is not None


def _with_days(kind: str, beside: str, days: Sequence[Path], reports: Sequence[Path]) -> Sequence[Source]:
    """The days of the register first, then the reports."""
    of_days = [Source(beside, _called(days), partial(_packed, days), is_of_folder=True)] if days else []
    return [*of_days, *(_together(kind, some) for some in _parcels(reports))]


def _parcels(reports: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """The reports in their order, as many at once as are taken together."""
    parcel: list[Path] = []
    room = MOST_BYTES_TOGETHER
    for report in reports:
        size = report.stat().st_size
        if parcel and (size > room or len(parcel) == MOST_TOGETHER):
            yield parcel
            parcel, room = [], MOST_BYTES_TOGETHER
        parcel.append(report)
        room -= size
    if parcel:
        yield parcel


def _together(kind: str, reports: Sequence[Path]) -> Source:
    """Several reports as one import, and one alone as it is."""
    parts = [
        Source(kind, _name(report), partial(on_disk.read, report, LARGEST_FILE), is_of_folder=True)
        for report in reports
    ]
    together = kinds.enclosing(kind)
    if len(parts) == 1 or together is None:
        return parts[0]
    return Source(
        together.name, _called(reports), partial(_enclosed, reports), is_of_folder=True, parts=parts
    )


def _enclosed(reports: Sequence[Path]) -> bytes:
    """The reports as one zip; two of one name are two."""
    names = (f"{number:03}/{_name(report)}" for number, report in enumerate(reports))
    contents = (on_disk.read(report, MOST_BYTES_TOGETHER) for report in reports)
    return archives.packed(dict(zip(names, contents, strict=True)))


def _no_reports() -> bytes:
    raise WrongFile(expected="a folder with zips of reports in it", found="none")


def _name(path: Path) -> str:
    """What a file is called, in text that can be stored: a name on a disk is bytes, and need not be any text."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _called(paths: Sequence[Path]) -> str:
    first, last = _name(paths[0].resolve()), _name(paths[-1].resolve())
    return first if len(paths) == 1 else f"{first}–{last} ({len(paths)})"


def _packed(paths: Sequence[Path]) -> bytes:
    """All the days as one zip; raises WrongFile where a day stands there twice, or there is none."""
    days: dict[str, bytes] = {}
    room = archives.MAX_TOTAL_BYTES
    for day in chain.from_iterable(map(_days, paths)):
        name = _name(day)
        if name in days:
            raise WrongFile(expected="files of different names", found="%(name)s twice", name=name)
        try:
            days[name] = on_disk.read(day, room)
        except WrongFile as error:
            error.part = name
            raise
        room -= len(days[name])
    return archives.packed(days)


def _days(path: Path) -> Sequence[Path]:
    if not path.is_dir():
        return [path]
    days = sorted(day for day in path.iterdir() if day.suffix.lower() in archives.TEXTS)
    if not days:
        raise WrongFile(expected="a folder with CSV or JSON files in it", found="none")
    return days
