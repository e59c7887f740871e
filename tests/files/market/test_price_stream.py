"""A long file of prices is read row after row to the same days as a short one is at once, whatever its layout."""

import io
import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.files import scanning
from webapp.files.market import price_stream, prices
from webapp.files.market.price_stream import FIGURES, PriceStream
from webapp.files.rows import WrongFile

DATA = Path(os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
UNTIL = date(2026, 11, 29)
PLAIN = "Date,Open,High,Low,Close,Volume\n"
V2 = "Date,Code,O,H,L,C,UL,LL,Vo,Va,AdjFactor,AdjO,AdjH,AdjL,AdjC,AdjVo\n"
V1 = {
    "Code": "86970", "UpperLimit": "0", "Open": 2047.0, "High": 2069.0, "Low": 2035.0, "Close": 2045.0,
    "Volume": 2202500.0, "TurnoverValue": 4507051850.0, "AdjustmentFactor": 1.0, "AdjustmentClose": 2045.0,
}  # fmt: skip
DAY = ["2025-06-30", "72030", 1, 1, 1, 1, 0, 0, None, "1", 1, 1, 1, 1, 1, 1]
LAYOUTS = {
    "broker": (
        "日付,始値,高値,安値,終値,出来高\n" '2025/6/30,"2,500",2510.5,2490,2505,"1,000"\n2025/6/27,,,,,0\n'
    ).encode("cp932"),
    "with titles": b"7203 Toyota\n\n" + PLAIN.encode() + b"2025-06-30,1,1,1,1,1\n2025-06-27,1,1,1,1,\n",
    "tabs in utf-16": (PLAIN + "2025-06-30,1,1,1,1,1\n").replace(",", "\t").encode("utf-16"),
    "yfinance of two": b"Price,Close,Close,High,High,Low,Low,Open,Open,Volume,Volume,Adj Close,Adj Close\n"
    b"Ticker,7203.T,9984.T,7203.T,9984.T,7203.T,9984.T,7203.T,9984.T,7203.T,9984.T,7203.T,9984.T\nDate,,,,,,,,,,,,\n"
    b"2025-06-30,1.5,,2,,1,,1.25,,100,,1.1,\n2025-07-01,1.5,3,2,3,1,3,1.2500001,3,100,7,1.1,2.2\n",
    "J-Quants V2": (
        V2 + "2025-06-30,72030,1,1,1,1,0,0,1,1,1,1,1,1,1,1\n2025-06-30,25935,1,1,1,1,0,0,1,1,1,1,1,1,1,1\n"
    ).encode(),
    "J-Quants V1 in JSON": json.dumps(
        {"pagination_key": "x", "daily_quotes": [{"Date": f"2023-03-{day}", **V1} for day in (23, 24, 27)]}
    ).encode(),
    "J-Quants V2 in JSON": json.dumps(
        {"data": [dict(zip(V2.strip().split(","), DAY, strict=True))]}
    ).encode(),
    "refused rows": (
        PLAIN + "2025-06-30,1,1,1,1,1\n2025-06-31,1,1,1,1,1\nx\n2025-06-27,1,1,1,y,1\n2099-01-05,1,1,1,1,1\n"
    ).encode(),
}


def streamed(content: bytes, code: str | None) -> tuple[PriceStream, list[price_stream.DayText]]:
    file = io.BytesIO(content)
    stream = price_stream.opened(file, scanning.scan(file), code, UNTIL)
    rows = list(stream.rows())
    stream.close()
    return stream, rows


def texts_of(content: bytes, code: str | None) -> list[tuple[object, ...]]:
    """The days that are read at once, as numbers."""
    days = prices.read(content, "", code, UNTIL).rows
    return [
        (day.line, day.ticker_symbol, day.traded_on, *(getattr(day, name) for name in FIGURES))
        for day in days
    ]


def typed(row: price_stream.DayText) -> tuple[object, ...]:
    line, code, day, *figures = row
    numbers = (Decimal(figure) if figure else None for figure in figures)
    rounded = (None if number is None else round(number, 4) for number in numbers)
    return (int(line), code, date.fromisoformat(day), *rounded)


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_read_as_a_short_file_is(name: str) -> None:
    code = "7203" if name in ("broker", "with titles", "tabs in utf-16", "refused rows") else None
    stream, rows = streamed(LAYOUTS[name], code)
    at_once = prices.read(LAYOUTS[name], "", code, UNTIL)
    assert sorted(map(typed, rows)) == sorted(texts_of(LAYOUTS[name], code))  # type: ignore[type-var]  # alike
    assert (stream.source, stream.encoding) == (at_once.source, at_once.encoding)
    assert (stream.total_rows, dict(stream.left_out)) == (at_once.total_rows, dict(at_once.left_out))
    assert (stream.bad_rows, stream.last) == (list(at_once.bad_rows), at_once.as_of_on)


CELLS = st.sampled_from(
    ["1", "1.5", "0", "-1", "", "-", "1,000", "1.00004", "1.00005", "1e3", "１２", "007", " 2", "nan"]
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=4))
def test_what_most_cells_look_like_is_read_as_any_cell_is(rows: list[tuple[str, ...]]) -> None:
    """The first row teaches how days and codes are spelled; all others may take the short way."""
    lines = [
        f'2025-06-{day:02},{",".join(f"{cell!s}" for cell in cells if "," not in cell)}'
        for day, cells in enumerate(rows, start=2)
    ]
    content = (PLAIN + "2025-06-30,1,1,1,1,1\n" + "\n".join(lines) + "\n" + "2025-06-30,1,1,1,1,1\n").encode()
    stream, streamed_rows = streamed(content, "7203")
    at_once = prices.read(content, "", "7203", UNTIL)
    assert [typed(row) for row in streamed_rows[:-1]] == texts_of(content, "7203")
    assert stream.bad_rows == list(at_once.bad_rows)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\x80\x81\xff\xfe,", "no valid utf-8 / cp932"),
        (b'{"daily_quotes": [{"Date": "2025-06-30"', "JSON that cannot be read"),
        (b'{"other": [1, 2]}', "other JSON"),
        (b"a" * 2_000_000, "a line of more than a million characters"),
        (b"a,b\n1,2\n", "no heading line"),
        (PLAIN.replace(",", ";").encode() + b"2025-06-30;1;1;1;1;1", "columns separated by semicolons"),
    ],
)
def test_what_is_no_file_of_prices_is_refused_in_one_sentence(content: bytes, found: str) -> None:
    with pytest.raises(WrongFile, match=found):
        streamed(content, "7203")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("prices/broker_ja_unadjusted_7203.cp932.csv", "7203"),
        ("prices/chart0_141A.csv", "141A"),
        ("prices/chart0_7203.csv", "7203"),
        ("prices/yfinance_multiheader_7203.T.csv", None),
        ("jquants/prices_daily_quotes_sample1.json", None),
    ],
)
def test_real_files_are_read_as_short_ones_are(name: str, code: str | None) -> None:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"needs the real file {name} (STOCKCODE_REAL_DATA)")
    content = path.read_bytes()
    stream, rows = streamed(content, code)
    assert [typed(row)[:-1] for row in rows] == [row[:-1] for row in texts_of(content, code)]
    assert stream.bad_rows == list(prices.read(content, "", code, UNTIL).bad_rows)
