"""The lines of a statement as markup, made outside its template: ten years of one have a thousand cells."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup, escape
from sqlalchemy import Column

from webapp.models.financial_statement import FinancialStatement
from webapp.screens.record.history import Mark
from webapp.screens.statements import tracing
from webapp.screens.statements.sheet import layouts
from webapp.screens.statements.sheet.layouts import Line, Part
from webapp.services.changes import row_codec
from webapp.words import formatters, numbers, statement_labels, units
from webapp.words.speech import Speech
from webapp.words.statement_labels import Basis
from webapp.words.units import Unit

COLUMNS = row_codec.table_of(FinancialStatement).columns
# What is not disclosed is never nought.
NOTHING = '<td class="num nil">–</td>'
HUNDRED = Decimal(100)
# Lines, languages and bases make some hundreds.
KEPT = 2000
HEAD = Markup('{} <span class="unit">{}</span>')
MARK = Markup(' <a class="badge how{}" href="{}" title="{}">{}</a>')
POINTS = Markup('{}<span class="unit"> pt</span>')


class Table(NamedTuple):
    """A part of the statement: its lines as markup, and the names of those that are blank in every column."""

    part: Part
    rows: Markup
    blanks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the tables of a page show: statements side by side, the latest first, and how.

    `compared` is the one with which the first is compared, `is_as_long`: it counts as many days; `marks` are of the
    first one's figures.
    """

    columns: Sequence[FinancialStatement]
    compared: FinancialStatement | None
    basis: Basis
    unit: Unit
    speech: Speech
    marks: Mapping[str, Mark]
    is_as_long: bool
    # Whether each figure leads to where it stands.
    is_traced: bool


def tables(sheet: Sheet) -> list[Table]:
    """The parts of the statement; what its own lines do not name only where there is any."""
    of_parts = (_table(part, sheet) for part in layouts.of(sheet.basis))
    return [table for table in of_parts if table.rows or table.blanks]


def exact_unit(columns: Sequence[FinancialStatement]) -> Unit:
    """The largest unit, up to that of the filer, in which no digit of these statements is cut off."""
    money = [name for name, column in COLUMNS.items() if units.is_money(column)]
    amounts = [amount for one in columns for name in money if (amount := getattr(one, name))]
    largest = max((one.rounding_unit for one in columns), default=1)
    fitting = (unit for yen, unit in sorted(units.BY_YEN.items(), reverse=True) if yen <= largest)
    return next(unit for unit in fitting if all(not amount % unit.yen for amount in amounts))


def _table(part: Part, sheet: Sheet) -> Table:
    rows, blanks = [], []
    values_of = {line: [getattr(one, line.field) for one in sheet.columns] for line in part.lines}
    known = {
        line
        for line, values in values_of.items()
        if line.field in sheet.marks or any(value is not None for value in values)
    }
    for line, values in values_of.items():
        # A sum that is missing is seen among what is there; of a statement that is not there, none is.
        if line not in known and not (line.is_sum and known):
            blanks.append(sheet.speech.say(statement_labels.called(COLUMNS[line.field], sheet.basis)))
        else:
            rows.append(_row(part, line, values, sheet))
    named = () if part.name == layouts.REST else blanks
    markup = Markup("".join(rows))  # noqa: S704  # every part of a row is escaped
    return Table(part, markup, sheet.speech.listed(named))


def _row(part: Part, line: Line, values: Sequence[Any], sheet: Sheet) -> str:
    column = COLUMNS[line.field]
    show = _shown_as(column, sheet.unit, sheet.speech)
    cells = [NOTHING if value is None else f'<td class="num">{show(value)}</td>' for value in values]
    if sheet.is_traced:
        for place, (one, value) in enumerate(zip(sheet.columns, values, strict=True)):
            address = None if value is None else tracing.address_of(one, line.field)
            if address is not None:
                cells[place] = _linked(show(value), address, line.field if place == 0 else None)
    has_rate = sheet.is_as_long or part.name in layouts.OF_ONE_DAY
    cells += _differences(column, values, sheet, has_rate=has_rate)
    head = _head(column, sheet.basis, sheet.speech, is_money=part.is_money)
    mark = sheet.marks.get(line.field)
    return (
        f'<tr class="d{line.depth}{" sum" if line.is_sum else ""}"><th scope="row">{head}'
        f'{"" if mark is None else _marked(mark)}</th>{"".join(cells)}</tr>\n'
    )


def _linked(shown: Any, address: str, field: str | None) -> str:
    """A figure that leads to where it stands; the first column's are found again by their anchors."""
    id = "" if field is None else f' id="{tracing.anchor_of(field)}"'
    return f'<td class="num"><a{id} class="traced" href="{escape(address)}">{shown}</a></td>'


def _marked(mark: Mark) -> Markup:
    kind = " good" if mark.how == "verified" else ""
    return MARK.format(kind, mark.url, mark.sentence, mark.word)


def _differences(
    column: Column[Any], values: Sequence[Any], sheet: Sheet, *, has_rate: bool
) -> Sequence[str]:
    """How much more the first figure is than that it is compared with, and by what part of it."""
    if sheet.compared is None:
        return ()
    now, then = values[0], values[1]
    if now is None or then is None or sheet.compared.currency != sheet.columns[0].currency:
        return (NOTHING, NOTHING)
    difference = now - then
    if column.info.get("unit") == "ratio":
        shown: Any = POINTS.format(formatters.number(difference * HUNDRED, least=2, most=2))
        return (f'<td class="num">{shown}</td>', NOTHING)
    shown = _shown_as(column, sheet.unit, sheet.speech)(difference)
    # A base that is not positive gives a part no sign.
    is_known = has_rate and then > 0
    rate = f'<td class="num">{_percent(difference * HUNDRED / Decimal(then))}</td>' if is_known else NOTHING
    return (f'<td class="num">{shown}</td>', rate)


def _percent(part: Decimal) -> str:
    """With its sign, which is of the same colour as the digits."""
    digits = f"{numbers.write(abs(part), least=1, most=1)}%"
    return formatters.negative(digits) if part < 0 else digits


@lru_cache(maxsize=KEPT)
def _shown_as(column: Column[Any], unit: Unit, speech: Speech) -> Callable[[Any], Any]:
    if units.is_money(column):
        return lambda value: formatters.amount(value, unit)
    return formatters.for_column(column, speech, is_exact=True)


@lru_cache(maxsize=KEPT)
def _head(column: Column[Any], basis: Basis, speech: Speech, *, is_money: bool) -> Markup:
    """What a line is called; where not the whole part is of money, with what it is counted in."""
    label = speech.say(statement_labels.called(column, basis))
    unit = None if is_money else statement_labels.unit_of(column, basis)
    if unit is None:
        return escape(label)
    return HEAD.format(label, speech.in_brackets("", speech.say(unit)))
