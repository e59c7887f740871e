"""The objects of a list in a long JSON text, one after another, without holding the text."""

import json
from collections.abc import Collection, Iterator
from typing import Any, TextIO

from webapp.files.rows import WrongFile

PART = 64 * 1024
# The longest object that is waited for, in characters.
LONGEST = 1024 * 1024
BLANKS = " \t\r\n"

_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


class _Text:
    """What has been read of the text and not used yet."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._held, self._place = file, file.read(PART), 0

    def more(self) -> bool:
        """Read on; False at the end of the text, and where an object is longer than any that is waited for."""
        part = self._file.read(PART)
        self._held, self._place = self._held[self._place :] + part, 0
        return bool(part) and len(self._held) <= LONGEST

    def mark(self) -> str:
        """The next character that is no blank, which stays; "" at the end."""
        while True:
            while self._place < len(self._held):
                if self._held[self._place] not in BLANKS:
                    return self._held[self._place]
                self._place += 1
            if not self.more():
                return ""

    def skip(self, expected: str) -> None:
        """Pass this character; raises ValueError where another one stands."""
        if self.mark() != expected:
            raise ValueError(f"no {expected}")
        self._place += 1

    def value(self) -> Any:
        """The next value; raises ValueError where there is none."""
        self.mark()
        while True:
            try:
                value, self._place = _DECODER.raw_decode(self._held, self._place)
            except ValueError:
                if not self.more():
                    raise
            else:
                return value


def objects(file: TextIO, names: Collection[str]) -> Iterator[Any]:
    """The members of the list that the text is, or that stands under one of these names; numbers are text.

    Raises WrongFile where the text is no JSON, or holds no such list.
    """
    text = _Text(file)
    try:
        if _has_list(text, names):
            yield from _members(text)
            return
    except (ValueError, RecursionError):
        raise WrongFile(expected="prices as CSV or JSON", found="JSON that cannot be read") from None
    raise WrongFile(
        expected="prices as J-Quants writes them: a list under daily_quotes or data", found="other JSON"
    )


def _has_list(text: _Text, names: Collection[str]) -> bool:
    """Whether there is such a list; the text then stands in front of it."""
    if text.mark() == "[":
        return True
    text.skip("{")
    while text.mark() != "}":
        name = text.value()
        text.skip(":")
        if name in names and text.mark() == "[":
            return True
        text.value()
        if text.mark() == ",":
            text.skip(",")
    return False


def _members(text: _Text) -> Iterator[Any]:
    text.skip("[")
    while text.mark() != "]":
        yield text.value()
        if text.mark() != "]":
            text.skip(",")
