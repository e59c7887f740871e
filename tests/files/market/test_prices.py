"""Daily prices in every layout become the same rows; anything else is refused in one sentence."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from webapp.files.market import price_layouts, prices
from webapp.files.market.prices import DayPrice
from webapp.files.rows import MasterList, WrongFile

UNTIL = date(2026, 11, 29)
PLAIN = "Date,Open,High,Low,Close,Volume\n"
DAY = DayPrice(
    line=2,
    ticker_symbol="7203",
    traded_on=date(2024, 12, 27),
    open=Decimal("3204"),
    high=Decimal("3220"),
    low=Decimal("3154.5"),
    close=Decimal("3188"),
    volume=49_315_300,
    turnover=None,
    adjusted_close=None,
)
BROKER = (
    "日付,始値,高値,安値,終値,5日平均,VWAP,出来高,5日平均\n"
    '2024/12/27,"3,204","3,220","3,154.5","3,188","2,993.30","3,190.4736","49,315,300","42,722,020.00"\n'
)
YFINANCE_OF_ONE_LINE = (
    "Date,Open,High,Low,Close,Adj Close,Volume\n"
    "2024-12-27 00:00:00+09:00,3204.0,3220.0,3154.5,3188.0,3100.1234567,49315300\n"
)
YFINANCE = (
    "Price,Adj Close,Close,High,Low,Open,Volume\nTicker,7203.T,7203.T,7203.T,7203.T,7203.T,7203.T\nDate,,,,,,\n"
    "2024-12-27,3100.1234567,3188.0,3220.0,3154.5,3204.0,49315300\n"
)
V1 = {
    "Date": "2024-12-27", "Code": "72030", "Open": 3204.0, "High": 3220.0, "Low": 3154.5, "Close": 3188.0,
    "UpperLimit": "0", "LowerLimit": "0", "Volume": 49315300.0, "TurnoverValue": 156000000000.0,
    "AdjustmentFactor": 1.0, "AdjustmentOpen": 3204.0, "AdjustmentHigh": 3220.0, "AdjustmentLow": 3154.5,
    "AdjustmentClose": 3188.0, "AdjustmentVolume": 49315300.0,
}  # fmt: skip
V2_NAMES = ("Date", "Code", "O", "H", "L", "C", "UL", "LL", "Vo", "Va", "AdjFactor", "AdjO", "AdjH", "AdjL",
            "AdjC", "AdjVo")  # fmt: skip
V2 = dict(zip(V2_NAMES, V1.values(), strict=True))


def read(content: str | bytes | object, code: str | None = None) -> MasterList[DayPrice]:
    if not isinstance(content, str | bytes):
        content = json.dumps(content)
    return prices.read(content.encode() if isinstance(content, str) else content, "prices.csv", code, UNTIL)


def csv_of(row: dict[str, Any]) -> str:
    return ",".join(row) + "\n" + ",".join(map(str, row.values())) + "\n"


@pytest.mark.parametrize(
    ("content", "code", "source", "differing"),
    [
        (BROKER.encode("cp932"), "7203", "証券会社CSV", {}),
        (YFINANCE_OF_ONE_LINE, "7203.T", "yfinance", {"adjusted_close": Decimal("3100.1235")}),
        (YFINANCE, None, "yfinance", {"line": 4, "adjusted_close": Decimal("3100.1235")}),
        (PLAIN + "20241227,3204,3220,3154.5,3188,49315300", "72030", "CSV", {}),
        ("株価一覧\n" + BROKER, "7203", "証券会社CSV", {"line": 3}),
        (json.dumps({"daily_quotes": [V1], "pagination_key": "x"}), None, "J-Quants", {"line": 1}),
        (json.dumps({"data": [V2]}), "7203", "J-Quants", {"line": 1}),
        (json.dumps([V2]), None, "J-Quants", {"line": 1}),
        (csv_of(V1), None, "J-Quants", {}),
        (csv_of(V2), None, "J-Quants", {}),
    ],
)
def test_a_day_is_the_same_row_in_every_layout(
    content: str | bytes, code: str | None, source: str, differing: dict[str, Any]
) -> None:
    listing = read(content, code)
    (day,) = listing.rows
    of_jquants = {"turnover": Decimal(156_000_000_000), "adjusted_close": Decimal(3188)}
    expected = differing | (of_jquants if source == "J-Quants" else {})
    assert {name: getattr(day, name) for name in DayPrice.__slots__} == {
        name: expected.get(name, getattr(DAY, name)) for name in DayPrice.__slots__
    }
    assert (listing.source, listing.named, listing.as_of_on) == (source, {"7203"}, date(2024, 12, 27))


@pytest.mark.parametrize(
    "content",
    [
        PLAIN + "2024-12-27,,,,,0\n",
        PLAIN + "2024-12-27,－,－,－,－,\n",
        [V1 | dict.fromkeys(("Open", "High", "Low", "Close", "Volume", "TurnoverValue"))],
    ],
)
def test_a_day_without_a_trade_has_no_prices_and_volume_zero(content: str | object) -> None:
    (day,) = read(content, "7203").rows
    assert (day.open, day.high, day.low, day.close, day.volume) == (None, None, None, None, 0)


def test_a_unit_behind_a_heading_is_understood_and_one_of_thousands_is_another_column() -> None:
    headings = "日付,始値（円）,高値(円),安値(円),終値(円),出来高（株）,売買代金(千円)\n"
    figures = "2024/12/27,3204,3220,3154.5,3188,49315300,156000000\n"
    assert read(headings + figures, "7203").rows == (DAY,)
    with pytest.raises(WrongFile):
        read(headings.replace("（株）", "(千株)") + figures, "7203")


def test_a_traded_day_whose_volume_is_not_given_has_none() -> None:
    (day,) = read(PLAIN + "2024-12-27,1,1,1,1,\n", "7203").rows
    assert day.volume is None


def test_issues_side_by_side_are_told_apart_and_a_day_of_only_one_of_them_is_no_day_of_the_other() -> None:
    wide = (
        "Price,Adj Close,Adj Close,Close,Close,High,High,Low,Low,Open,Open,Volume,Volume\n"
        "Ticker" + ",7203.T,130A.T" * 6 + "\nDate" + "," * 12 + "\n"
        "2024-12-26,1,9,1,9,1,9,1,9,1,9,10,90\n2024-12-27,2,,2,,2,,2,,2,,20,\n"
    )
    listing = read(wide)
    days = [(day.ticker_symbol, day.traded_on.day, day.close, day.volume) for day in listing.rows]
    assert days == [("7203", 26, 1, 10), ("130A", 26, 9, 90), ("7203", 27, 2, 20)]
    assert (listing.total_rows, listing.left_out) == (4, {prices.NOTHING: 1})


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("2020-10-01,#VALUE!,#VALUE!,#VALUE!,#VALUE!,0", "Open", "This is not a number."),
        ("2024-13-27,1,1,1,1,1", "Date", "There is no such day."),
        ("2027-01-04,1,1,1,1,1", "Date", "The day is still to come."),
        ("2024-12-26,1,1,1,1,1.5", "Volume", "This is not a whole number."),
        ("2024-12-26,1,1,1,1e9,1", "Close", "This is not a number."),
        ("2024-12-27,1,1,1,1,2", None, "An earlier row of the file has other prices of the same day."),
        ("2024-12-26,1,1,1", None, "The row does not have as many columns as the headings."),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_with_its_place_and_the_rest_goes_on(
    cells: str, column: str | None, reason: str
) -> None:
    listing = read(PLAIN + "2024-12-27,1,1,1,1,1\n" + cells, "7203")
    assert len(listing.rows) == 1
    assert [(bad.line, bad.column, bad.reason) for bad in listing.bad_rows] == [(3, column, reason)]


def test_the_same_day_again_and_other_classes_of_share_are_counted() -> None:
    other = V2 | {"Code": "25935"}
    listing = read({"data": [V2, V2, other]})
    assert (len(listing.rows), listing.left_out) == (1, {prices.REPEATED: 1, prices.OTHER_CLASS: 1})


def test_a_row_whose_code_is_none_is_refused() -> None:
    listing = read({"data": [V2, V2 | {"Code": "7B03"}, V2 | {"Code": ""}]})
    reasons = ["This is not a securities code.", "The value is missing."]
    assert [bad.reason for bad in listing.bad_rows] == reasons


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (PLAIN + "2024-12-27,1,1,1,1,1", None, "or the code given with the file (--code); found neither"),
        (PLAIN + "2024-12-27,1,1,1,1,1", "72", "found “72”"),
        (YFINANCE, "7974", "Expected prices of 7974, the code given with the file; found those of 7203"),
        ("Date,Open,High,Low,Close\n2024-12-27,1,1,1,1", "7203", "found none for volume"),
        ("Date,Open,High,Low,Close,Volume,終値\n", "7203", "found two of “close”"),
        ("a,b\n1,2", "7203", "found no heading line"),
        (PLAIN, "7203", "found none"),
        (PLAIN.replace(",", ";") + "2024-12-27;1;1;1;1;1", "7203", "found columns separated by semicolons"),
        ('"始値";"終値"\n"1,5";"2"', "7203", "found columns separated by semicolons"),
        (PLAIN + "x,1,1,1,1,1", "7203", "found one of which 1 of 1 are refused"),
        (YFINANCE.replace("Adj Close,", "").replace(",7203.T\n", "\n"), None, "adjusted for dividends"),
        ("Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n", "7203", "adjusted for dividends"),
        ({"info": [V1]}, None, "found other JSON"),
        ("[" * 100_000, None, "found JSON that cannot be read"),
        ("[{}]", None, "found none for date, open"),
        ("", None, "found an empty file"),
        (b"\x00" * 100, None, "no heading line"),
        (PLAIN + "2024-12-27,1,1,1,1,1\n" * 20_001, "7203", "Expected at most 20,000 rows; found more"),
        ([V2] * 20_001, None, "Expected at most 20,000 rows; found more"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(
    content: str | bytes | object, code: str | None, sentence: str
) -> None:
    with pytest.raises(WrongFile) as refusal:
        read(content, code)
    assert sentence in str(refusal.value)


def test_a_file_as_long_as_is_taken_is_read() -> None:
    lines = (f"{date.fromordinal(700_000 + number)},1,1,1,1,1" for number in range(price_layouts.MAX_ROWS))
    assert len(read(PLAIN + "\n".join(lines), "7203").rows) == price_layouts.MAX_ROWS


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "code", "days"),
    [
        ("prices/broker_ja_unadjusted_7203.cp932.csv", "7203", ("2014-01-06", "2024-12-27", 2687, 0)),
        ("prices/chart0_141A.csv", "141A", ("2024-03-21", "2026-02-06", 461, 0)),
        ("prices/chart0_7203.csv", "7203", ("2016-02-05", "2026-02-06", 2444, 1)),
        ("prices/yfinance_multiheader_7203.T.csv", None, ("2013-01-04", "2024-12-24", 2951, 0)),
        ("jquants/prices_daily_quotes_sample1.json", None, ("2023-03-24", "2023-03-24", 1, 0)),
    ],
)
def test_real_files_are_read_to_the_last_day(
    real_data: Path, name: str, code: str | None, days: tuple[str, str, int, int]
) -> None:
    listing = read((real_data / name).read_bytes(), code)
    first = min(day.traded_on for day in listing.rows)
    assert (str(first), str(listing.as_of_on), len(listing.rows), len(listing.bad_rows)) == days


@pytest.mark.real_data
def test_two_vendors_differ_on_two_days_after_the_last_split(real_data: Path) -> None:
    broker, yfinance = (
        {day.traded_on: day for day in read((real_data / "prices" / name).read_bytes(), "7203").rows}
        for name in ("broker_ja_unadjusted_7203.cp932.csv", "yfinance_multiheader_7203.T.csv")
    )
    after = {day for day in broker.keys() & yfinance.keys() if day >= date(2021, 9, 29)}
    assert len(after) > 700
    differing = {day for day in after if broker[day].close != yfinance[day].close}
    assert differing == {date(2024, 1, 15), date(2024, 3, 29)}
