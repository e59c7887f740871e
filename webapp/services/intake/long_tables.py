"""Long tables that people have edited, as feeds: rows known by what they are of, read as text and compared in sets."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Numeric

from webapp import db
from webapp.files import table_stream, workbooks
from webapp.files.apart import calling
from webapp.files.rows import BadRow, RefusedRow, WrongFile, shown
from webapp.files.scanning import Scan
from webapp.files.table_stream import DAYS, MOMENTS, PLAIN, WORDS, Taken, TakenColumn, Texts, Unusual
from webapp.models import references
from webapp.models.financial_statement import IDENTITY, FinancialStatement
from webapp.rules import calendar
from webapp.rules.fields import NotRead, Pattern
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.feeds import moving
from webapp.services.changes.feeds.plan import FeedPlan, quoted
from webapp.services.intake import returned_rows
from webapp.services.intake.returned_columns import CODE, NAME, VALUE, Layout, ReturnedColumn, code_of

MOST_TOLD = 1000
REPEATED = "repeated_row"
OF_OTHER_RECORD = Finding(
    None,
    "is another record than the file says, or it is deleted: a long file changes no company, period, scope, standard"
    " or revision",
)
STANDS_ALREADY = Finding(
    None,
    "stands already, with other figures; export the list and change it in the row that says which record it is",
)
UNKNOWN = Finding(None, "refers to a record that there is not")
WHOLE_DAY = "(f.announced_on + time '23:59:59') AT TIME ZONE INTERVAL '+09:00'"


@dataclass(frozen=True, slots=True)
class LongTable:
    """What is special about a table whose long files are feeds.

    `key`: by which columns rows are known; a file without one of them is no feed. `derived`: figures that follow from
    others, as `FeedPlan` has them, by the columns that a file has to give for that.
    """

    key: tuple[str, ...]
    derived: Mapping[str, tuple[str, str]]
    # What a figure is where the file does not give it.
    absent: Mapping[str, str] = field(default_factory=dict)


# The instant of an announcement as `rules.statement.derive` has it.
STATEMENTS = LongTable(
    key=(*IDENTITY, "revision_no"),
    derived={
        "announced_at": (
            "announced_on",
            "CASE WHEN f.announced_on IS NULL THEN NULL"
            " WHEN ({given} AT TIME ZONE INTERVAL '+09:00')::date = f.announced_on THEN {given}"
            f" ELSE {WHOLE_DAY} END",
        )
    },
    absent={"is_current": "coalesce(t.is_current, true)"},
)
TABLES: Mapping[type[db.Base], LongTable] = {FinancialStatement: STATEMENTS}


@dataclass(slots=True)
class LongList:
    """The rows of a long table, and what has been read of it so far."""

    layout: Layout
    long_table: LongTable
    asked: frozenset[str]
    columns: Sequence[ReturnedColumn]
    headings: Sequence[str]
    parts: Generator[Any] = field(repr=False)
    codes: Mapping[str, Mapping[str, Sequence[Any]]] = field(repr=False)
    encoding: str
    source: str
    total_rows: int = 0
    refused: int = 0
    last: date | None = None
    bad_rows: list[BadRow] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def rows(self) -> Iterator[bytes | Texts]:
        """Every row that can be taken, as COPY takes it or as its texts; raises WrongFile."""
        for part in self.parts:
            if isinstance(part, bytes):
                yield part
            elif isinstance(part, Unusual):
                row = self._unusual(part.line, part.cells)
                if row is not None:
                    yield row
            else:
                self.total_rows = part.total_rows

    def _unusual(self, line: int, cells: Sequence[str]) -> Texts | None:
        """A row cell by cell, as in a small file; nothing of one that is refused."""
        width = len(self.headings)
        if any(cells[width:]) or len(cells) < width:
            self._refuse(line, "The row does not have as many columns as the headings.")
            return None
        if self.layout.marker is not None and returned_rows.is_yes(cells[self.layout.marker]):
            self._refuse(line, "is marked as to be deleted, and deletions were not asked for")
            return None
        record = table_stream.RECORD.fullmatch(cells[self.layout.record].strip())
        if record is None:
            self._refuse(line, "is no record of this table as an export has it")
            return None
        if record["number"] is None and returned_rows.NEW_ROWS not in self.asked:
            self._refuse(line, "says of no record that it is, and new rows were not asked for")
            return None
        texts = []
        for one in self.columns:
            cell = cells[one.place]
            try:
                texts.append(self._read(one, cell))
            except NotRead as refusal:
                said = str(refusal.saying)
                self.refuse(BadRow(line, one.heading, shown(cell) or None, said))
                return None
        return (str(line), *texts, record["number"] or "", record["version"] or "")

    def _read(self, one: ReturnedColumn, cell: str) -> str:
        if one.part == CODE:
            keys = self.codes[one.column.name].get(code_of(cell), ()) if cell.strip() else (None,)
            if len(keys) != 1:
                raise NotRead("is the code of several records" if keys else "is the code of no record")
            return _text(keys[0])
        return _text(one.reader.read(cell))

    def _refuse(self, line: int, reason: str) -> None:
        self.refuse(RefusedRow(None, None, reason).at(line))

    def refuse(self, bad: BadRow, rows: int = 1) -> None:
        """Count rows that cannot be taken, and keep the first of them."""
        self.refused += rows
        if len(self.bad_rows) < MOST_TOLD:
            self.bad_rows.append(bad)

    def close(self) -> None:
        """Let the process end that reads."""
        self.parts.close()

    def require_some(self) -> None:
        """Raise WrongFile where no row could be read."""
        if self.total_rows == 0:
            raise WrongFile(expected="a table with rows below its headings", found="none")


def other_figures() -> RefusedRow:
    """The refusal of a row that tells otherwise of what an earlier row of the file tells."""
    return RefusedRow(None, None, "tells otherwise of what an earlier row of the file tells of, too")


def may_be(start: bytes) -> bool:
    """Whether a file that begins so is a text, which can be read row after row."""
    return not workbooks.is_workbook(start)


def opened(file: BinaryIO, scan: Scan, layout_of: Any, asked: frozenset[str], source: str) -> LongList | None:
    """The rows of a scanned file whose table has long files; None where it is to be read whole. Raises WrongFile."""
    (head,) = calling.stream(table_stream.head, file, scan)
    layout: Layout = layout_of(head.headings, False)
    long_table = TABLES.get(layout.model)
    columns = [one for one in layout.columns if _is_taken(one)]
    names = {one.column.name for one in columns}
    # What is deleted, and what is shown rounded, is looked at row by row.
    deletes = layout.marker is not None and returned_rows.DELETIONS in asked
    is_long = long_table is not None and names.issuperset(long_table.key) and all(map(_shows_all, columns))
    if long_table is None or not is_long or deletes:
        return None
    in_order = [one for name in long_table.key for one in columns if one.column.name == name]
    in_order += [one for one in columns if one.column.name not in long_table.key]
    codes = {one.column.name: layout.references.by_code(one.column) for one in columns if one.part == CODE}
    takes_new = returned_rows.NEW_ROWS in asked
    columns_taken = [_taken(one, codes) for one in in_order]
    taken = Taken(columns_taken, layout.record, layout.marker, takes_new)
    parts = calling.stream(table_stream.parts, file, scan, taken)
    return LongList(
        layout,
        long_table,
        asked,
        in_order,
        head.headings,
        parts,
        codes,
        scan.encoding[: len("utf-16")],
        source,
        last=calendar.today(),
    )


def plan(listing: LongList) -> FeedPlan:
    """What a long table writes: what its rows say, blanks included, where their record stands as the file shows it."""
    table, model = listing.long_table, listing.layout.model
    figures = [one.column.name for one in listing.columns if one.column.name not in table.key]
    # What a new row needs and the file does not give is missing, and what a stored row holds stays.
    needed = (c.name for c in row_codec.curated_columns(model) if not c.nullable and c.default is None)
    absent = {**{name: f"t.{quoted(name)}" for name in needed}, **table.absent}
    derived = {}
    for name, (of, expression) in table.derived.items():
        if of in figures:
            derived[name] = expression.format(given=f"f.{name}" if name in figures else f"t.{name}")
            absent[name] = derived[name]
    absent = {name: value for name, value in absent.items() if name not in (*figures, *table.key)}
    return FeedPlan(
        model=model,
        key=table.key,
        figures=(*figures, *absent),
        compared=("id", "version"),
        refused={
            OF_OTHER_RECORD.message: "f.id IS NOT NULL AND t.id IS DISTINCT FROM f.id",
            STANDS_ALREADY.message: "f.id IS NULL AND t.id IS NOT NULL",
            **moving.REFUSED,
            UNKNOWN.message: _refers_nowhere([one.column for one in listing.columns if one.part == NAME]),
        },
        derived=absent | derived,
        absent=frozenset(absent),
        blanks_count=True,
        seen_in="version",
    )


def _refers_nowhere(columns: Sequence[Column[Any]]) -> str:
    """The condition that one of these columns refers to a record that there is not."""
    conditions = ["false"]
    for column in columns:
        target = references.target_of(column)
        (key,) = row_codec.key_columns(target)
        named = f"f.{quoted(column.name)}"
        there = f"FROM {row_codec.table_of(target).name} x WHERE x.{quoted(key.name)} = {named}"
        conditions.append(f"({named} IS NOT NULL AND NOT EXISTS (SELECT 1 {there}))")
    return " OR ".join(conditions)


def _is_taken(one: ReturnedColumn) -> bool:
    """Whether a long file's column is written: not what the system writes, nor names beside codes."""
    return returned_rows.is_editable(one.column) and (one.part in (VALUE, CODE) or _is_its_own_name(one))


