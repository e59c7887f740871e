"""The units in which amounts of money are shown: so many yen, or so many of another currency."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import Column

from webapp.label import Label

JPY = "JPY"
# Others go by their code (ISO 4217).
CURRENCIES = {
    JPY: Label("円", "yen"),
    "USD": Label("米ドル", "US dollars"),
    "EUR": Label("ユーロ", "euros"),
    "GBP": Label("英ポンド", "pounds sterling"),
    "CNY": Label("人民元", "yuan"),
    "HKD": Label("香港ドル", "Hong Kong dollars"),
    "TWD": Label("台湾ドル", "New Taiwan dollars"),
    "SGD": Label("シンガポールドル", "Singapore dollars"),
    "AUD": Label("豪ドル", "Australian dollars"),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """So many yen, or so many of another currency; as the address calls it, and as people do."""

    word: str
    yen: int
    many: Label

    @property
    def label(self) -> Label:
        """What people call so many yen."""
        return self.in_currency(JPY)

    def in_currency(self, currency: str | None) -> Label:
        """What people call so many of a currency; yen where it is not known."""
        return _in_currency(self, currency or JPY)

    @property
    def digits(self) -> int:
        """How many noughts it has: an amount in it is an amount of yen with the point moved so far, exactly."""
        return len(str(self.yen)) - 1

    def of(self, amount: Decimal | int) -> int:
        """Whole units in an amount of yen: what is left over is cut off, never rounded, as in filings."""
        whole = abs(int(amount)) // self.yen
        return -whole if amount < 0 else whole


YEN = Unit("yen", 1, Label("", ""))
UNITS = {
    unit.word: unit
    for unit in (
        YEN,
        Unit("thousand", 1_000, Label("千", "thousand")),
        Unit("million", 1_000_000, Label("百万", "million")),
        Unit("hundred-million", 100_000_000, Label("億", "hundred million")),
    )
}


BY_YEN = {unit.yen: unit for unit in UNITS.values()}


@lru_cache
def _in_currency(unit: Unit, currency: str) -> Label:
    one = CURRENCIES.get(currency, Label(currency, currency))
    return Label(unit.many.ja + one.ja, f"{unit.many.en} {one.en}".lstrip())


def is_money(column: Column[object] | None) -> bool:
    """Whether a column holds amounts of whole yen."""
    return column is not None and column.info.get("unit") == "money"
