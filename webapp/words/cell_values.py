"""Cells of files that have been edited, read back: what `csv_sql` and `typed_cells` write, and what spreadsheets make
of it.

A file shows less than is stored: millions of yen, two decimals of a percentage, minutes. So a cell is first asked
whether it still shows what is stored; only one that does not is read as a new value.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Numeric, String

from webapp.rules import calendar
from webapp.rules.fields import NotRead, Text
from webapp.words import csv_sql, keys, labels, numbers, typed_cells
from webapp.words.days import DAY
from webapp.words.units import YEN, Unit, is_money

# A spreadsheet counts days from 1899-12-30 (ECMA-376 Part 1, 18.17.4.1); these are the days from 1900-03-01 to 2199.
DAY_ZERO = date(1899, 12, 30)
SERIAL_DAYS = range(61, 109_575)
# What a spreadsheet makes of a long number that it saves as text, and of a day where months lead.
SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]{2,3}", re.ASCII | re.IGNORECASE)
MIDNIGHT = re.compile(r"[ T]0{1,2}:00(?::00)?$")
MOMENT = re.compile(
    r"(?P<day>[0-9/-]{8,10})[ T](?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(?P<zone>[+-][0-9:]{5})?"
)
JAPANESE_DAY = re.compile(r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日", re.ASCII)
JAPAN = "+09:00"
PERCENT = "%"
# What stands in a cell that could not be computed, and in a number's that is too narrow (ECMA-376 Part 1, 18.18.11).
ERROR = re.compile(r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|#{2,})")
# JIS X 0208 has these once; what Unicode calls them depends on who converts (Microsoft's table cp932 or Unicode's).
TWINS = str.maketrans("〜−—‖¢£¬", "～－―∥￠￡￢")
BEYOND = re.compile("[\U00010000-\U0010ffff]")
# To how many places lists show what is no whole number, and no amount per share.
PLACES = {"ratio": Decimal("0.0001"), "multiple": Decimal("0.01")}
TRUE, FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})


@dataclass(frozen=True)
class CellReader:
    """How the cells of one column are read: `unit` is that of its money, `is_shown` whether the file has it as the
    list shows it, `is_typed` whether its numbers are a workbook's."""

    column: Column[Any]
    unit: Unit = YEN
    is_shown: bool = True
    is_typed: bool = False

    def is_untouched(self, cell: Any, value: Any) -> bool:
        """Whether a cell still shows what a file has shown for this value."""
        text = text_of(cell)
        if not text or value is None:
            return not text and value in (None, {}, [])
        if text in self._texts(value):
            return True
        try:
            read = self.read(cell)
        except NotRead:
            return False
        if self.is_typed and isinstance(value, datetime):
            # Days and their fractions, in which a workbook counts, are no exact seconds.
            return abs(read - value) < timedelta(seconds=1) or read in self._roundings(value)
        return read in self._roundings(value)

    def is_mangled(self, cell: Any, value: Any) -> bool:
        """Whether a cell is what a spreadsheet makes of this value by itself: codes without their noughts, long
        numbers in powers of ten, days in the order of another country, characters that cp932 has not."""
        text = text_of(cell)
        if isinstance(value, str) and value.isascii() and value.isdigit():
            return text in (str(int(value)), f"{int(value)}.0") or _is_rounded(text, int(value))
        if isinstance(value, str):
            return text in _in_cp932(value)
        return isinstance(value, date) and not isinstance(value, datetime) and text in _days_elsewhere(value)

    def read(self, cell: Any) -> Any:
        """The value that somebody has typed into a cell; nothing for a blank one. Raises NotRead."""
        text = text_of(cell)
        if not text:
            return self._nothing
        if self._words:
            return self._word(text)
        kind = type(self.column.type)
        if issubclass(kind, Integer | Numeric):
            return self._number(cell)
        reads = {Boolean: self._flag, DateTime: _moment, Date: _day, String: self._written}
        return next((read for of_kind, read in reads.items() if issubclass(kind, of_kind)), _document)(text)

    @property
    def shows_stored(self) -> bool:
        """Whether the file has the column's values in full, as they are stored."""
        is_rounded = self.is_shown and self.column.info.get("unit") in PLACES
        return not (self.is_typed or is_rounded or (is_money(self.column) and self.unit is not YEN))

    @cached_property
    def spelled(self) -> Mapping[str, Any]:
        """Of words and flags, what each spelling of a file stands for; nothing of other columns."""
        if isinstance(self.column.type, Boolean):
            spelled = {text: word in TRUE for word in TRUE | FALSE for text in (word, word.upper())}
            for flags in (labels.flags_of(self.column), labels.YES_OR_NO):
                spelled |= {
                    text: flag == "1" for flag, label in flags.items() for text in (label.ja, label.en)
                }
            return spelled
        kind = self.column.type.python_type
        words = labels.choices(self.column) if self._words else {}
        return {text: kind(word) for word, label in words.items() for text in (word, label.ja, label.en)}

    @cached_property
    def _nothing(self) -> str | None:
        """What a blank cell stands for: columns of texts that always hold one may hold an empty one."""
        default: Any = self.column.default
        return "" if default is not None and default.is_scalar and default.arg == "" else None

    @cached_property
    def _words(self) -> dict[str, Any]:
        """What a word is called in any language, and as it is stored -> the stored word."""
        if labels.words_of(self.column) is None:
            return {}
        kind = self.column.type.python_type
        said: dict[str, Any] = {}
        for word, label in labels.choices(self.column).items():
            said |= {_plain(name): kind(word) for name in (label.ja, label.en, word)}
        return said

    def _word(self, text: str) -> Any:
        if _plain(text) not in self._words:
            raise NotRead("is none of the words of this column")
        return self._words[_plain(text)]

    def _flag(self, text: str) -> bool:
        flags = labels.flags_of(self.column)
        for flag, words in ((True, TRUE), (False, FALSE)):
            label = flags[str(int(flag))]
            yes_or_no = labels.YES_OR_NO[str(int(flag))]
            if _plain(text) in {*words, *map(_plain, (label.ja, label.en, yes_or_no.ja, yes_or_no.en))}:
                return flag
        raise NotRead("is neither yes nor no")

    def _number(self, cell: Any) -> Decimal | int:
        text = text_of(cell)
        is_percentage = unicodedata.normalize("NFKC", text).endswith(PERCENT)
        if SCIENTIFIC.fullmatch(text):
            raise NotRead("is a number that a spreadsheet has rounded")
        try:
            number = numbers.read(text.rstrip("%％"))
        except numbers.NotANumber:
            raise NotRead("is not a number") from None
        if number is None:
            raise NotRead("is not a number")
        if self.column.info.get("unit") == "ratio":
            # A workbook stores a percentage as its fraction, whatever it shows.
            is_fraction = not self.is_shown or (self.is_typed and not isinstance(cell, str))
            number = number / 100 if is_percentage or not is_fraction else number
        elif is_percentage:
            raise NotRead("is not a number")
        if is_money(self.column):
            number *= self.unit.yen
        return self._fitting(number)

    def _fitting(self, number: Decimal) -> Decimal | int:
        places = getattr(self.column.type, "scale", None) or 0
        if numbers.decimals(number) > places:
            if is_money(self.column):
                raise NotRead("must come to whole yen")
            if not places:
                raise NotRead("must be a whole number")
            raise NotRead("must have at most %(places)s decimals", places=places)
        precision = getattr(self.column.type, "precision", None)
        largest = keys.largest(self.column) if precision is None else 10 ** (precision - places) - 1
        if abs(number) > largest:
            raise NotRead("is too large")
        # Adding nothing writes out the noughts that a larger unit stands for.
        return int(number) if self.column.type.python_type is int else number + Decimal(0)

    def _written(self, text: str) -> str:
        if not self.is_typed:
            text = csv_sql.unharmed(text)
        if ERROR.fullmatch(text):
            raise NotRead("is an error of a spreadsheet, and no value")
        if isinstance(self.column.info.get("rule"), Text):
            return unicodedata.normalize("NFC", text)
        plain = unicodedata.normalize("NFKC", text)
        if SCIENTIFIC.fullmatch(plain):
            raise NotRead("is a number that a spreadsheet has rounded")
        rule: Any = self.column.info.get("rule")
        if rule is not None and rule.broken_by(plain) and not rule.broken_by(plain.upper()):
            return plain.upper()
        return plain

    def _texts(self, value: Any) -> set[str]:
        """The texts of a value that nothing but comparing them leads back to."""
        words = labels.words_of(self.column)
        if words is not None:
            label = words.get(str(value))
            return {str(value)} if label is None else {str(value), label.ja, label.en}
        if isinstance(value, str):
            return {value, csv_sql.harmless(value), typed_cells.cut(value)}
        if isinstance(value, Decimal):
            # More digits than a spreadsheet computes with stand in a workbook as a text.
            return {format(value, "f")} if self.is_typed else set()
        if isinstance(value, list):
            return {",".join(map(str, value))}
        if isinstance(value, dict):
            return {typed_cells.cut(json.dumps(value, ensure_ascii=False, sort_keys=True))}
        return set()

    def _roundings(self, value: Any) -> Iterator[Any]:
        """The values as which a file may have shown this one."""
        yield value
        unit = self.column.info.get("unit")
        if is_money(self.column):
            yield self.unit.of(value) * self.unit.yen
        elif unit in PLACES:
            yield value.quantize(PLACES[unit], ROUND_HALF_UP)
        elif isinstance(value, datetime):
            yield value.replace(microsecond=0)
            yield value.replace(microsecond=0, second=0)


