"""Turn one cell's text into a typed value, or refuse it with a reason. A blank cell is None; zero is zero.

What a code may be is a rule of the company (webapp/rules/company.py); here is how files spell it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from webapp.files.rows import RefusedRow, shown
from webapp.rules import company
from webapp.rules.fields import CONTROL, LOST, UNSEEN, shows_nothing

T = TypeVar("T")

WHOLE_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")
CALENDAR_DATE = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})"
    r"|([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:(?: +|T)0{1,2}:00(?::00)?(?:\.0+)?Z?)?"
)
# What spreadsheets in Japan make of a day: 令和7年5月30日, R7.5.30. The first year of an era is 元年.
ERA_DATE = re.compile(r"(令和|平成|R|H)([0-9]{1,2}|元)[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
YEAR_BEFORE_ERA = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
# A spreadsheet counts days from 1899-12-30 (ECMA-376 Part 1, 18.17.4.1); these are the days from 1990 to 2099.
DAY_ZERO = date(1899, 12, 30)
SERIAL_DAYS = range(32_874, 73_051)
SERIAL_DAY = re.compile(r"[0-9]{5}")
# 1301.0 is how a spreadsheet's number looks once a program has saved it as text.
SPREADSHEET_INTEGER = re.compile(r"([0-9]+)\.0")
# So programs keep a spreadsheet from making numbers of codes: ="1301", '1301.
KEPT_AS_TEXT = re.compile(r"=\"([^\"]*)\"|'([^']*)")
# 5.07E+12, in some countries 5,07E+12; or written out again, with noughts where the digits were.
ROUNDED = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+|[0-9]+0{6}")
# Who converts Japanese to an encoding without it puts a question mark for each character.
QUESTION_MARKS = re.compile(r"\?{2,}")

# Millions of yen that still fit money of 20 digits.
MAX_DIGITS = 14


class RefusedCell(Exception):
    """The cell's text cannot become a value; the message is a sentence of a fixed set that says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record under their headings."""

    headings: Sequence[str]
    cells: Sequence[str]

    def value(self, column: str, parse: Callable[[str], T]) -> T:
        """The typed value under a heading; raises RefusedRow with the column, the text and the reason."""
        raw = self.cells[self.headings.index(column)]
        try:
            return parse(raw)
        except RefusedCell as refusal:
            raise RefusedRow(column, shown(raw), str(refusal)) from None

    def first_of_its_kind(self, column: str, parse: Callable[[str], T], seen: set[T]) -> T:
        """The value, if no earlier row had it; the earlier row keeps its claim even where it was refused."""
        value = self.value(column, parse)
        if value is not None and value in seen:
            raise RefusedRow(column, shown(str(value)), "An earlier row of the file has the same code.")
        seen.add(value)
        return value

    def text(self, column: str) -> str:
        """The trimmed text under a heading, whatever it is."""
        return self.cells[self.headings.index(column)].strip()

    def called(self, *columns: str) -> str | None:
        """What the row is called by these of its texts, fit to be shown."""
        return shown(" ".join(filter(None, map(self.text, columns)))) or None


def folded(raw: str) -> str:
    """A word of a fixed set as it is compared: trimmed, and of one width, as spreadsheets change ( for （."""
    return unicodedata.normalize("NFKC", raw).strip()


def text(raw: str) -> str | None:
    """The text as the source spells it, trimmed and in NFC, as every text column demands.

    NFC knows no compatibility ideographs: the 福 of 中山福株式会社 (U+FA1B) becomes the usual U+798F.
    """
    trimmed = raw.strip()
    if not trimmed:
        return None
    if CONTROL.search(trimmed) or UNSEEN.search(trimmed):
        raise RefusedCell("The text holds a control character or another invisible one.")
    if shows_nothing(trimmed):
        raise RefusedCell("The text holds nothing but marks for other characters.")
    if LOST in trimmed or QUESTION_MARKS.search(trimmed):
        raise RefusedCell("A character was lost in an earlier conversion of the file.")
    return unicodedata.normalize("NFC", trimmed)


