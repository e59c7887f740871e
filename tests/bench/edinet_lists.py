"""The EDINET code lists to import: the official ones where they are at hand, otherwise made-up ones as large."""

import os
from dataclasses import dataclass
from pathlib import Path

from tests.bench.place import ROOT
from tests.files import builders

EARLIER, LATER = "Edinetcode_20231031.zip", "Edinetcode_20260226.zip"
EARLIER_FILERS, EARLIER_PERSONS = 7_675, 2_994
LATER_FILERS, LATER_PERSONS = 8_023, 3_197
VANISHED = 693
YEAR_ENDS = ("3月31日", "12月31日", "9月30日", "2月末日")


@dataclass(frozen=True, slots=True)
class Lists:
    """Two days of the list; the later one has 11,220 rows."""

    earlier: Path
    later: Path
    origin: str


def find(directory: Path) -> Lists:
    """The lists; `directory` takes those that have to be made."""
    data = Path(os.environ.get("STOCKCODE_REAL_DATA") or ROOT.parent / "shared" / "data") / "edinet_codes"
    if (data / EARLIER).is_file() and (data / LATER).is_file():
        return Lists(data / EARLIER, data / LATER, "real EDINET list")
    earlier, later = directory / EARLIER, directory / LATER
    earlier.write_bytes(_list(range(1, EARLIER_FILERS + 1), EARLIER_PERSONS))
    first = VANISHED + 1
    later.write_bytes(_list(range(first, first + LATER_FILERS), LATER_PERSONS))
    return Lists(earlier, later, "made-up EDINET list of the same size")


def _list(numbers: range, persons: int) -> bytes:
    rows = [filer(number) for number in numbers]
    rows += [{**builders.PERSON, "ＥＤＩＮＥＴコード": f"E{60_000 + number}"} for number in range(persons)]
    return builders.edinet_zip(*rows)


def filer(number: int) -> dict[str, str]:
    """A row of the list."""
    is_listed = number % 2 == 0
    changes = {
        "上場区分": "上場" if is_listed else "非上場",
        "証券コード": f"{1300 + number // 2}0" if is_listed else "",
        "資本金": str(number * 7 % 100_000),
        "決算日": YEAR_ENDS[number % len(YEAR_ENDS)],
        "提出者名": f"計測第{number}工業株式会社",
        "提出者名（英字）": f"MEASURED No.{number} INDUSTRIES CO., LTD.",
        "提出者名（ヨミ）": f"ケイソクダイ{number}コウギョウカブシキガイシャ",
        "提出者法人番号": _corporate_number(number),
    }
    return builders.company(changes, code=f"E{number:05d}")


def _corporate_number(number: int) -> str:
    # 法人番号の指定等に関する省令 第2条; see webapp/rules/company.py.
    base = f"{number * 7919:012d}"
    total = sum(int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(base), start=1))
    return f"{9 - total % 9}{base}"
