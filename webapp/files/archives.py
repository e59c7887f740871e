"""Open a zip from outside without trusting it: its size, names and entries are checked before anything is read."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from webapp.files.rows import WrongFile, shown

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")

MAX_ENTRIES = 100
# Three years of daily lists; a year is 18 MB.
MAX_DAYS = 1100
MAX_TOTAL_BYTES = 64 * 1024 * 1024
# The EDINET lists shrink fourfold; deflate reaches 1,032. Small entries may be as repetitive as they like.
MAX_RATIO = 100
RATIO_MATTERS_ABOVE = 1024 * 1024

ENCRYPTED = 0x1
TEXTS = (".csv", ".json")

T = TypeVar("T")

# What zipfile may raise on hostile or damaged bytes, besides BadZipFile: found by mutating archives in the tests.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def is_zip(content: bytes) -> bool:
    """Whether the bytes begin as a zip does; a truncated zip still does."""
    return content.startswith(SIGNATURES)


def check(content: bytes) -> Sequence[str]:
    """The names of a zip's files, once its sizes and names are found to be harmless; raises WrongFile."""
    return tuple(entry.filename for entry in _opened(content, _files))


def names(content: bytes) -> Sequence[str]:
    """The names of a zip's files, however many; raises WrongFile where it is damaged or its names are hostile."""
    return tuple(entry.filename for entry in _opened(content, partial(_files, most=MAX_DAYS)))


def start_of_csv(content: bytes, most: int) -> bytes | None:
    """The first bytes of the first CSV in a zip, None where it has none; raises WrongFile where the zip is unsafe."""
    return _opened(content, partial(_start_of_csv, most))


def only_csv(content: bytes) -> bytes:
    """The bytes of the one CSV in a zip; raises WrongFile where there is none, several, or the zip is unsafe."""
    return _opened(content, _only_csv)


def tables(content: bytes, folder: str) -> Mapping[str, bytes]:
    """The bytes of every CSV in this folder of a zip, by name; raises WrongFile where the zip is unsafe."""
    return _opened(content, partial(_tables, folder))


def zips(content: bytes) -> Mapping[str, bytes]:
    """The bytes of every zip in a zip, by name and in its order; raises WrongFile where the zip is unsafe."""
    return _opened(content, _zips)


def every_text(content: bytes) -> Sequence[tuple[str, bytes]]:
    """Name and bytes of each CSV and JSON in a zip, in the order of their names; raises WrongFile where unsafe."""
    return _opened(content, _every_text)


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files; the same files make the same bytes, whenever and in whatever order they come."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name])
    return content.getvalue()


def _opened(content: bytes, use: Callable[[zipfile.ZipFile], T]) -> T:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return use(archive)
    except DAMAGE:
        raise WrongFile(expected="an intact zip", found="one that is cut off or damaged") from None


def _every_text(archive: zipfile.ZipFile) -> Sequence[tuple[str, bytes]]:
    entries = _named(_files(archive, MAX_DAYS), TEXTS)
    return [(e.filename, archive.read(e)) for e in sorted(entries, key=lambda entry: entry.filename)]


def _start_of_csv(most: int, archive: zipfile.ZipFile) -> bytes | None:
    entries = _named(_files(archive, MAX_DAYS), TEXTS)
    if not entries:
        return None
    with archive.open(min(entries, key=lambda entry: entry.filename)) as file:
        return file.read(most)


def _named(entries: Sequence[zipfile.ZipInfo], endings: tuple[str, ...]) -> list[zipfile.ZipInfo]:
    # A Mac adds a shadow of each file under __MACOSX/.
    return [
        e for e in entries if e.filename.lower().endswith(endings) and not e.filename.startswith("__MACOSX/")
    ]


def _only_csv(archive: zipfile.ZipFile) -> bytes:
    names = _files(archive)
    tables = _named(names, (".csv",))
    if len(tables) != 1:
        inside = ", ".join(shown(entry.filename) for entry in names[:3]) or "nothing"
        raise WrongFile(
            expected="a zip with one CSV in it",
            found="%(number)s CSV files in it (%(names)s)",
            number=len(tables),
            names=inside,
        )
    # Reading to the end also compares the checksum, so that a flipped bit is damage and not data.
    return archive.read(tables[0])


def _tables(folder: str, archive: zipfile.ZipFile) -> Mapping[str, bytes]:
    entries = _files(archive)
    return {
        entry.filename: archive.read(entry)
        for entry in entries
        if entry.filename.startswith(folder) and entry.filename.lower().endswith(".csv")
    }


def _zips(archive: zipfile.ZipFile) -> Mapping[str, bytes]:
    return {entry.filename: archive.read(entry) for entry in _named(_files(archive), (".zip",))}


def _files(archive: zipfile.ZipFile, most: int = MAX_ENTRIES) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > most:
        raise WrongFile(
            expected="a zip of at most %(most)s files",
            found="one of %(number)s",
            most=most,
            number=f"{len(entries):,}",
        )
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL_BYTES:
        raise WrongFile(
            expected="a zip of at most %(most)s bytes when unpacked",
            found="one of %(number)s bytes",
            most=f"{MAX_TOTAL_BYTES:,}",
            number=f"{total:,}",
        )
    for entry in entries:
        _check_entry(entry)
    return [entry for entry in entries if not entry.is_dir()]


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = name.replace("\\", "/").split("/")
    if not name or name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        raise WrongFile(
            expected="file names that stay inside the zip", found="the name %(name)s", name=shown(name)
        )
    if entry.flag_bits & ENCRYPTED:
        raise WrongFile(expected="a zip without a password", found="one that is protected by a password")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise WrongFile(expected="an ordinary zip", found="one that is packed in an unusual way")
    if entry.file_size > max(RATIO_MATTERS_ABOVE, entry.compress_size * MAX_RATIO):
        raise WrongFile(
            expected="files that shrink at most %(most)s-fold in the zip",
            found="more in %(name)s",
            most=MAX_RATIO,
            name=shown(name),
        )
