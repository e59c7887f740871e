"""The rules of a day's prices on the real files: how many days keep and break each, printed, and why those break it."""

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from webapp.files.market import prices
from webapp.rules import price
from webapp.rules.market import price_moves
from webapp.rules.market.price_moves import LIMIT, MISSING, SPLIT, STALE, Day

pytestmark = pytest.mark.real_data
REFUSED, NO_SESSION = "refused", "no session"
RULES = (REFUSED, NO_SESSION, LIMIT, SPLIT, MISSING, STALE)
# Days, and what is broken: the five for one of 2021-09-29, in prices as they were traded; the day on which the exchange
# stood still, written as #VALUE!; a vendor's holidays, written as days on which nothing was traded.
FILES = {
    "broker_ja_unadjusted_7203.cp932.csv": ("7203", 2687, {SPLIT: 1}),
    "chart0_141A.csv": ("141A", 461, {}),
    "chart0_7203.csv": ("7203", 2444, {REFUSED: 1}),
    "yfinance_multiheader_7203.T.csv": ("7203", 2951, {NO_SESSION: 22}),
}


def broken(read: list[prices.DayPrice], refused: int) -> Counter[str]:
    days = [Day(day.traded_on, day.high, day.low, day.close, day.volume) for day in read]
    counts = Counter(found.rule for _day, found in price_moves.remarks(days, {}))
    by_themselves = [found for day in read for found in price.check(asdict(day))]
    counts[REFUSED] = refused + sum(found.is_blocking for found in by_themselves)
    counts[NO_SESSION] = sum(not found.is_blocking for found in by_themselves)
    return +counts


def test_of_the_real_prices_only_those_days_break_a_rule_whose_cause_is_known(
    real_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, counted = [""], {}
    for name, (code, _days, _known) in FILES.items():
        reading = prices.read((real_data / "prices" / name).read_bytes(), name, code)
        of_file = broken(sorted(reading.rows, key=lambda day: day.traded_on), len(reading.bad_rows))
        counted[name] = (code, len(reading.rows), dict(of_file))
        table.append(f"  {name}: {len(reading.rows)} days")
        table += [
            f"    {rule:14}kept {len(reading.rows) - of_file[rule]:5}  broken {of_file[rule]:3}"
            for rule in RULES
        ]
    with capsys.disabled():
        sys.stdout.write("\n".join((*table, "")))
    assert counted == FILES
