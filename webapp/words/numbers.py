"""Numbers as people in Japan type and print them: full width, commas, △ and ▲ and parentheses for negatives."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

LONGEST = 60
MINUSES = "-−‐‑‒–－△▲"
# Plain digits, or groups of three; never both, so that 1,5 and 1,0000 are not misread.
SHAPE = re.compile(r"(?P<whole>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]+))?", re.ASCII)


class NotANumber(ValueError):
    """The text is no number that people write."""


def read(text: str) -> Decimal | None:
    """The exact number that a text stands for; None for blank. Raises NotANumber; nothing is ever rounded."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    # NFKC also makes digits of ² and ①, which nobody means as digits: only the full-width forms are taken.
    if len(plain) > LONGEST or not all(map(_is_typed, text)):
        raise NotANumber
    is_negative = False
    if plain.startswith("(") and plain.endswith(")"):
        plain, is_negative = plain[1:-1].strip(), True
    elif plain[0] in MINUSES:
        plain, is_negative = plain[1:].strip(), True
    elif plain[0] == "+":
        plain = plain[1:].strip()
    match = SHAPE.fullmatch(plain)
    if match is None:
        raise NotANumber
    digits = match["whole"].replace(",", "") + ("." + match["part"] if match["part"] else "")
    number = Decimal(digits)
    # There is one zero: a minus before it says nothing.
    return -number if is_negative and number else number


def decimals(number: Decimal) -> int:
    """How many decimals a number needs."""
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def write(number: Decimal | int, *, least: int = 0, most: int | None = None) -> str:
    """A number with grouped digits, at least and at most so many decimals; the sign is a plain minus."""
    if isinstance(number, int):
        return f"{number:,.{least}f}" if least else f"{number:,}"
    needed = decimals(number)
    if most is not None and needed > most:
        number = number.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
        needed = decimals(number)
    return f"{number:,.{max(least, needed)}f}"


def _is_typed(character: str) -> bool:
    return (
        character.isascii()
        or character.isspace()
        or character in MINUSES
        or "\uff00" <= character <= "\uffef"
    )
