"""Look through a file once, part by part: its hash, size and encoding, and about how many rows it holds."""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from webapp.files import encodings
from webapp.files.rows import WrongFile

PART = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Scan:
    """What a file looks like as a whole; `objects`: how many braces are opened in it, as JSON does for each row."""

    sha256: str
    size_bytes: int
    encoding: str
    lines: int
    objects: int
    is_json: bool
    has_long_lines: bool

    @property
    def rows(self) -> int:
        """How many rows it holds at most, if each has a line, or in JSON an object, of its own."""
        return self.objects if self.is_json else self.lines


def parts(file: BinaryIO) -> Iterator[Scan]:
    """What `scan` finds, for a reader that is asked part by part."""
    yield scan(file)


def scan(file: BinaryIO) -> Scan:
    """Read a file from its start to its end; raises WrongFile where it is in no encoding that is known."""
    file.seek(0)
    first = file.read(PART)
    mark, candidates = encodings.candidates(first)
    decoders = {name: codecs.getincrementaldecoder(name)() for name in candidates}
    sha, size, lines, objects = hashlib.sha256(), 0, 0, 0
    part, is_first, has_long_lines = first, True, False
    while part:
        sha.update(part)
        size += len(part)
        lines += part.count(b"\n")
        objects += part.count(b"{")
        has_long_lines = has_long_lines or (len(part) == PART and b"\n" not in part and b"\r" not in part)
        _feed(decoders, part.removeprefix(mark) if is_first else part)
        is_first = False
        part = file.read(PART)
    _feed(decoders, b"", is_last=True)
    if not decoders:
        raise WrongFile(
            expected="a text in UTF-8, UTF-16 or Shift_JIS (cp932)",
            found="bytes that are no valid %(encodings)s",
            encodings=" / ".join(candidates),
        )
    encoding = next(iter(decoders))
    start = first.removeprefix(mark)[:64].decode(encoding, "ignore").lstrip()
    is_json = start.startswith(("{", "["))
    return Scan(sha.hexdigest(), size, encoding, lines, objects, is_json, has_long_lines)


def _feed(decoders: dict[str, codecs.IncrementalDecoder], part: bytes, *, is_last: bool = False) -> None:
    """Let go of encodings in which these bytes are none."""
    for name in list(decoders):
        try:
            decoders[name].decode(part, is_last)
        except UnicodeDecodeError:
            del decoders[name]
