"""Turn the bytes of a text file into text, and say in which encoding they were."""

import codecs

from webapp.files.rows import WrongFile

# The longest real list is 2.3 MB (EDINET, 2026); this leaves room for it to grow sevenfold.
MAX_TEXT_BYTES = 16 * 1024 * 1024

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Strict UTF-8 first: Japanese text in cp932 is practically never valid UTF-8, while the reverse happens.
# So far is looked for zeros, of which one byte in sixteen is enough: one alone is a broken file.
LOOKED_AT, FEWEST_ZEROS = 4096, 16
WITHOUT_MARK = ("utf-8", "cp932")


def decode(content: bytes) -> tuple[str, str]:
    """The text without its byte order mark, and the encoding's name: utf-8, utf-16 or cp932.

    Raises WrongFile where the bytes are empty, too many or in none of these encodings.
    """
    if len(content) > MAX_TEXT_BYTES:
        raise WrongFile(
            expected="a text of at most %(most)s bytes",
            found="one of %(number)s bytes",
            most=f"{MAX_TEXT_BYTES:,}",
            number=f"{len(content):,}",
        )
    text, encoding = start(content, is_whole=True)
    if not text.strip():
        raise WrongFile(expected="a text with rows in it", found="an empty file")
    return text, encoding


def start(content: bytes, *, is_whole: bool) -> tuple[str, str]:
    """The same of a text of which these are the first bytes; what may be half a character at the end is left out."""
    mark, encodings = candidates(content)
    return _as(content.removeprefix(mark), encodings, is_whole=is_whole)


def guess(content: bytes) -> str:
    """What a text may say that is in no encoding: as in the one that holds furthest, with marks for what is broken."""
    mark, encodings = candidates(content)
    rest = content.removeprefix(mark)
    furthest = max(encodings, key=lambda encoding: _readable(rest, encoding))
    return rest.decode(furthest, errors="replace")


def _readable(content: bytes, encoding: str) -> int:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as fault:
        return fault.start
    return len(content)


def candidates(start: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The byte order mark with which a file starts, and the encodings in which it may be, the likeliest first."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return mark, (encoding,)
    return b"", _without_mark(start)


def _without_mark(content: bytes) -> tuple[str, ...]:
    """Digits, tabs and line ends, of which every list is full, have a zero byte in UTF-16 and none elsewhere."""
    first, second = (content[place:LOOKED_AT:2].count(0) for place in (0, 1))
    few, many = sorted((first, second))
    if many * FEWEST_ZEROS < min(len(content), LOOKED_AT) or few * 4 > many:
        return WITHOUT_MARK
    return ("utf-16-be",) if first > second else ("utf-16-le",)


def _as(content: bytes, encodings: tuple[str, ...], *, is_whole: bool) -> tuple[str, str]:
    readable = 0
    for encoding in encodings:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(content, final=is_whole)
            return text, encoding[: len("utf-16")]
        except UnicodeDecodeError as fault:
            readable = max(readable, fault.start)
    line = content.count(b"\n", 0, readable) + 1
    raise WrongFile(
        expected="a text in UTF-8, UTF-16 or Shift_JIS (cp932)",
        found="bytes in line %(line)s that are no valid %(encodings)s",
        line=line,
        encodings=" / ".join(encodings),
    )
