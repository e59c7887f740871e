"""A list's file that comes back: what its headings say, and which records are meant by codes and names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Subquery, select

from webapp import db
from webapp.files import workbooks
from webapp.files.rows import WrongFile, shown
from webapp.lists import headings as heads
from webapp.models import references
from webapp.services.changes import row_codec
from webapp.services.intake.kinds import table
from webapp.services.intake.returned_columns import (
    CODE,
    NAME,
    NAME_BESIDE_CODE,
    Layout,
    ReturnedColumn,
    code_of,
)
from webapp.words import csv_sql, record_names, speech
from webapp.words.cell_values import CellReader
from webapp.words.speech import LANGUAGES

CHUNK = 2000
# Part of a reference -> what it is called in SQL.
PARTS = {CODE: "code", NAME_BESIDE_CODE: "bare", NAME: "name"}


class Names:
    """Records by what files call them."""

    def called(self, column: Column[Any], part: str, keys: Iterable[Any]) -> Mapping[Any, frozenset[str]]:
        """What a file may have said of the records of these keys, in any language."""
        called: dict[Any, frozenset[str]] = {}
        for names in _names(references.target_of(column)):
            for some in _chunks(keys):
                rows = select(names.c.key, names.c[PARTS[part]]).where(names.c.key.in_(some))
                for key, text in db.session.execute(rows):
                    texts = {text or "", csv_sql.harmless(text or ""), str(key)}
                    called[key] = called.get(key, frozenset()) | texts
        return called

    def meant(self, column: Column[Any], part: str, texts: Iterable[str]) -> Mapping[str, Sequence[Any]]:
        """The keys of the records that these texts may mean: by a code that leads a name, or by the whole name."""
        model = references.target_of(column)
        (key,) = row_codec.key_columns(model)
        if part == CODE:
            columns = row_codec.table_of(model).columns
            sources = [select(key, columns[name]) for name in model.naming.parts[0].columns]
        else:
            sources = [select(names.c.key, names.c.name) for names in _names(model)]
        written = {code_of(text) if part == CODE else text: text for text in texts}
        meant: dict[str, dict[Any, None]] = {}
        for source in sources:
            _key, said = source.selected_columns
            for some in _chunks(written):
                for number, text in db.session.execute(source.where(said.in_(some))):
                    meant.setdefault(written[text], {})[number] = None
        return {text: tuple(keys) for text, keys in meant.items()}

    def by_code(self, column: Column[Any]) -> Mapping[str, Sequence[Any]]:
        """The keys of all records that a column may refer to, by each code that may lead their names."""
        model = references.target_of(column)
        (key,) = row_codec.key_columns(model)
        columns = row_codec.table_of(model).columns
        meant: dict[str, dict[Any, None]] = {}
        for code in (columns[name] for name in model.naming.parts[0].columns):
            for number, text in db.session.execute(select(key, code).where(code.is_not(None))):
                meant.setdefault(text, {})[number] = None
        return {text: tuple(keys) for text, keys in meant.items()}


def layout(headings: Sequence[str], is_workbook: bool) -> Layout:
    """What the headings of a file say; raises WrongFile."""
    records = [(place, *named) for place, one in enumerate(headings) if (named := heads.record_of(one))]
    if len(records) != 1:
        raise WrongFile(
            expected="a list that was exported with its column “Record (…)”",
            found="%(number)s such columns",
            number=len(records),
        )
    ((record, model, basis),) = records
    columns: list[ReturnedColumn] = []
    # Columns in a list would be compared by making SQL of each pair: two thirds of what reading headings took.
    taken: set[tuple[Column[Any], str]] = set()
    marker = None
    for place, text in enumerate(headings):
        if place == record or heads.is_of_remark(text):
            continue
        if heads.is_of_marks(text) and marker is None:
            marker = place
            continue
        heading = heads.meaning(model, basis, text)
        if heading is None or (heading.column, heading.part) in taken:
            raise WrongFile(
                expected="headings as the export of the list has them, each once",
                found="“%(heading)s” in column %(column)s",
                heading=shown(text),
                column=workbooks.letters(place),
            )
        taken.add((heading.column, heading.part))
        reader = CellReader(heading.column, heading.unit, heading.is_shown, is_workbook)
        columns.append(ReturnedColumn(text, place, heading.column, heading.part, reader))
    return Layout(model, record, columns, marker, Names())


def _names(model: type[db.Base]) -> Iterator[Subquery]:
    """What records are called, in each language: `name`, and of one that is led by a code `code` and `bare`."""
    for language in LANGUAGES:
        spoken = speech.of_language(language)
        names = record_names.as_sql(model, spoken)
        if model.naming.is_led_by_code:
            names = names.add_columns(*record_names.code_and_rest(model, spoken))
        yield names.subquery()


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    in_turn = list(values)
    for start in range(0, len(in_turn), CHUNK):
        yield in_turn[start : start + CHUNK]


def declare() -> None:
    """Let imports understand the files of lists; for whoever puts a program together."""
    table.understand_by(layout)
