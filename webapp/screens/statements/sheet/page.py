"""The page of one statement, laid out as its standard prints it: beside the year before, or ten years of it.

`?known_on=` and `?revisions=` show it as it was known on a day, to be looked at only; `?unit=` in another unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from webapp.lists import knowledge
from webapp.lists.knowledge import Known
from webapp.lists.query import TIDY
from webapp.models.financial_statement import FinancialStatement
from webapp.rules.findings import Finding
from webapp.screens.record import details, forms, history
from webapp.screens.record.details import Fact, Section
from webapp.screens.record.screen import READING, RecordScreen, tell
from webapp.screens.statements.sheet import figure_rows, periods, shown_revisions
from webapp.screens.statements.sheet.figure_rows import Sheet
from webapp.services.changes.revisions import FIGURES
from webapp.web import way_back
from webapp.web.speaking import speech
from webapp.words import documents, record_names, statement_labels, units
from webapp.words.speech import Speech
from webapp.words.units import Unit

PERIODS = "periods"
# Told after what the statement's own currency and standard call things.
WORDED = frozenset({"rounding_unit", "sources"})


class Choice(NamedTuple):
    """One way of showing the page: where it is, what it is called, and whether it is this one."""

    address: str
    label: str
    is_chosen: bool


class Head(NamedTuple):
    """The head of a column: its period, the page of its statement where that is another, and its revision's class."""

    label: str
    address: str | None
    revision: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the page of a statement."""

    id: str
    known: Known | None
    unit: Unit | None
    has_ten: bool
    back: str | None

    def pairs(self) -> list[tuple[str, str]]:
        """As an address says it."""
        pairs = [("id", self.id), *(() if self.known is None else self.known.pairs())]
        pairs += [("unit", self.unit.word)] if self.unit is not None else []
        pairs += [(PERIODS, str(periods.MOST))] if self.has_ten else []
        return [*pairs, ("url", self.back)] if self.back else pairs


def answer(screen: RecordScreen) -> ResponseReturnValue:
    """The page that this request asks for."""
    row = screen.get_one(request.args.get("id"))
    if row is None:
        return forms.missing(screen)
    asked = _asked(screen, str(row.id))
    shown = row if asked.known is None else periods.known_then(row, asked.known)
    earlier: Sequence[FinancialStatement] = ()
    if shown is not None:
        earlier = periods.before(shown, asked.known, periods.MOST - 1 if asked.has_ten else 1)
    return _page(screen, asked, row, [] if shown is None else [shown, *earlier])


def _asked(screen: RecordScreen, id: str) -> Asked:
    known, strange = knowledge.read(request.args)
    tell(
        Finding(
            None, "“%(value)s” was not understood; the page shows what is stored today.", {"value": value}
        )
        for _name, value in strange
    )
    return Asked(
        id,
        known,
        units.UNITS.get(request.args.get("unit", "")),
        request.args.get(PERIODS) == str(periods.MOST),
        way_back.packed(screen.return_url()) if "url" in request.args else None,
    )


def _page(
    screen: RecordScreen, asked: Asked, row: FinancialStatement, columns: Sequence[FinancialStatement]
) -> str:
    spoken, is_past = speech(), asked.known is not None
    shown = columns[0] if columns else None
    basis = statement_labels.of_record(row)
    unit = asked.unit or figure_rows.exact_unit(columns)
    marks = history.marks(shown) if shown is not None else {}
    sheet = _sheet(asked, columns, unit, marks)
    is_one = not asked.has_ten
    is_whole = is_one and not is_past
    return screen.page(
        "statements/details.html",
        # What was known on another day is looked at, and never written.
        allowed=screen.allowed() & READING if is_past else screen.allowed(),
        model=row,
        name=record_names.of(row, spoken),
        badges=_badges(shown or row, spoken),
        tables=figure_rows.tables(sheet) if shown is not None else [],
        heads=_heads(screen, asked, sheet),
        compared=sheet.compared,
        unit=spoken.say(unit.in_currency(basis.currency)),
        units=_units(screen, asked, unit, basis.currency, spoken),
        spans=_spans(screen, asked, spoken),
        scopes=_scopes(screen, asked, row, spoken),
        known=asked.known,
        asked=asked.pairs(),
        today=_address(screen, replace(asked, known=None)),
        revisions=shown_revisions.of(screen, row, shown, asked.known) if is_one else [],
        sections=_sections(screen, shown, marks, spoken) if is_one and shown is not None else [],
        return_url=screen.return_url(),
        history=history.of_row(row) if is_whole else [],
        related=screen.related(row) if is_whole else [],
    )


def _sheet(asked: Asked, columns: Sequence[FinancialStatement], unit: Unit, marks: Any) -> Sheet:
    is_beside = len(columns) > 1 and periods.is_year_before(columns[1], columns[0])
    compared = columns[1] if is_beside and not asked.has_ten else None
    return Sheet(
        columns=columns if asked.has_ten or compared is not None else columns[:1],
        compared=compared,
        basis=statement_labels.of_record(columns[0]) if columns else statement_labels.NO_BASIS,
        unit=unit,
        speech=speech(),
        marks=marks,
        is_as_long=compared is not None and periods.is_as_long(compared, columns[0]),
        is_traced=not asked.has_ten,
    )


def _heads(screen: RecordScreen, asked: Asked, sheet: Sheet) -> list[Head]:
    spoken, heads = sheet.speech, []
    for place, one in enumerate(sheet.columns):
        named = {"fiscal_year_end_on": one.fiscal_year_end_on, "period_type": one.period_type}
        name = one.naming.of_values(named, "", spoken.language)
        is_first = one.revision_type == "ORG"
        kind = "" if is_first else shown_revisions.kind_of(one.revision_type, spoken)
        # A revision of its own is what it is on every day.
        address = None if place == 0 else _address(screen, replace(asked, id=str(one.id)))
        heads.append(Head(name, address, kind))
    return heads


def _badges(row: FinancialStatement, spoken: Speech) -> list[str]:
    """What a reader must know before any figure: scope, standard, industry format, and its revision's class."""
    columns = figure_rows.COLUMNS
    names = ("scope", "accounting_standard", "industry_format", "revision_type")
    words = [(columns[name], getattr(row, name)) for name in names]
    return [shown_revisions.word(column, value, spoken) for column, value in words if value is not None]


