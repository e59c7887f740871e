"""What a table that comes back from a spreadsheet is made of, for whoever merges it; what its headings and cells mean
is said by rooms that know words."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Column

from webapp import db
from webapp.files.grids import Cell
from webapp.services.changes.row_codec import Key

# What a column says of a reference: the code that leads the name of its record, the name without it, or all of it.
VALUE, CODE, NAME_BESIDE_CODE, NAME = "value", "code", "name beside a code", "name"


class Reader(Protocol):
    """How the cells of one column are read."""

    def is_untouched(self, cell: Cell, value: Any) -> bool:
        """Whether a cell still shows what the file has shown for this value."""

    def is_mangled(self, cell: Cell, value: Any) -> bool:
        """Whether a cell is what a spreadsheet makes of this value by itself."""

    def read(self, cell: Cell) -> Any:
        """The value that somebody has typed; None for a blank cell. Raises NotRead."""

    @property
    def shows_stored(self) -> bool:
        """Whether the file has the column's values in full, as they are stored."""

    @property
    def spelled(self) -> Mapping[str, Any]:
        """Of words and flags, what each spelling of a file stands for; nothing of other columns."""


class References(Protocol):
    """What records are called in files, and which record is meant by what somebody typed."""

    def called(self, column: Column[Any], part: str, keys: Iterable[Any]) -> Mapping[Any, frozenset[str]]:
        """What a file may have said of the records of these keys, in any language."""

    def meant(self, column: Column[Any], part: str, texts: Iterable[str]) -> Mapping[str, Sequence[Any]]:
        """The keys of the records that these texts may mean."""

    def by_code(self, column: Column[Any]) -> Mapping[str, Sequence[Any]]:
        """The keys of all records that a column may refer to, by each code that may lead their names."""


@dataclass(frozen=True, slots=True)
class ReturnedColumn:
    """A column of the file: its heading, its place from 0, and the column of the table that it shows, or a part of
    what that refers to."""

    heading: str
    place: int
    column: Column[Any]
    part: str
    reader: Reader


@dataclass(frozen=True, slots=True)
class Layout:
    """What the headings of a file say: its table, where each row says which record it is, and its columns.

    `marker`: where a row says that it is to be deleted, if it may.
    """

    model: type[db.Base]
    record: int
    columns: Sequence[ReturnedColumn]
    marker: int | None
    references: References


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A row of the file: its line, the record that it shows in which version (none for a new one), and its cells."""

    line: int
    key: Key | None
    version: int | None
    cells: Sequence[Cell]
    is_to_go: bool = False


def code_of(text: str) -> str:
    """A code as it is compared, in whatever width and case."""
    return unicodedata.normalize("NFKC", text).strip().upper()
