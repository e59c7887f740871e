"""Rules about one value: is it broken, what is that as SQL, and what to tell the person who types it."""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

# C0 controls, DEL and lone surrogates never belong in a name; line feeds only where text has several lines.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
CONTROL_BUT_NEWLINE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

# Unicode 17: categories Cf, Zl, Zp, Cs and Co, what is Default_Ignorable, blank letters (Hangul and Khitan fillers,
# blanks of Braille and hieroglyphs), the place of an object that was not copied, and noncharacters.
# Of two names that differ by one of them, nobody sees which is which.
HIDDEN = (
    r"\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0"
    r"\ufff0-\ufffc\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U00013441\U00013442\U00016fe4\U0001bca0-\U0001bca3\U0001d159"
    r"\U0001d173-\U0001d17a\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff"
    r"\U000e0000-\U000e00ff\U000e01f0-\U0010ffff"
)
# A selector chooses the shape of the ideograph before it (葛󠄀城), or of a symbol; after anything else it is only hidden.
IDEOGRAPHS = r"々〆\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
SYMBOLS = r"\u2010-\u27ff\u2900-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
UNSEEN = re.compile(
    f"[{HIDDEN}]|(?<![{IDEOGRAPHS}])[\\ufe00-\\ufe0d\\U000e0100-\\U000e01ef]"
    f"|(?<![{IDEOGRAPHS}{SYMBOLS}])[\\ufe0e\\ufe0f]"
)
# Categories of what shows something by itself; a mark alone, or on a space, is nobody's name. What Python's Unicode
# does not know yet (Cn) a reader's may.
SHOWN = ("L", "N", "P", "S", "Cn")
# What a conversion puts where it lost a character.
LOST = "\ufffd"