def _units(
    screen: RecordScreen, asked: Asked, unit: Unit, currency: str | None, spoken: Speech
) -> list[Choice]:
    return [
        Choice(_address(screen, replace(asked, unit=one)), spoken.say(one.in_currency(currency)), one is unit)
        for one in units.UNITS.values()
    ]


def _spans(screen: RecordScreen, asked: Asked, spoken: Speech) -> list[Choice]:
    words = {False: spoken.gettext("Beside the year before"), True: spoken.gettext("Ten periods")}
    return [
        Choice(_address(screen, replace(asked, has_ten=has_ten)), said, asked.has_ten is has_ten)
        for has_ten, said in words.items()
    ]


def _scopes(screen: RecordScreen, asked: Asked, row: FinancialStatement, spoken: Speech) -> list[Choice]:
    """The group's statement of these months and the company's own; several of a scope by their standards."""
    others = periods.beside(row, asked.known)
    scopes = [one.scope for one in others]
    choices = []
    for one in others:
        is_this = (one.scope, one.accounting_standard) == (row.scope, row.accounting_standard)
        label = shown_revisions.word(figure_rows.COLUMNS["scope"], one.scope, spoken)
        if scopes.count(one.scope) > 1:
            standard = figure_rows.COLUMNS["accounting_standard"]
            label = spoken.in_brackets(label, shown_revisions.word(standard, one.accounting_standard, spoken))
        address = _address(screen, asked if is_this else replace(asked, id=str(one.id)))
        choices.append(Choice(address, label, is_this))
    return choices if any(not one.is_chosen for one in choices) else []


def _address(screen: RecordScreen, asked: Asked) -> str:
    return f"{screen.start}details/?{urlencode(asked.pairs(), safe=TIDY)}"


def _sections(screen: RecordScreen, row: FinancialStatement, marks: Any, spoken: Speech) -> list[Section]:
    """What is stored of it beside its figures."""
    basis, columns = statement_labels.of_record(row), figure_rows.COLUMNS
    sections = details.sections(screen, row, spoken, marks=marks, but=FIGURES | WORDED)
    worded = {
        "rounding_unit": spoken.say(units.BY_YEN[row.rounding_unit].in_currency(row.currency)),
        "sources": documents.whole(row.sources, columns["sources"], spoken, basis),
    }
    facts = {
        name: Fact(spoken.say(statement_labels.called(columns[name], basis)), "", value, marks.get(name))
        for name, value in worded.items()
    }
    first, *rest, last = sections
    first = first._replace(facts=[*first.facts, facts["rounding_unit"]])
    if row.sources:
        last = last._replace(facts=[facts["sources"], *last.facts])
    return [first, *rest, last]