def required_text(raw: str) -> str:
    """Like text, but blank is refused."""
    value = text(raw)
    if value is None:
        raise RefusedCell("The value is missing.")
    return value


def code(raw: str) -> str | None:
    """A code in half-width capitals; a spreadsheet's 1301.0 becomes 1301, and a lone hyphen is blank."""
    value = folded(raw).upper()
    if kept := KEPT_AS_TEXT.fullmatch(value):
        value = (kept[1] or kept[2] or "").strip()
    if value in ("", "-"):
        return None
    integer = SPREADSHEET_INTEGER.fullmatch(value)
    return integer.group(1) if integer else value


def whole_code(raw: str, digits: int) -> str | None:
    """A code; one that is nothing but digits gets back the leading noughts that a spreadsheet drops."""
    value = code(raw)
    return value.zfill(digits) if value is not None and value.isdecimal() else value


def codes_at_start(raws: Iterable[str], shape: re.Pattern[str]) -> set[str]:
    """What begins these cells in the shape of a code; anything else in them is left where it is."""
    matches = (shape.match(code(raw) or "") for raw in raws)
    return {match.group() for match in matches if match}


def without_class(value: str) -> str:
    """A code without the 0 that stands for common stock in its fifth place; other classes keep their digit."""
    return value[:4] if len(value) == 5 and value.endswith("0") else value


def ticker_symbol(raw: str) -> str | None:
    """The 4-character securities code out of the 5-character form, whose last place is 0 for common stock."""
    value = code(raw)
    if value is None:
        return None
    if len(value) != 5:
        raise RefusedCell("A securities code has 5 characters here.")
    if not value.endswith("0"):
        raise RefusedCell(
            "The securities code belongs to another class of share: its last character is not 0."
        )
    if company.TICKER_SYMBOL.broken_by(value[:4]):
        raise RefusedCell("This is not a securities code.")
    return value[:4]


def corporate_number(raw: str) -> str | None:
    """The 13-digit 法人番号 with a correct check digit."""
    value = code(raw)
    if value is None:
        return None
    if WHOLE_NUMBER.fullmatch(value):
        value = value.replace(",", "")
    if ROUNDED.fullmatch(value):
        raise RefusedCell(
            "A spreadsheet has rounded the corporate number; use the file as it was downloaded."
        )
    if not re.fullmatch(company.CORPORATE_NUMBER_SHAPE, value):
        raise RefusedCell("A corporate number has 13 digits.")
    if company.CORPORATE_NUMBER.broken_by(value):
        raise RefusedCell("The check digit of the corporate number is wrong.")
    return value


def whole_number(raw: str) -> int | None:
    """A whole number from zero up, with or without thousands separators; None where blank."""
    value = folded(raw)
    if not value:
        return None
    integer = SPREADSHEET_INTEGER.fullmatch(value)
    value = integer.group(1) if integer else value
    if not WHOLE_NUMBER.fullmatch(value):
        raise RefusedCell("This is not a whole number from zero up.")
    digits = value.replace(",", "")
    if len(digits) > MAX_DIGITS:
        raise RefusedCell("The number is too large.")
    return int(digits)


def calendar_date(raw: str) -> date:
    """A day written 20250530, 2025-05-30, 2025/5/30, 2025年5月30日 or R7.5.30, or as a spreadsheet counts days."""
    value = code(raw) or ""
    if SERIAL_DAY.fullmatch(value) and int(value) in SERIAL_DAYS:
        return DAY_ZERO + timedelta(days=int(value))
    year, month, day = _written_day(value)
    try:
        return date(year, month, day)
    except ValueError:
        raise RefusedCell("There is no such day.") from None


def _written_day(value: str) -> tuple[int, int, int]:
    if of_era := ERA_DATE.fullmatch(value):
        era, year, *rest = of_era.groups()
        first, month, day = (int(part) for part in (year.replace("元", "1"), *rest))
        return YEAR_BEFORE_ERA[era] + first, month, day
    written = CALENDAR_DATE.fullmatch(value)
    if not written:
        raise RefusedCell("This is not a date.")
    year, month, day = (int(part) for part in written.groups() if part is not None)
    return year, month, day
