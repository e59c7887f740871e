"""Read the EDINET code list: every filer that EDINET knows on one day, natural persons left out.

Source: EDINETコードリスト, 出典：EDINET閲覧（提出）サイト (PDL1.0); a zip with one cp932 CSV. Line 1 tells the day and
the number of rows, line 2 the headings. It holds natural persons too (about 28 % of the rows): they are counted, and
nothing else of them leaves this module, neither in rows nor in messages.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from webapp.files import cells, delimited, list_records
from webapp.files.looking import Look
from webapp.files.rows import BadRow, MasterList, RefusedRow, WrongFile
from webapp.rules import company as rules

HEADINGS = (
    "ＥＤＩＮＥＴコード",
    "提出者種別",
    "上場区分",
    "連結の有無",
    "資本金",
    "決算日",
    "提出者名",
    "提出者名（英字）",
    "提出者名（ヨミ）",
    "所在地",
    "提出者業種",
    "証券コード",
    "提出者法人番号",
)
TITLE = "ダウンロード実行日"
NATURAL_PERSON = "個人"
# As the list spells them, by what they are compared as.
FILER_TYPES = {
    cells.folded(name): name
    for name in (
        "内国法人・組合",
        "内国法人・組合（有価証券報告書等の提出義務者以外）",
        "外国法人・組合",
        "外国法人・組合（有価証券報告書等の提出義務者以外）",
        "外国政府等",
    )
}
LISTED = {"": None, "上場": True, "非上場": False}
CONSOLIDATED = {"": None, "有": True, "無": False}

EDINET_CODE = re.compile(rules.EDINET_CODE.regex)
FUND_CODE = re.compile(r"G[0-9]{5}")
TITLE_DAY = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日現在")
TITLE_COUNT = re.compile(r"([0-9,]+)件")
YEAR_END = re.compile(r"([0-9]{1,2})(?:月([0-9]{1,2})日|月末日|/([0-9]{1,2}))")
MILLION_YEN = 1_000_000


@dataclass(frozen=True, slots=True)
class EdinetFiler:
    """A company, partnership or government that files with EDINET.

    `capital_stock` is in whole yen (the list gives millions), `ticker_symbol` the 4-character code without the
    trailing 0, `fiscal_year_end_day` 31 for 末日. None is a blank cell. `line` is the row's line in the file.
    """

    line: int
    edinet_code: str
    filer_type: str
    is_listed: bool | None
    has_consolidated: bool | None
    capital_stock: Decimal | None
    fiscal_year_end_month: int | None
    fiscal_year_end_day: int | None
    name_ja: str
    name_en: str | None
    name_kana: str | None
    head_office_address: str | None
    edinet_industry: str | None
    ticker_symbol: str | None
    corporate_number: str | None


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    filers: list[EdinetFiler] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)
    persons: int = 0
    named: set[str] = field(default_factory=set)
    edinet_codes: set[str] = field(default_factory=set)
    ticker_symbols: set[str | None] = field(default_factory=set)


def is_begun_by(look: Look) -> bool:
    """Whether a file begins as the list does: with the line that tells its day."""
    return bool(look.first) and cells.folded(look.first[0]) == TITLE


def headings_at(records: Sequence[Sequence[str]]) -> int | None:
    """The second line has the headings, the first the day."""
    return 1 if len(records) > 1 else None


def is_no_persons(cells_by_heading: Mapping[str, str]) -> bool:
    """Whether a row is known to be a company's, partnership's or government's."""
    kind = cells.folded(cells_by_heading.get("提出者種別", ""))
    industry = cells.folded(cells_by_heading.get("提出者業種", ""))
    return kind in FILER_TYPES and not industry.startswith(NATURAL_PERSON)


def read(content: bytes, name: str = "") -> MasterList[EdinetFiler]:
    """The list in the official zip, its bare CSV (cp932, or saved again as UTF-8) or a workbook of it.

    A row that cannot be taken is in bad_rows and the rest goes on; left_out counts "natural_person". Raises WrongFile
    where zip or workbook are damaged, the title or the headings differ, or the rows are not as many as the title says.
    """
    records, encoding = list_records.read(content, name)
    as_of_on, declared = _title(records[0] if records else None)
    delimited.check_headings(records[1] if len(records) > 1 else None, HEADINGS)
    rows = records[2:]
    if len(rows) != declared:
        raise WrongFile(
            expected="as many rows as the first line says, %(declared)s",
            found="%(number)s",
            declared=f"{declared:,}",
            number=f"{len(rows):,}",
        )
    reading = _Reading()
    for record in rows:
        _take(record, reading)
    return MasterList(
        as_of_on=as_of_on,
        rows=tuple(reading.filers),
        bad_rows=tuple(reading.bad_rows),
        left_out={"natural_person": reading.persons},
        total_rows=len(rows),
        encoding=encoding,
        named=frozenset(reading.named),
    )


