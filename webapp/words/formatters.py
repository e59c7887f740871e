"""Values as people read them: grouped digits, ▲ for negatives, percentages, words for codes, Japan's time."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Numeric
from sqlalchemy.dialects.postgresql import JSONB

from webapp.rules.calendar import JST
from webapp.words import documents, eras, labels, numbers, stored_sentences
from webapp.words.speech import Speech
from webapp.words.units import Unit

Cell = Callable[[Any], Any]
# Rows that were imported together have the same moment, and lists show fifty of them.
KEPT = 1000

# Least and most decimals by unit; money is whole.
DECIMALS: dict[str, tuple[int, int | None]] = {
    "money": (0, 0),
    "per_share": (2, 4),
    "ratio": (2, 2),
    "multiple": (2, 2),
}
WITH_ERA = Markup('{} <span class="muted small">{}</span>')
NEGATIVE = '<span class="num neg"><span aria-hidden="true">▲</span><span class="sr">−</span>'


def for_column(column: Column[Any], speech: Speech, *, is_exact: bool = False) -> Cell:
    """How to show a column's values; `is_exact` shows every decimal that is stored, and the era of dates."""
    words = labels.words_of(column)
    if words is not None:
        said = {word: speech.say(label) for word, label in words.items()}
        return lambda value: None if value is None else said.get(str(value), str(value))
    if is_number(column):
        return _number(column.info.get("unit", ""), is_exact=is_exact)
    if is_exact and isinstance(column.type, Date):
        return partial(day_with_era, speech=speech)
    return _spoken(column, speech, is_exact=is_exact)


def _spoken(column: Column[Any], speech: Speech, *, is_exact: bool) -> Cell:
    """How to show what is no number and no word of a list."""
    if column.name in stored_sentences.SENTENCES:
        return partial(stored_sentences.in_language, column.name, speech=speech)
    if isinstance(column.type, Boolean):
        said = {flag: speech.say(labels.flags_of(column)[str(int(flag))]) for flag in (True, False)}
        return said.get
    spoken = next((show for kind, show in SPOKEN if isinstance(column.type, kind)), None)
    if spoken is not None:
        return partial(spoken, speech=speech)
    if isinstance(column.type, JSONB):
        say = documents.whole if is_exact else documents.summary
        return partial(say, column=column, speech=speech)
    return text


def is_number(column: Column[Any]) -> bool:
    """Whether a column's values are amounts, set in columns of digits; keys and words are not."""
    if column.foreign_keys or column.identity is not None or labels.words_of(column) is not None:
        return False
    return isinstance(column.type, Integer | Numeric)


def text(value: Any) -> Any:
    """Text as it is; addresses of the web become links."""
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(value)
    return value


def day(value: date | None, speech: Speech) -> str | None:
    """A date, with slashes in Japanese."""
    if value is None:
        return None
    return value.strftime("%Y/%m/%d") if speech.is_japanese else value.isoformat()


def day_with_era(value: date | None, speech: Speech) -> Any:
    """A date with the year of its era."""
    era = None if value is None else eras.year(value, speech)
    return day(value, speech) if era is None else WITH_ERA.format(day(value, speech), era)


@lru_cache(maxsize=KEPT)
def instant(value: datetime | None, speech: Speech) -> str | None:
    """A moment in Japan's time, to the minute."""
    if value is None:
        return None
    local = value.astimezone(JST)
    return f"{day(local.date(), speech)} {local:%H:%M}"


def number(value: Decimal | int, *, least: int = 0, most: int | None = None) -> Any:
    """A number with grouped digits; a negative one led by ▲, which is read aloud as a minus."""
    if value < 0:
        return negative(numbers.write(-value, least=least, most=most))
    return numbers.write(value, least=least, most=most)


def negative(digits: str) -> Markup:
    """The digits of a negative number, led by ▲."""
    # Lists have hundreds of these; Markup.format takes ten times as long.
    return Markup(f"{NEGATIVE}{digits}</span>")  # noqa: S704  # digits, commas and points


def amount(value: Decimal | None, unit: Unit) -> Any:
    """Money in whole units of so many yen; a loss of less than one unit is still seen to be a loss: ▲0."""
    if value is None:
        return None
    shown = f"{abs(unit.of(value)):,}"
    return negative(shown) if value < 0 else shown


def badge(label: str, tone: str) -> Markup:
    """A word that says in which state something is."""
    return Markup('<span class="badge{}">{}</span>').format(f" {tone}" if tone else "", label)


def link(url: str, label: str) -> Markup:
    """A link to a record."""
    return Markup(f'<a href="{escape(url)}">{escape(label)}</a>')  # noqa: S704  # both parts are escaped


SPOKEN: tuple[tuple[type[Any], Callable[..., Any]], ...] = (
    (DateTime, instant),
    (Date, day),
)


def _number(unit: str, *, is_exact: bool) -> Cell:
    least, most = DECIMALS.get(unit, (0, None))
    shift = 2 if unit == "ratio" else 0

    def show(value: Decimal | int | None) -> Any:
        if value is None:
            return None
        if isinstance(value, int) and not least and not shift and value >= 0:
            return f"{value:,}"
        amount = Decimal(value).scaleb(shift) if shift else value
        return number(amount, least=least, most=None if is_exact else most)

    return show
