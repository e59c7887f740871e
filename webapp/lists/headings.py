"""The headings of a list's files: written for people, and understood again, in whatever language and unit.

The last column, where a file has it, says which record each row is, and its heading of which table:
レコード（companies）.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Column

from webapp import db
from webapp.models import references
from webapp.models.columns import Curated
from webapp.services.changes import row_codec
from webapp.services.intake.returned_columns import CODE, NAME, NAME_BESIDE_CODE, VALUE
from webapp.words import labels, speech, statement_labels, units
from webapp.words.marked import _
from webapp.words.speech import LANGUAGES, Speech
from webapp.words.statement_labels import NO_BASIS, Basis
from webapp.words.units import YEN, Unit

RECORD, DELETE, REMARK = _("Record"), _("Delete"), _("only to read")
# The heading, its table, and after what figures are called, where all rows share it: standard, scope, and, where there
# is more to say, industry format and currency, and the months of interim statements.
OF_RECORD = re.compile(r"(?P<word>[^()]+?) ?\((?P<table>\w+)(?P<basis>(?: \w+){2}| (?:\w+ ){3,4}\w+)?\)")
UNSAID = "any"


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands under a heading: a column of the table, or a part of what it refers to, money in this unit."""

    column: Column[Any]
    part: str = VALUE
    unit: Unit = YEN
    is_shown: bool = True


def of_value(column: Column[Any], spoken: Speech, unit: Unit, basis: Basis = NO_BASIS) -> str:
    """The heading of a column as lists show it."""
    return statement_labels.with_unit(column, spoken, basis, unit)


def of_stored(column: Column[Any], spoken: Speech) -> str:
    """The heading of a column as it is stored, and of the name of what it refers to."""
    return spoken.say(labels.of_column(column))


def of_code(head: str, spoken: Speech) -> str:
    """The heading of the code of what a column refers to."""
    return spoken.gettext("Code of %(name)s", name=head)


def of_record(model: type[db.Base], spoken: Speech, basis: Basis = NO_BASIS) -> str:
    """The heading of the column that says which record a row is."""
    table = row_codec.table_of(model).name
    if basis != NO_BASIS:
        words = [word or UNSAID for word in basis]
        number = 5 if basis.period_type is not None else 4 if any(basis[2:]) else 2
        table = " ".join([table, *words[:number]])
    return spoken.in_brackets(spoken.gettext(RECORD), table)


def record_of(heading: str) -> tuple[type[db.Base], Basis] | None:
    """The table and the basis that a heading of records names; None for any other heading."""
    match = OF_RECORD.fullmatch(_plain(heading))
    if match is None or match["word"] not in _said(RECORD):
        return None
    try:
        model = row_codec.model_of(match["table"])
    except KeyError:
        return None
    if not issubclass(model, Curated):
        return None
    named = (match["basis"] or "").split()
    return model, Basis(*(None if one == UNSAID else _as_stored(one) for one in named))


def of_remark(head: str, spoken: Speech) -> str:
    """The heading of what a list says of its records beside their columns, and what nobody can change there."""
    return spoken.in_brackets(head, spoken.gettext(REMARK))


def is_of_remark(heading: str) -> bool:
    """Whether what stands under this heading is no column of the table."""
    return _plain(heading).endswith(tuple(f"({remark})" for remark in _said(REMARK)))


def is_of_marks(heading: str) -> bool:
    """Whether rows are marked under this heading as to be deleted."""
    return _plain(heading) in _said(DELETE)


def meaning(model: type[db.Base], basis: Basis, heading: str) -> Heading | None:
    """What stands under a heading of a table's file; None where nobody can tell."""
    return _known(model, basis).get(_plain(heading))


@lru_cache
def _known(model: type[db.Base], basis: Basis) -> dict[str, Heading | None]:
    """Every heading in every language and unit; None of one that means two things."""
    known: dict[str, Heading | None] = {}
    for text, heading in _all(model, basis):
        plain = _plain(text)
        known[plain] = heading if known.get(plain, heading) == heading else None
    return known


def _all(model: type[db.Base], basis: Basis) -> Iterator[tuple[str, Heading]]:
    for column in row_codec.table_of(model).columns:
        for spoken in map(speech.of_language, LANGUAGES):
            head = of_stored(column, spoken)
            if column.foreign_keys:
                is_led = references.target_of(column).naming.is_led_by_code
                yield head, Heading(column, NAME_BESIDE_CODE if is_led else NAME)
                if is_led:
                    yield of_code(head, spoken), Heading(column, CODE)
                continue
            for unit in units.UNITS.values() if units.is_money(column) else (YEN,):
                yield of_value(column, spoken, unit, basis), Heading(column, unit=unit)
            if has_unit(column):
                yield head, Heading(column, is_shown=False)


def has_unit(column: Column[Any]) -> bool:
    """Whether a list shows the column's values in a unit, which its heading names."""
    return units.is_money(column) or labels.unit_of(column) is not None


def _said(word: str) -> Sequence[str]:
    return [_plain(speech.of_language(language).gettext(word)) for language in LANGUAGES]


def _plain(heading: str) -> str:
    """A heading as it is compared, in whatever width and case."""
    return unicodedata.normalize("NFKC", heading).strip().casefold()


def _as_stored(word: str) -> str:
    """A word of a basis as it is stored, out of one that was folded; what is none of a few words is a code."""
    stored = (word for name in statement_labels.COLUMNS for word in labels.WORDS.get(name, ()))
    return next((one for one in stored if one.casefold() == word), word.upper())