def _title(record: delimited.Record | None) -> tuple[date, int]:
    raw = record.cells if record is not None and record.is_sound else ()
    names = [cells.folded(cell) for cell in raw]
    day = TITLE_DAY.fullmatch(names[1]) if len(names) > 3 else None
    count = TITLE_COUNT.fullmatch(names[3]) if day else None
    if not day or not count or names[0] != TITLE or names[2] != "件数":
        start = _start_of(names)
        raise WrongFile(expected="a first line ダウンロード実行日,…年…月…日現在,件数,…件", found=start)
    try:
        return date(int(day[1]), int(day[2]), int(day[3])), cells.whole_number(count[1]) or 0
    except (ValueError, cells.RefusedCell):
        raise WrongFile(
            expected="a real day and number in the first line",
            found="%(day)s, %(number)s",
            day=day[0],
            number=count[0],
        ) from None


def _start_of(names: Sequence[str]) -> str:
    """What the first line is instead of the title; never a word of a data row, which may be a person's."""
    first = names[0] if names else ""
    says = "a web page" if first.startswith("<") else "another first line"
    if first == cells.folded(HEADINGS[0]):
        says = "the headings in the first line"
    return says


def _take(record: delimited.Record, reading: _Reading) -> None:
    company = None
    try:
        row = cells.Row(HEADINGS, record.fitted(len(HEADINGS)))
        if _is_natural_person(row):
            reading.persons += 1
            return
        company = row.called("ＥＤＩＮＥＴコード", "提出者名")
        reading.filers.append(_filer(record.line, row, reading))
    except RefusedRow as refusal:
        reading.bad_rows.append(refusal.at(record.line, company))
    reading.named |= cells.codes_at_start(record.cells[:1], EDINET_CODE)


def _is_natural_person(row: cells.Row) -> bool:
    """Whether the row is a person's; raises RefusedRow, without a value, where that cannot be told."""
    kind, industry = cells.folded(row.text("提出者種別")), cells.folded(row.text("提出者業種"))
    if kind.startswith(NATURAL_PERSON):
        return True
    if kind not in FILER_TYPES or industry.startswith(NATURAL_PERSON):
        raise RefusedRow("提出者種別", None, "Whether this is a company or a natural person cannot be told.")
    return False


def _filer(line: int, row: cells.Row, reading: _Reading) -> EdinetFiler:
    edinet_code = row.first_of_its_kind("ＥＤＩＮＥＴコード", _edinet_code, reading.edinet_codes)
    ticker_symbol = row.first_of_its_kind("証券コード", cells.ticker_symbol, reading.ticker_symbols)
    month, day = row.value("決算日", _fiscal_year_end)
    return EdinetFiler(
        line=line,
        edinet_code=edinet_code,
        filer_type=FILER_TYPES[cells.folded(row.text("提出者種別"))],
        is_listed=row.value("上場区分", _listed),
        has_consolidated=row.value("連結の有無", _consolidated),
        capital_stock=row.value("資本金", _capital_stock),
        fiscal_year_end_month=month,
        fiscal_year_end_day=day,
        name_ja=row.value("提出者名", cells.required_text),
        name_en=row.value("提出者名（英字）", cells.text),
        name_kana=row.value("提出者名（ヨミ）", cells.text),
        head_office_address=row.value("所在地", cells.text),
        edinet_industry=row.value("提出者業種", cells.text),
        ticker_symbol=ticker_symbol,
        corporate_number=row.value("提出者法人番号", cells.corporate_number),
    )


def _edinet_code(raw: str) -> str:
    value = cells.code(raw)
    if value is None:
        raise cells.RefusedCell("The value is missing.")
    if FUND_CODE.fullmatch(value):
        raise cells.RefusedCell("This is a fund's code, not a company's.")
    if not EDINET_CODE.fullmatch(value):
        raise cells.RefusedCell("An EDINET code is E and five digits.")
    return value


def _listed(raw: str) -> bool | None:
    return _one_of(raw, LISTED, "The value is neither 上場 nor 非上場 nor blank.")


def _consolidated(raw: str) -> bool | None:
    return _one_of(raw, CONSOLIDATED, "The value is neither 有 nor 無 nor blank.")


def _one_of(raw: str, meanings: Mapping[str, bool | None], refusal: str) -> bool | None:
    word = cells.folded(raw)
    if word not in meanings:
        raise cells.RefusedCell(refusal)
    return meanings[word]


def _capital_stock(raw: str) -> Decimal | None:
    millions = cells.whole_number(raw)
    return None if millions is None else Decimal(millions * MILLION_YEN)


def _fiscal_year_end(raw: str) -> tuple[int | None, int | None]:
    """Month and day; 末日 is 31 whatever the month, and a 20th, 15th or 28th is kept.

    A spreadsheet takes 3月31日 for a day of the current year; where it was saved as one, its year says nothing.
    """
    value = cells.folded(raw)
    if not value:
        return None, None
    written = YEAR_END.fullmatch(value)
    if not written:
        return _of_a_day(value)
    if rules.MONTH.broken_by(int(written[1])):
        raise cells.RefusedCell("A fiscal year's end is written as 3月31日 or 3月末日.")
    day_of_month = written[2] or written[3]
    month, day = int(written[1]), int(day_of_month or 31)
    if day_of_month and not 1 <= day <= rules.last_day(month):
        raise cells.RefusedCell("There is no such day.")
    return month, day


def _of_a_day(value: str) -> tuple[int, int]:
    try:
        day = cells.calendar_date(value)
    except cells.RefusedCell:
        raise cells.RefusedCell("A fiscal year's end is written as 3月31日 or 3月末日.") from None
    return day.month, day.day