def _is_its_own_name(one: ReturnedColumn) -> bool:
    """Whether a record that the column refers to is called by its key, as filings are."""
    return one.part == NAME and isinstance(one.column.info.get("rule"), Pattern)


def _shows_all(one: ReturnedColumn) -> bool:
    return one.reader.shows_stored and _kind(one) is not None


def _kind(one: ReturnedColumn) -> str | None:
    kinds = {Date: DAYS, DateTime: MOMENTS, Boolean: WORDS, Integer: PLAIN, Numeric: PLAIN}
    if one.part == CODE or one.reader.spelled:
        return WORDS
    if isinstance(one.column.info.get("rule"), Pattern):
        return PLAIN
    return next((kind for of, kind in kinds.items() if isinstance(one.column.type, of)), None)


def _taken(one: ReturnedColumn, codes: Mapping[str, Mapping[str, Sequence[Any]]]) -> TakenColumn:
    kind = _kind(one)
    assert kind is not None
    blank = {"": ""} if one.column.nullable else {}
    if one.part == CODE:
        of_codes = {code: _text(keys[0]) for code, keys in codes[one.column.name].items() if len(keys) == 1}
        return TakenColumn(one.place, kind, spelled=blank | of_codes)
    if kind == WORDS:
        spelled = {text: _text(value) for text, value in one.reader.spelled.items()}
        return TakenColumn(one.place, kind, spelled=blank | spelled)
    return TakenColumn(one.place, kind, _shape(one.column) if kind == PLAIN else "")


def _shape(column: Column[Any]) -> str:
    """What a cell of the column looks like that PostgreSQL reads as it stands; blank ones too."""
    rule = column.info.get("rule")
    if isinstance(rule, Pattern):
        return f"(?:{rule.regex})?"
    if isinstance(column.type, Integer):
        return "(?:-?[0-9]{1,18})?"
    numeric: Any = column.type
    whole = (numeric.precision or 0) - (places := numeric.scale or 0)
    decimals = f"(?:\\.[0-9]{{1,{places}}})?" if places else ""
    return f"(?:-?[0-9]{{1,{whole}}}{decimals})?"


def _text(value: Any) -> str:
    """A value as COPY takes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(row_codec.to_json(value))