# A limit beyond this is the machine's, and nobody who types a figure meets it.
WORTH_SAYING = 1_000_000


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence with %(name)s places and what fills them; the sentence is the key of its translation."""

    message: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.params


class NotRead(ValueError):
    """A text cannot become a value of its column; `saying` says why."""

    def __init__(self, message: str, **params: Any) -> None:
        self.saying = Saying(message, params)
        super().__init__(message)


def unseen(text: str) -> Saying | None:
    """Why this text is not what a reader sees of it, and where: a hidden character, or a lost one; None otherwise.

    Of a text in which there is nothing to see that is said; a blank one is for others to refuse.
    """
    hidden = UNSEEN.search(text)
    if hidden is not None:
        where = {"code": f"{ord(hidden[0]):04X}", "place": hidden.start() + 1}
        return Saying("must not hold invisible characters: remove U+%(code)s, character %(place)s", where)
    if LOST in text:
        where = {"place": text.index(LOST) + 1}
        return Saying("holds a character that a conversion has lost: character %(place)s", where)
    if text.strip() and shows_nothing(text):
        return Saying("must show something: it holds nothing but marks for other characters")
    return None


def shows_nothing(text: str) -> bool:
    """Whether a text is only what is seen on other characters or not at all: combining marks, spaces, line feeds."""
    return not any(unicodedata.category(mark).startswith(SHOWN) for mark in text)


class FieldRule(Protocol):
    """One limit on one column."""

    def broken_by(self, value: Any) -> Saying | None:
        """Why this value (never None) is not allowed, or None if it is."""

    def as_sql(self, column: str) -> str | None:
        """The same limit as a condition on a column, or None where the type already says it."""

    def hint(self) -> Saying | None:
        """What to write beside the input."""


@dataclass(frozen=True, slots=True)
class Text:
    """Trimmed text in NFC of characters that can be seen, at most `longest` of them."""

    longest: int
    is_long: bool = False

    def broken_by(self, value: Any) -> Saying | None:
        if (unreadable := self._unreadable(value)) is not None:
            return unreadable
        if not value:
            return Saying("must not be empty text; leave it out instead")
        if value != value.strip():
            return Saying("must not begin or end with a space")
        if value != unicodedata.normalize("NFC", value):
            return Saying("must be in Unicode normal form C")
        if len(value) > self.longest:
            return Saying("must have at most %(longest)s characters", {"longest": self.longest})
        return None

    def _unreadable(self, value: str) -> Saying | None:
        if (CONTROL_BUT_NEWLINE if self.is_long else CONTROL).search(value):
            return Saying("must not hold control characters")
        return unseen(value)

    def as_sql(self, column: str) -> str | None:
        # Invisible characters are refused by every entrance; rows from before that rule may hold them.
        # PostgreSQL holds neither NUL nor surrogates; VARCHAR(n) holds the length. btrim takes both widths of space.
        controls = r"\x01-\x09\x0b-\x1f\x7f-\x9f" if self.is_long else r"\x01-\x1f\x7f-\x9f"
        return f"{column} !~ '[{controls}]' AND {column} <> '' AND {column} = btrim({column}, U&' \\3000')"

    def hint(self) -> Saying | None:
        return None


@dataclass(frozen=True, slots=True)
class Pattern:
    """Text of one shape; the regular expression must mean the same to Python and PostgreSQL."""

    regex: str
    says: str

    def broken_by(self, value: Any) -> Saying | None:
        if (hidden := unseen(value)) is not None:
            return hidden
        return None if re.fullmatch(self.regex, value) else Saying(self.says)

    def as_sql(self, column: str) -> str | None:
        return f"{column} ~ '^({self.regex})$'"

    def hint(self) -> Saying | None:
        return Saying(self.says)


@dataclass(frozen=True, slots=True)
class OneOf:
    """A word from a short list."""

    words: tuple[str, ...]

    def broken_by(self, value: Any) -> Saying | None:
        if value in self.words:
            return None
        return Saying("must be one of %(words)s", {"words": ", ".join(self.words)})

    def as_sql(self, column: str) -> str | None:
        return f"{column} IN ({', '.join(repr(word) for word in self.words)})"

    def hint(self) -> Saying | None:
        return None


@dataclass(frozen=True, slots=True)
class Between:
    """A finite number of at most `places` decimals from `low` to `high`; either end may be open.

    `typed` names the ends that the column's type already keeps, so that no CHECK repeats them.
    """

    low: int | None = None
    high: int | None = None
    places: int = 0
    typed: frozenset[str] = frozenset()

    def broken_by(self, value: Any) -> Saying | None:
        if isinstance(value, Decimal):
            if not value.is_finite():
                return Saying("must be a number")
            exponent = value.normalize().as_tuple().exponent
            assert isinstance(exponent, int)
            if -exponent > self.places:
                return self._too_fine()
        if self.low is not None and value < self.low:
            return Saying("must be at least %(low)s", {"low": self.low})
        if self.high is not None and value > self.high:
            return Saying("must be at most %(high)s", {"high": self.high})
        return None

    def _too_fine(self) -> Saying:
        if self.places == 0:
            return Saying("must be a whole number")
        return Saying("must have at most %(places)s decimals", {"places": self.places})

    def as_sql(self, column: str) -> str | None:
        low = self.low is not None and "low" not in self.typed
        high = self.high is not None and "high" not in self.typed
        if low and high:
            return f"{column} BETWEEN {self.low} AND {self.high}"
        # NaN is greater than every number in PostgreSQL, so only an upper limit keeps it out.
        parts = [f"{column} >= {self.low}"] if low else []
        parts += [f"{column} <= {self.high}"] if high else [f"{column} <> 'NaN'"]
        return " AND ".join(parts)

    def hint(self) -> Saying | None:
        if self.low is None or self.high is None or self.typed or self.high > WORTH_SAYING:
            return None
        return Saying("%(low)s–%(high)s", {"low": self.low, "high": self.high})


def digits(total: int, places: int, *, low: int | None = None, high: int | None = None) -> Between:
    """The limit of a NUMERIC(total, places) column, narrowed by `low` and `high`."""
    most = 10 ** (total - places) - 1
    typed = {name for name, end in (("low", low), ("high", high)) if end is None}
    return Between(-most if low is None else low, most if high is None else high, places, frozenset(typed))
