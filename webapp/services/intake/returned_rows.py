"""Rows of a table that was exported and edited, beside the rows that were seen then and those that are stored now.

Only a cell that shows something else than what was exported is somebody's word. What another has changed since in the
same field is a conflict, which refuses the row; all other fields stay beside the edited ones.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from webapp import db
from webapp.files.grids import Cell
from webapp.files.rows import shown
from webapp.models.columns import STAMPS
from webapp.rules import change
from webapp.rules.fields import NotRead
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_conflicts
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key
from webapp.services.intake.merging import Merge
from webapp.services.intake.returned_columns import (
    CODE,
    NAME,
    NAME_BESIDE_CODE,
    VALUE,
    Layout,
    ReturnedColumn,
    ReturnedRow,
)

# What whoever brings a file may ask for besides changed cells.
NEW_ROWS, DELETIONS = "new", "delete"
# What people put into a column of marks to say no.
NO = frozenset({"", "0", "no", "false", "いいえ", "-", "×"})
# That a blank cell says nothing, whatever it was before.
KEPT_BLANKS = "blanks stay"
Values = Mapping[str, Any]


@dataclass(slots=True)
class Comparison:
    """A file beside the rows of its table: `seen` are those that it was made from, by key."""

    layout: Layout
    asked: frozenset[str]
    stored: Stored
    seen: Mapping[Key, Values]
    # Of each column that refers to records: what the seen ones are called, and which ones the other cells mean.
    called: dict[int, Mapping[Any, frozenset[str]]] = field(default_factory=dict)
    meant: dict[int, Mapping[str, Sequence[Any]]] = field(default_factory=dict)
    # By heading, how many cells a spreadsheet has changed by itself, and how many are only there to be read.
    mangled: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    merge: Merge = field(default_factory=Merge)

    def take(self, row: ReturnedRow) -> None:
        """What a row asks for."""
        if row.key is None:
            self._take_new(row)
        elif row.is_to_go:
            self._take_deletion(row, row.key)
        elif row.key not in self.stored:
            self._refuse(row, Finding(None, "has been deleted since the file was exported"))
        elif row.key not in self.seen:
            self._refuse(row, Finding(None, "is of a version that is not known here; export the list anew"))
        else:
            self._take_edited(row, row.key)

    def seen_of(self, row: ReturnedRow) -> Values:
        """The record as the file has shown it; nothing of a new one."""
        return self.seen.get(row.key, {}) if row.key is not None else {}

    def _take_new(self, row: ReturnedRow) -> None:
        if NEW_ROWS not in self.asked:
            self._refuse(row, Finding(None, "says of no record that it is, and new rows were not asked for"))
            return
        values, refusals = self._values(row, {})
        if refusals:
            self._refuse(row, *refusals)
        else:
            self.merge.wishes.append(Wish(self.layout.model, change.CREATE, values, line=row.line))

    def _take_deletion(self, row: ReturnedRow, key: Key) -> None:
        stored = self.stored.get(key)
        if DELETIONS not in self.asked:
            self._refuse(row, Finding(None, "is marked as to be deleted, and deletions were not asked for"))
        elif stored is None:
            self.merge.left_alone["gone"] += 1
        elif stored["version"] != row.version:
            self._refuse(row, Finding(None, "has been changed since the file was exported, so it stays"))
        else:
            self.merge.wishes.append(
                Wish(self.layout.model, change.DELETE, {}, key, stored["version"], row.line)
            )

    def _take_edited(self, row: ReturnedRow, key: Key) -> None:
        stored, seen = self.stored[key], self.seen[key]
        values, refusals = self._values(row, seen)
        for name, value in values.items():
            if stored[name] not in (seen.get(name), value):
                refusals.append(_conflict(self._heading_of(name), seen.get(name), stored[name], value))
        if refusals:
            self._refuse(row, *refusals)
        else:
            wish = Wish(self.layout.model, change.UPDATE, values, key, stored["version"], row.line)
            self.merge.wishes.append(wish)

    def _values(self, row: ReturnedRow, seen: Values) -> tuple[dict[str, Any], list[Finding]]:
        """What somebody has typed into the row, by column, and why some of it cannot be taken."""
        values: dict[str, Any] = {}
        refusals: list[Finding] = []
        beside_codes: list[ReturnedColumn] = []
        for one in self.layout.columns:
            cell, name = row.cells[one.place], one.column.name
            if self.is_untouched(one, cell, seen.get(name)):
                continue
            if one.part == NAME_BESIDE_CODE:
                beside_codes.append(one)
                continue
            try:
                value = self._read(one, cell, is_new=row.key is None)
            except NotRead as refusal:
                refusals.append(_about(one, cell, refusal))
            else:
                if value is not IGNORED and (row.key is None or value != seen.get(name)):
                    values[name] = value
        if row.key is not None:
            # Whoever changes a code need not change the name beside it. The name alone says nothing.
            self.unread.update(one.heading for one in beside_codes if one.column.name not in values)
        return values, refusals

    def remarks(self) -> Iterator[Finding]:
        """What is remarked on columns in which cells are not taken as they stand there."""
        for heading, count in self.mangled.items():
            message = (
                "%(count)s cell holds what a spreadsheet has made of it by itself; it is left as it was"
                if count == 1
                else "%(count)s cells hold what a spreadsheet has made of them by itself; they are left as they were"
            )
            yield Finding(heading, message, {"count": f"{count:,}"}, is_blocking=False)
        for heading, count in self.unread.items():
            message = (
                "%(count)s cell beside a code says another name; names are not read here, change the code"
                if count == 1
                else "%(count)s cells beside a code say another name; names are not read here, change the code"
            )
            yield Finding(heading, message, {"count": f"{count:,}"}, is_blocking=False)

    def is_untouched(self, one: ReturnedColumn, cell: Cell, value: Any) -> bool:
        """Whether a cell still shows this value, or what a spreadsheet makes of it."""
        if KEPT_BLANKS in self.asked and not _text(cell):
            return True
        if one.part == VALUE:
            is_untouched, shown_as = one.reader.is_untouched(cell, value), [value]
        else:
            shown_as = list(self.called[one.place].get(value, (str(value),)))
            is_untouched = _text(cell) in (shown_as if value is not None else ("",))
        if is_untouched or not any(one.reader.is_mangled(cell, value) for value in shown_as):
            return is_untouched
        self.mangled[one.heading] += 1
        return True

    def _read(self, one: ReturnedColumn, cell: Cell, *, is_new: bool) -> Any:
        if not is_editable(one.column):
            if is_new:
                return IGNORED
            raise NotRead("is written by the system and cannot be changed in a file")
        if one.part == VALUE:
            return one.reader.read(cell)
        text = _text(cell)
        if not text:
            return None
        keys = self.meant[one.place].get(text, ())
        if len(keys) != 1:
            raise NotRead("is the code of several records" if keys else "is the code of no record")
        return keys[0]

    def _refuse(self, row: ReturnedRow, *findings: Finding) -> None:
        """Refuse a row, which is called by what is stored of it."""
        values = self.stored.get(row.key, {}) if row.key is not None else {}
        wish = Wish(self.layout.model, change.UPDATE, values, row.key, line=row.line)
        self.merge.refused += [(wish, finding) for finding in findings]

    def _heading_of(self, name: str) -> str:
        return next(one.heading for one in self.layout.columns if one.column.name == name)


# In a new row nobody needs to empty what the system will write.
IGNORED = object()


def compare(
    layout: Layout, rows: Sequence[ReturnedRow], stored: Stored, asked: frozenset[str] = frozenset()
) -> Merge:
    """What the rows of a file ask for, beside the stored rows by key."""
    comparison = Comparison(layout, asked, stored, _seen(layout.model, rows, stored))
    for one in layout.columns:
        if one.part in (CODE, NAME, NAME_BESIDE_CODE):
            _know_references(comparison, one, rows)
    for row in rows:
        comparison.take(row)
    comparison.merge.remarks += [*comparison.remarks()]
    return comparison.merge


def is_editable(column: Column[Any]) -> bool:
    """Whether a cell of a file may change this column of its table."""
    model = row_codec.model_of(column.table.name)
    if column.name in STAMPS or column.identity is not None or column.computed is not None:
        return False
    return column.name not in row_codec.folded_columns(model) and not isinstance(column.type, JSONB | ARRAY)


def is_yes(cell: Cell) -> bool:
    """Whether a cell of a column of marks says yes."""
    return cell is True or (cell is not None and str(cell).strip().casefold() not in NO)


def _seen(model: type[db.Base], rows: Sequence[ReturnedRow], stored: Stored) -> dict[Key, Values]:
    """The rows as they were when the file was made, by key."""
    seen: dict[Key, Values] = {}
    moved: dict[Key, int] = {}
    for row in rows:
        now = None if row.key is None else stored.get(row.key)
        if row.key is None or row.version is None or now is None:
            continue
        if now["version"] == row.version:
            seen[row.key] = now
        else:
            moved[row.key] = row.version
    # A column that is younger than the version says nothing of it.
    return seen | {
        key: {**stored[key], **kept} for key, kept in row_conflicts.all_as_seen(model, moved).items()
    }


def _know_references(comparison: Comparison, one: ReturnedColumn, rows: Sequence[ReturnedRow]) -> None:
    """What the records are called that rows have referred to, and which ones the cells mean that say something else."""
    references, name = comparison.layout.references, one.column.name
    keys = {seen[name] for seen in comparison.seen.values() if seen[name] is not None}
    comparison.called[one.place] = references.called(one.column, one.part, keys)
    if one.part == NAME_BESIDE_CODE:
        return
    typed = {
        _text(row.cells[one.place])
        for row in rows
        if not comparison.is_untouched(one, row.cells[one.place], comparison.seen_of(row).get(name))
    }
    comparison.meant[one.place] = references.meant(one.column, one.part, typed - {""}) if typed else {}


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _about(one: ReturnedColumn, cell: Cell, refusal: NotRead) -> Finding:
    typed = {} if cell is None else {"value": shown(str(cell))}
    return Finding(one.heading, refusal.saying.message, refusal.saying.params | typed)


def _conflict(heading: str, base: Any, theirs: Any, yours: Any) -> Finding:
    values = {"base": base, "theirs": theirs, "yours": yours}
    shown_values = {name: "" if value is None else shown(str(value)) for name, value in values.items()}
    return Finding(
        heading,
        "has been changed meanwhile: it was “%(base)s” when the file was exported and is “%(theirs)s” now; the file"
        " says “%(yours)s”",
        shown_values,
    )
