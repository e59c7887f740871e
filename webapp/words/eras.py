"""Years of Japan's eras, as filings print them: a hint beside a date, never a way to write one."""

from datetime import date

from webapp.label import Label
from webapp.words.speech import Speech

# First day of each era, latest first (元号法 and the edicts before it). Before 1873 Japan had another calendar.
ERAS = (
    (date(2019, 5, 1), Label("令和", "Reiwa")),
    (date(1989, 1, 8), Label("平成", "Heisei")),
    (date(1926, 12, 25), Label("昭和", "Showa")),
    (date(1912, 7, 30), Label("大正", "Taisho")),
)
MEIJI = (date(1873, 1, 1), Label("明治", "Meiji"), 1868)


def year(day: date, speech: Speech) -> str | None:
    """The year of the era that a day lies in, such as 令和7年 or Reiwa 7; None before the present calendar."""
    for begins_on, name in ERAS:
        if day >= begins_on:
            return _said(name, day.year - begins_on.year + 1, speech)
    begins_on, name, first_year = MEIJI
    return _said(name, day.year - first_year + 1, speech) if day >= begins_on else None


def _said(name: Label, number: int, speech: Speech) -> str:
    if not speech.is_japanese:
        return f"{name.en} {number}"
    return f"{name.ja}{'元' if number == 1 else number}年"
