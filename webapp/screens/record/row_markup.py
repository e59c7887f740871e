"""The rows of a list as markup, made outside its template: this is where a list spends its time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

Cell = Callable[[Any], Any]
ICONS = {"edit": "edit", "delete": "trash"}
MARKS = {"edit": "data-edit", "delete": 'class="no"'}


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before and after the cells of a row; addresses as they begin, None where there is no link."""

    sprite: str
    # Said before the name of the record.
    words: Mapping[str, str]
    edit: str | None = None
    delete: str | None = None
    can_choose: bool = False
    # What else is offered for a record, from its key and itself.
    offers: Callable[[str, Any], Markup] | None = None
    # Which version of a record is shown, where its cells can be edited.
    version_of: Cell | None = None
    # Added to addresses: where to return to.
    back: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """How the cells of a column are written."""

    cell: Cell
    is_number: bool = False
    # Where the record is shown, as its address begins, in the column that leads there.
    details: str | None = None
    is_pinned: bool = False

    @property
    def opening(self) -> str:
        """What stands before each value."""
        classes = ("num" if self.is_number else "") + (" pin" if self.is_pinned else "")
        return f'<td class="{classes}">' if classes else "<td>"


def rows(
    records: Iterable[Any], columns: Sequence[Column], frame: Frame, key_of: Cell, name_of: Cell
) -> Markup:
    """The rows of these records; everything that comes from a record is escaped."""
    openings = [
        (column.opening, column.cell, column.details and escape(column.details)) for column in columns
    ]
    choose, edit, delete = _chooser(frame), _link(frame, "edit"), _link(frame, "delete")
    back, version_of = escape(frame.back), frame.version_of
    parts = []
    for record in records:
        key, name = str(key_of(record)), escape(str(name_of(record)))
        query = f"{quote(key, safe='')}{back}"
        parts.append("<tr>" if version_of is None else f'<tr data-v="{version_of(record)}">')
        parts.append(choose.format(key=escape(key), name=name) if choose else "")
        parts.append(edit.format(query=query, name=name) if edit else "")
        for opening, cell, details in openings:
            value = cell(record)
            shown = "" if value is None else value if isinstance(value, Markup) else escape(value)
            if details is not None:
                shown = f'<a class="name" href="{details}{query}">{shown or name}</a>'
            parts.append(f"{opening}{shown}</td>")
        if frame.offers is not None:
            parts.append(f'<td class="do">{frame.offers(key, record)}</td>')
        parts.append(delete.format(query=query, name=name) if delete else "")
        parts.append("</tr>\n")
    return Markup("".join(parts))  # noqa: S704  # see above


def _chooser(frame: Frame) -> str:
    if not frame.can_choose:
        return ""
    word = _fixed(frame.words["select"])
    return f'<td class="pick"><input type="checkbox" name="rowid" value="{{key}}" aria-label="{word}: {{name}}"></td>'


def _link(frame: Frame, what: str) -> str:
    """The cell of a link with an icon, to be filled with a query and a name."""
    start = frame.edit if what == "edit" else frame.delete
    if start is None:
        return ""
    icon = f'<svg class="icon" aria-hidden="true"><use href="{_fixed(frame.sprite)}#{ICONS[what]}"/></svg>'
    word = _fixed(frame.words[what])
    return (
        f'<td class="do"><a {MARKS[what]} href="{_fixed(start)}{{query}}"'
        f' aria-label="{word}: {{name}}" title="{word}">{icon}</a></td>'
    )


def _fixed(text: str) -> str:
    """A text that stays as it is when the rest is filled in."""
    return str(escape(text)).replace("{", "{{").replace("}", "}}")
