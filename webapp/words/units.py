"""The units in which amounts of money are shown."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Column

from webapp.label import Label


@dataclass(frozen=True, slots=True)
class Unit:
    """So many yen, as the address calls it and as people do."""

    word: str
    yen: int
    label: Label

    @property
    def digits(self) -> int:
        """How many noughts it has: an amount in it is an amount of yen with the point moved so far, exactly."""
        return len(str(self.yen)) - 1

    def of(self, amount: Decimal | int) -> int:
        """Whole units in an amount of yen: what is left over is cut off, never rounded, as in filings."""
        whole = abs(int(amount)) // self.yen
        return -whole if amount < 0 else whole


YEN = Unit("yen", 1, Label("円", "yen"))
UNITS = {
    unit.word: unit
    for unit in (
        YEN,
        Unit("thousand", 1_000, Label("千円", "thousand yen")),
        Unit("million", 1_000_000, Label("百万円", "million yen")),
        Unit("hundred-million", 100_000_000, Label("億円", "hundred million yen")),
    )
}


BY_YEN = {unit.yen: unit for unit in UNITS.values()}


def is_money(column: Column[object] | None) -> bool:
    """Whether a column holds amounts of whole yen."""
    return column is not None and column.info.get("unit") == "money"