def text_of(cell: Any) -> str:
    """A cell as text, without spaces around it and with one kind of line break; blank where there is nothing."""
    if isinstance(cell, float):
        return format(Decimal(repr(cell)), "f")
    if isinstance(cell, bool):
        return str(cell).lower()
    text = "" if cell is None else str(cell)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _is_rounded(text: str, number: int) -> bool:
    """Whether a text is a number in a power of ten, with as many of its digits as there was room for."""
    if not SCIENTIFIC.fullmatch(text):
        return False
    places = len(text.upper().partition("E")[0].partition(".")[2])
    return f"{number:.{places}E}" == text.upper()


def _days_elsewhere(day: date) -> set[str]:
    """A day as spreadsheets write it where months or days lead, with or without noughts and the century."""
    months, days = {str(day.month), f"{day.month:02}"}, {str(day.day), f"{day.day:02}"}
    years = (f"{day.year:04}", f"{day.year % 100:02}")
    pairs = [pair for month in months for one in days for pair in ((month, one), (one, month))]
    return {"/".join((*pair, year)) for pair in pairs for year in years}


def _in_cp932(text: str) -> set[str]:
    """A text as programs write it in cp932: with a question mark, or two beyond U+FFFF, for what it has not."""
    alike = text.translate(TWINS)
    written = (alike, BEYOND.sub("??", alike))
    return {one.encode("cp932", "replace").decode("cp932") for one in written} - {text}


def _plain(text: str) -> str:
    """A word as it is compared, in whatever width and case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise NotRead("cannot be changed in a file") from None


def _day(text: str) -> date:
    plain = MIDNIGHT.sub("", unicodedata.normalize("NFKC", text))
    if plain.isdigit() and len(plain) < 7 and int(plain) in SERIAL_DAYS:
        return DAY_ZERO + timedelta(days=int(plain))
    match = DAY.fullmatch(plain) or JAPANESE_DAY.fullmatch(plain)
    try:
        if match is None:
            raise ValueError
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise NotRead("is not a date such as 2024-03-31") from None


def _moment(text: str) -> datetime:
    """A moment in Japan's time, or with its offset."""
    plain = unicodedata.normalize("NFKC", text)
    match = MOMENT.fullmatch(plain)
    day = _day(plain if match is None else match["day"])
    try:
        clock = time.fromisoformat("00:00" if match is None else match["time"].zfill(5))
        zone = None if match is None else match["zone"]
        return calendar.told(datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{zone or JAPAN}"))
    except ValueError:
        raise NotRead("is not a date and time such as 2024-06-21 15:30") from None
