"""A range of cells out of a spreadsheet, laid over rows of a list: what its typed cells ask for, and what they do not.

The cells are those of a file that comes back, without the file: its rows are known by the list that they are laid over.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.rules.findings import Finding
from webapp.services.changes.proposals import Wish
from webapp.services.changes.row_codec import Key
from webapp.services.intake import returned_rows
from webapp.services.intake.returned_columns import Layout, ReturnedRow
from webapp.services.intake.wide import bulk
from webapp.services.intake.wide.bulk import Values, Wanted

Rows = Sequence[tuple[Key, Values]]


@dataclass(frozen=True, slots=True)
class Range:
    """Lines of cells, each with the row that it is laid over; `layout` says of which columns, by their places.

    `is_clearing`: whether a blank cell is meant to empty what it is laid over. `only_shown`: by place, what a column is
    called that a list shows and nobody can write.
    """

    layout: Layout
    lines: Sequence[tuple[Key, Sequence[str]]]
    is_clearing: bool
    only_shown: Mapping[int, str]


def laid(cells: Range) -> bulk.Wanting:
    """The wish that the rows hold what is pasted over them."""

    def want(rows: Rows) -> Wanted:
        stored = dict(rows)
        returned = [
            ReturnedRow(line, key, stored[key]["version"], texts)
            for line, (key, texts) in enumerate(cells.lines, start=1)
            if key in stored
        ]
        asked = frozenset[str]() if cells.is_clearing else frozenset({returned_rows.KEPT_BLANKS})
        merge = returned_rows.compare(cells.layout, returned, stored, asked)
        values = {wish.key: wish.values for wish in merge.wishes if wish.key is not None and wish.values}
        return Wanted(values, _by_row(merge.refused), [*merge.remarks, *_remarks(cells, stored)])

    return want


def _by_row(refused: Sequence[tuple[Wish, Finding]]) -> list[tuple[Wish, list[Finding]]]:
    """Each refused row once, with all reasons."""
    rows: dict[Key | None, tuple[Wish, list[Finding]]] = {}
    for wish, finding in refused:
        rows.setdefault(wish.key, (wish, []))[1].append(finding)
    return list(rows.values())


def _remarks(cells: Range, stored: Mapping[Key, Mapping[str, Any]]) -> Iterator[Finding]:
    for place, name in cells.only_shown.items():
        number = sum(bool(texts[place].strip()) for _key, texts in cells.lines)
        if number:
            message = (
                "%(count)s cell of “%(column)s” is not taken: the list only shows it"
                if number == 1
                else "%(count)s cells of “%(column)s” are not taken: the list only shows them"
            )
            yield Finding(None, message, {"count": f"{number:,}", "column": name}, is_blocking=False)
    blank = 0 if cells.is_clearing else sum(_blanks(cells, stored))
    if blank:
        message = (
            "%(count)s blank cell empties nothing: what it is laid over stays"
            if blank == 1
            else "%(count)s blank cells empty nothing: what they are laid over stays"
        )
        yield Finding(None, message, {"count": f"{blank:,}"}, is_blocking=False)


def _blanks(cells: Range, stored: Mapping[Key, Mapping[str, Any]]) -> Iterator[int]:
    """Of each line, how many of its blank cells are laid over something."""
    for key, texts in cells.lines:
        row = stored.get(key, {})
        yield sum(
            not texts[one.place].strip() and row.get(one.column.name) not in (None, "")
            for one in cells.layout.columns
        )
