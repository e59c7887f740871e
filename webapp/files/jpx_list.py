"""Read JPX's list of issues on the Tokyo Stock Exchange: common stock kept, everything else counted by kind.

Source: 東証上場銘柄一覧 (data_j.xls), Japan Exchange Group; the original .xls or a CSV of it. One row per issue and,
in each row, the day that the list is of.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from webapp.files import cells, delimited, list_records
from webapp.files.looking import Look
from webapp.files.rows import BadRow, MasterList, RefusedRow, Remark, WrongFile, shown
from webapp.rules import industry
from webapp.rules.company import GROWTH, PRIME, STANDARD, TOKYO_PRO

HEADINGS = (
    "日付",
    "コード",
    "銘柄名",
    "市場・商品区分",
    "33業種コード",
    "33業種区分",
    "17業種コード",
    "17業種区分",
    "規模コード",
    "規模区分",
)
# The division, and whether the share is a foreign company's; the PRO Market does not say.
SHARES: Mapping[str, tuple[str, bool | None]] = {
    "プライム（内国株式）": (PRIME, False),
    "プライム（外国株式）": (PRIME, True),
    "スタンダード（内国株式）": (STANDARD, False),
    "スタンダード（外国株式）": (STANDARD, True),
    "グロース（内国株式）": (GROWTH, False),
    "グロース（外国株式）": (GROWTH, True),
    "PRO Market": (TOKYO_PRO, None),
}
OUT_OF_SCOPE = {
    "ETF・ETN": "etf_etn",
    "REIT・ベンチャーファンド・カントリーファンド・インフラファンド": "reit_fund",
    "出資証券": "contribution_certificate",
}
OTHER_CLASS = "preferred_or_class_share"
OTHER_PRODUCT = "unknown_product"
ANY_SYMBOL = re.compile(r"[0-9A-Z]{4,5}")
KINDS_LEFT_OUT = (*OUT_OF_SCOPE.values(), OTHER_CLASS)


def _compared(category: str) -> str:
    """A category as it is compared: a spreadsheet or a converter writes （ as (, a hand a space or Pro Market."""
    return "".join(cells.folded(category).casefold().split())


_SHARES = {_compared(category): share for category, share in SHARES.items()}
_OUT_OF_SCOPE = {_compared(category): kind for category, kind in OUT_OF_SCOPE.items()}
# A market that JPX has not had so far says in the same way whose shares are on it.
NATIONALITY = re.compile(r".+\((?:(内国)|(外国))株(?:式|券)?\)")
NEW_MARKET = "new_market"
SENTENCES = {
    NEW_MARKET: "“%(value)s” is a market that is not known here; companies taken without it: %(rows)s",
    OTHER_PRODUCT: "“%(value)s” is a product that is not known here; rows left out: %(rows)s",
}


@dataclass(frozen=True, slots=True)
class JpxIssue:
    """A common stock listed in Tokyo.

    `ticker_symbol` is the 4-character code, `industry33_code` 4 digits with leading zeros (0050), `industry17_code` 1
    or 2 digits without; both None where JPX gives no sector. `market_division` is None where the market is a new one.
    `line` is the row's line in the file or sheet.
    """

    line: int
    ticker_symbol: str
    name_ja: str
    market_division: str | None
    is_foreign: bool | None
    industry33_code: str | None
    industry17_code: str | None


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    issues: list[JpxIssue] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(KINDS_LEFT_OUT, 0)))
    days: set[date] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    ticker_symbols: set[str] = field(default_factory=set)
    # Categories that are not known here, by what they are taken for.
    new: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(
            Remark("市場・商品区分", category, rows, SENTENCES[taken_for])
            for (taken_for, category), rows in self.new.items()
        )


def is_begun_by(look: Look) -> bool:
    """Whether a file begins with the headings of the list."""
    return tuple(map(cells.folded, look.first[:3])) == HEADINGS[:3]


def read(content: bytes, name: str) -> MasterList[JpxIssue]:
    """The list in the original .xls, an .xlsx or a CSV (UTF-8 or cp932, zipped or not); `name` is the file's name.

    A row that cannot be taken is in bad_rows and the rest goes on; left_out counts the KINDS_LEFT_OUT. Raises
    WrongFile where the workbook is damaged or hostile, the headings differ, or the rows are not all of one day.
    """
    records, encoding = list_records.read(content, name)
    delimited.check_headings(records[0] if records else None, HEADINGS)
    reading = _Reading()
    for record in records[1:]:
        _take(record, reading)
    return MasterList(
        as_of_on=_only(reading),
        rows=tuple(reading.issues),
        bad_rows=tuple(reading.bad_rows),
        left_out=dict(reading.left_out),
        total_rows=len(records) - 1,
        encoding=encoding,
        named=frozenset(reading.named),
        remarks=reading.remarks,
    )


def _only(reading: _Reading) -> date:
    """The day of the list; raises WrongFile where there is not exactly one."""
    if len(reading.days) != 1:
        several = ", ".join(day.isoformat() for day in sorted(reading.days)[:2])
        unread = next((bad.value for bad in reading.bad_rows if bad.column == "日付" and bad.value), "")
        says = "%(days)s" if several else "“%(unread)s”, which is no date" if unread else "none"
        raise WrongFile(expected="one day in the column 日付", found=says, days=several, unread=unread)
    return reading.days.pop()


def _take(record: delimited.Record, reading: _Reading) -> None:
    reading.named |= {
        cells.without_class(symbol) for symbol in cells.codes_at_start(record.cells[1:2], ANY_SYMBOL)
    }
    company = None
    try:
        row = cells.Row(HEADINGS, record.fitted(len(HEADINGS)))
        company = row.called("コード", "銘柄名")
        reading.days.add(row.value("日付", cells.calendar_date))
        kind = _kind_left_out(row)
        if kind:
            reading.left_out[kind] += 1
        else:
            reading.issues.append(_issue(record.line, row, reading.ticker_symbols))
        _note_what_is_new(row, kind, reading)
    except RefusedRow as refusal:
        reading.bad_rows.append(refusal.at(record.line, company))


def _note_what_is_new(row: cells.Row, kind: str | None, reading: _Reading) -> None:
    category = row.text("市場・商品区分")
    if kind == OTHER_PRODUCT:
        reading.new[OTHER_PRODUCT, shown(category)] += 1
    elif kind is None and _compared(category) not in _SHARES:
        reading.new[NEW_MARKET, shown(category)] += 1


def _kind_left_out(row: cells.Row) -> str | None:
    """The kind under which this row is out of scope; raises RefusedRow where it has none.

    Of a category that JPX has not had so far, a row with a sector is a company's share: funds have none.
    """
    category = _compared(row.text("市場・商品区分"))
    if not category:
        raise RefusedRow("市場・商品区分", "", "The value is missing.")
    if category in _OUT_OF_SCOPE:
        return _OUT_OF_SCOPE[category]
    has_sector = cells.code(row.text("33業種コード")) is not None
    if category not in _SHARES and not has_sector and not NATIONALITY.fullmatch(category):
        return OTHER_PRODUCT
    symbol = cells.code(row.text("コード")) or ""
    # Five characters name the class of share in the last place, and 0 is common stock: 25935, 94345 are others.
    is_other = len(symbol) == 5 and not symbol.endswith("0") and ANY_SYMBOL.fullmatch(symbol)
    return OTHER_CLASS if is_other else None


def _issue(line: int, row: cells.Row, seen: set[str]) -> JpxIssue:
    market_division, is_foreign = _market(_compared(row.text("市場・商品区分")))
    return JpxIssue(
        line=line,
        ticker_symbol=row.first_of_its_kind("コード", _ticker_symbol, seen),
        name_ja=row.value("銘柄名", cells.required_text),
        market_division=market_division,
        is_foreign=is_foreign,
        industry33_code=row.value("33業種コード", _industry33_code),
        industry17_code=row.value("17業種コード", _industry17_code),
    )


def _market(category: str) -> tuple[str | None, bool | None]:
    """The division, None where it is a new one, and whether the share is a foreign company's."""
    if category in _SHARES:
        return _SHARES[category]
    nationality = NATIONALITY.fullmatch(category)
    return None, None if nationality is None else nationality[2] is not None


def _ticker_symbol(raw: str) -> str:
    """JPX writes 4 characters for common stock; the 5-character form of it is taken too."""
    symbol = cells.code(raw)
    if symbol is None:
        raise cells.RefusedCell("The value is missing.")
    value = cells.ticker_symbol(symbol if len(symbol) == 5 else f"{symbol}0")
    assert value is not None
    return value


def _industry33_code(raw: str) -> str | None:
    """Four digits; a spreadsheet drops the leading zeros of 0050."""
    value = cells.whole_code(raw, 4)
    if value is not None and industry.CODE.broken_by(value):
        raise cells.RefusedCell("A code of the 33 sectors has up to 4 digits.")
    return value


def _industry17_code(raw: str) -> str | None:
    """1 to 2 digits; the list never writes a leading zero."""
    value = cells.code(raw)
    if value is not None and (value.startswith("0") or industry.SECTOR17_CODE.broken_by(value)):
        raise cells.RefusedCell("A code of the 17 sectors has 1 or 2 digits.")
    return value
