"""Numbers as people in Japan type and print them: full width, commas, △ and ▲ and parentheses for negatives."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from webapp.rules.expressions import EXACT

LONGEST = 60
MINUSES = "-−‐‑‒–－△▲"
# Plain digits, or groups of three; never both, so that 1,5 and 1,0000 are not misread.
SHAPE = re.compile(r"(?P<whole>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]+))?", re.ASCII)

# Myriads, and the units of statements; the last part may be without one.
SIZES = {"兆": 10**12, "億": 10**8, "百万": 10**6, "万": 10**4, "千": 10**3, "": 1}
MYRIADS = "兆億万"
LARGE = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(兆|億|百万|万|千|$)", re.ASCII)


# Of a number or version that stands in an address, a form or a search: so many fit into every key of ours.
MOST_DIGITS = 18


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


def read_large(text: str) -> Decimal | None:
    """The same, also in the units of myriads and of statements: 100億, 1兆2,000億円, 3.5億, 500百万円, ▲5億."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("円").rstrip()
    sign = next((mark for mark in MINUSES if plain.startswith(mark)), "")
    parts = LARGE.findall(plain.removeprefix(sign))
    if not parts or "".join(digits + unit for digits, unit in parts) != plain.removeprefix(sign).replace(
        " ", ""
    ):
        return read(text if not text.strip().endswith("円") else plain)
    sizes = [SIZES[unit] for _digits, unit in parts]
    # Larger units come first, each once.
    if sizes != sorted(set(sizes), reverse=True):
        raise NotANumber
    amounts = [read(digits) or Decimal(0) for digits, _unit in parts]
    total = sum((amount * size for amount, size in zip(amounts, sizes, strict=True)), Decimal(0))
    return -total if sign and total else total


def whole(text: str | None, most: int = MOST_DIGITS) -> int | None:
    """The whole number that an address or a form holds as plain digits, at most so many; None for anything else."""
    is_whole = text is not None and text.isascii() and text.isdigit() and len(text) <= most
    return int(text or "") if is_whole else None


def write_large(number: Decimal) -> str:
    """A whole number of myriads in 兆, 億 and 万, as people say it: 1億2,345万; any other in digits."""
    rest = abs(number)
    if not rest or rest % SIZES["万"]:
        return write(number)
    words = "-" if number < 0 else ""
    for unit in MYRIADS:
        count, rest = divmod(rest, SIZES[unit])
        words += f"{write(count)}{unit}" if count else ""
    return words


def decimals(number: Decimal) -> int:
    """How many decimals a number needs."""
    exponent = number.normalize(EXACT).as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def write(number: Decimal | int, *, least: int = 0, most: int | None = None) -> str:
    """A number with grouped digits, at least and at most so many decimals; the sign is a plain minus."""
    if isinstance(number, int):
        return f"{number:,.{least}f}" if least else f"{number:,}"
    needed = decimals(number)
    if most is not None and needed > most:
        number = number.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP, EXACT)
        needed = decimals(number)
    return f"{number:,.{max(least, needed)}f}"


def printed(number: Decimal | int, *, least: int = 0, most: int | None = None) -> str:
    """The same as statements print it, in a sentence as in a table, in either language: a negative one is led by ▲."""
    return led(write(number, least=least, most=most))


def led(text: str) -> str:
    """A number that is written with a plain minus, led by ▲ in its place."""
    return f"▲{text[1:]}" if text.startswith("-") else text


def _is_typed(character: str) -> bool:
    return (
        character.isascii()
        or character.isspace()
        or character in MINUSES
        or "\uff00" <= character <= "\uffef"
    )
