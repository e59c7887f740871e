"""Our own exports, edited in a spreadsheet: rows known by record and version, of which only changed cells count."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from webapp import db
from webapp.files import grids
from webapp.files.grids import Grid, GridRow
from webapp.files.looking import Look
from webapp.files.rows import BadRow, MasterList, shown
from webapp.files.scanning import Scan
from webapp.label import Label
from webapp.services.changes import proposing, references, row_codec
from webapp.services.changes.feeds.plan import FeedPlan
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key
from webapp.services.intake import long_tables, returned_rows
from webapp.services.intake.import_kind import FeedKind, ImportKind
from webapp.services.intake.long_tables import LongList
from webapp.services.intake.merging import Merge
from webapp.services.intake.returned_columns import Layout, ReturnedRow

# The headings of a file, and whether it is a workbook; raises WrongFile.
Understanding = Callable[[Sequence[str], bool], Layout]
# A record and the version in which the file shows it.
RECORD = re.compile(r"(?P<key>.+)@(?P<version>[0-9]{1,9})", re.ASCII)
# How its heading ends: with the name of the table, and of statements with their standard and scope.
OF_TABLE = re.compile(r"[(（](?P<table>\w+)(?: \w+ \w+)?[)）]\s*\Z")
GONE = "gone"
_understanding: list[Understanding] = []


@dataclass(frozen=True, slots=True)
class ReturnedList(MasterList[ReturnedRow]):
    """The rows of a file, and what its headings say."""

    layout: Layout | None = None


def is_begun_by(look: Look) -> bool:
    """Whether a file begins with headings of which one says which table's records it shows."""
    tables = {row_codec.table_of(model).name for model in references.curated()}
    headings = (*look.first, *look.text.partition("\n")[0].split("\t"))
    ends = (OF_TABLE.search(heading) for heading in headings)
    return any(end is not None and end["table"] in tables for end in ends)


def understand_by(understanding: Understanding) -> None:
    """Let headings be understood by whoever knows words and units, which stand above the services."""
    _understanding[:] = [understanding]


def understand(grid: MasterList[Any]) -> ReturnedList:
    """The rows of the file, each with the record that it shows; raises WrongFile."""
    assert isinstance(grid, Grid)
    layout = _layout_of(grid.headings, grid.is_workbook)
    rows: list[ReturnedRow] = []
    refused: list[BadRow] = []
    lines: dict[Key, int] = {}
    for row in _of_width(grid, refused):
        try:
            rows.append(_row(layout, row, lines))
        except NoRecord as reason:
            cell = row.cells[layout.record]
            heading = grid.headings[layout.record]
            refused.append(BadRow(row.line, heading, shown(str(cell)), reason.sentence, reason.params))
    return ReturnedList(
        as_of_on=grid.as_of_on,
        rows=rows,
        bad_rows=refused,
        left_out=grid.left_out,
        total_rows=grid.total_rows,
        encoding=grid.encoding,
        asked=grid.asked,
        layout=layout,
    )


def stored_rows(listing: MasterList[Any]) -> Stored:
    """The stored rows of the records that the file shows."""
    layout = _layout(listing)
    keys = [row.key for row in listing.rows if row.key is not None]
    return {} if layout is None else proposing.fetch(layout.model, keys)


def merge(listing: MasterList[Any], stored: Stored) -> Merge:
    """What whoever has edited the file asks for."""
    layout = _layout(listing)
    return Merge() if layout is None else returned_rows.compare(layout, listing.rows, stored, listing.asked)


def model_of(listing: MasterList[Any]) -> type[db.Base] | None:
    """The table whose rows the file shows."""
    layout = _layout(listing)
    return None if layout is None else layout.model


class NoRecord(Exception):
    """A row does not say which record it is."""

    def __init__(self, sentence: str, **params: object) -> None:
        self.sentence, self.params = sentence, params
        super().__init__(sentence)


def _layout(listing: MasterList[Any]) -> Layout | None:
    return listing.layout if isinstance(listing, ReturnedList) else None


def _of_width(grid: Grid, refused: list[BadRow]) -> Iterator[GridRow]:
    """The rows with as many cells as there are headings; blank ones are made up for, and others refused."""
    width = len(grid.headings)
    for row in grid.rows:
        beyond = [cell for cell in row.cells[width:] if cell not in (None, "")]
        if beyond or (len(row.cells) < width and not grid.is_workbook):
            reason = "The row does not have as many columns as the headings."
            refused.append(BadRow(row.line, None, f"{len(row.cells)} columns", reason))
        else:
            cells = [*row.cells[:width], *[None] * (width - len(row.cells))]
            yield replace(row, cells=cells)


def _row(layout: Layout, row: GridRow, lines: dict[Key, int]) -> ReturnedRow:
    is_to_go = layout.marker is not None and returned_rows.is_yes(row.cells[layout.marker])
    text = str(row.cells[layout.record] or "").strip()
    if not text:
        return ReturnedRow(row.line, None, None, row.cells, is_to_go)
    match = RECORD.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        key = row_codec.key_from(layout.model, match["key"])
    except ValueError:
        raise NoRecord("is no record of this table as an export has it") from None
    if key in lines:
        raise NoRecord("is the record of line %(line)s as well", line=lines[key])
    lines[key] = row.line
    return ReturnedRow(row.line, key, int(match["version"]), row.cells, is_to_go)


def _no_second_look(_plan: FeedPlan, _listing: LongList, _merge: Merge) -> int:
    """All is said by conditions of the plan."""
    return 0


def _open_long(file: BinaryIO, scan: Scan, _code: str | None, asked: frozenset[str]) -> LongList | None:
    """The rows of a long file, where its table has such; raises WrongFile."""
    return long_tables.opened(file, scan, _layout_of, asked, KIND.source)


def _layout_of(headings: Sequence[str], is_workbook: bool) -> Layout:
    assert _understanding, "nobody has said what headings mean: lists.returning.declare()"
    (understanding,) = _understanding
    return understanding(headings, is_workbook)


KIND = ImportKind(
    name="table",
    label=Label("一覧の書き出し", "Exported list"),
    source="書き出した一覧の編集",
    recognises=is_begun_by,
    read=grids.read,
    understand=understand,
    merge=merge,
    stored=stored_rows,
    model_of=model_of,
    is_list=False,
    is_by_hand=True,
    feed=FeedKind(
        reader="table 1",
        may_be=long_tables.may_be,
        open=_open_long,
        plan=long_tables.plan,
        rows=lambda listing, _merge: listing.rows(),
        look=_no_second_look,
        repeated=long_tables.REPEATED,
        otherwise=long_tables.other_figures,
    ),
    words={
        GONE: Label("削除済みの行", "rows that are deleted already"),
        long_tables.REPEATED: Label("重複行", "the same row again"),
    },
)
