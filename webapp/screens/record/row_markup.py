"""The rows of a list as markup, made outside its template: this is where a list spends its time."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from webapp.words import keys
from webapp.words.speech import Speech

# Of characters as wide as kana, so many stand in the column of a list; of Latin ones twice as many.
LONG = 18
Cell = Callable[[Any], Any]
SPECIAL = re.compile(r"""[&<>"']""").search


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before and after the cells of a row; addresses as they begin, None where there is no link."""

    speech: Speech
    details: str
    edit: str | None = None
    delete: str | None = None
    can_choose: bool = False
    # Whether rows say which version of a record they show, because its cells can be edited.
    has_versions: bool = False
    # Added to addresses: where to return to.
    back: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """How the cells of a column are written."""

    cell: Cell
    # What stands before each value: the start tag of the cell.
    opening: str
    # Whether the record is shown where this column leads.
    is_link: bool = False


def rows(records: Iterable[Any], columns: Sequence[Column], frame: Frame) -> Markup:
    """The rows of these records; everything that comes from a record is escaped."""
    speech, language = frame.speech, frame.speech.language
    choose = _chooser(speech.gettext("Select")) if frame.can_choose else None
    edit = _link(frame.edit, speech.gettext("Edit"), "data-edit")
    delete = _link(frame.delete, speech.gettext("Delete"), 'class="no"')
    details, back = escape(frame.details), escape(frame.back)
    parts = []
    cells = [(column.cell, column.opening, column.is_link) for column in columns]
    for record in records:
        key, name = keys.write(keys.of_row(record)), _escaped(record.naming.of_record(record, language))
        # Most keys are numbers.
        query = f"{key if key.isalnum() and key.isascii() else quote(key, safe='')}{back}"
        parts.append(f'<tr data-v="{record.version}">' if frame.has_versions else "<tr>")
        if choose:
            parts.append(choose.format(key=_escaped(key), name=name))
        if edit:
            parts.append(edit.format(query=query, name=name))
        for cell, start_tag, is_link in cells:
            value = cell(record)
            shown = _shown(value)
            if is_link:
                shown = f'<a class="name" href="{details}{query}">{shown or name}</a>'
            if type(value) is str and _is_long(value):
                # What the column has no room for is said where the pointer rests.
                parts.append(f'{start_tag[:-1]} title="{_escaped(value)}">{shown}</td>')
            else:
                parts.append(f"{start_tag}{shown}</td>")
        if delete:
            parts.append(delete.format(query=query, name=name))
        parts.append("</tr>\n")
    return Markup("".join(parts))  # noqa: S704  # every part is escaped


def _shown(value: Any) -> str:
    """A value as markup: most are text, or are markup already, and lists have hundreds of them."""
    if type(value) is str:
        return _escaped(value)
    if type(value) is Markup:
        return value
    return "" if value is None else escape(value)


def _escaped(text: str) -> str:
    """A text as markup; most have nothing to escape."""
    return text if SPECIAL(text) is None else escape(text)


def _is_long(text: str) -> bool:
    return len(text) > LONG and (len(text) > 2 * LONG or not text.isascii())


def opening(classes: str) -> str:
    """The start tag of the cells of a column."""
    return f'<td class="{classes}">' if classes else "<td>"


def _chooser(word: str) -> str:
    label = _fixed(word)
    return f'<td class="pick"><input type="checkbox" name="rowid" value="{{key}}" aria-label="{label}: {{name}}"></td>'


def _link(start: str | None, word: str, mark: str) -> str | None:
    """The cell of a link, to be filled with a query and a name; the style draws its icon, said once for all rows."""
    if start is None:
        return None
    label = _fixed(word)
    return (
        f'<td class="do"><a {mark} href="{_fixed(start)}{{query}}" aria-label="{label}: {{name}}"></a></td>'
    )


def _fixed(text: str) -> str:
    """A text that stays as it is when the rest is filled in."""
    return str(escape(text)).replace("{", "{{").replace("}", "}}")
