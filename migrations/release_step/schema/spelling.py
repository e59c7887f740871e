"""Two spellings of one list of words: what a copy that was brought back prints, and what was copied."""

import re

# What PostgreSQL prints of `name IN ('a', 'b')` on a VARCHAR, it reads and prints with a cast of each word.
WORD = r"'(?:[^']|'')*'::character varying"
EACH_CAST = re.compile(rf"ARRAY\[{WORD}::text(?:, {WORD}::text)*\]")
CAST = re.compile(rf"({WORD})::text")


def as_first_made(definition: str) -> str:
    """The definition with such lists as they are printed before they are copied: cast as a whole."""
    return EACH_CAST.sub(_cast_as_a_whole, definition)


def _cast_as_a_whole(words: re.Match[str]) -> str:
    return CAST.sub(r"\1", words[0]) + "::text[]"
