"""How one indicator was reckoned: its formula, each input with where it stands, and the company's own figure beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import Column, select

from webapp import db
from webapp.indicators import assembling
from webapp.indicators.assembling import Place
from webapp.indicators.formulas import BY_NAME
from webapp.indicators.indicator import (
    FORMULA_VERSION,
    MISSING,
    NEGATIVE_BASE,
    NOT_APPLICABLE,
    NOT_COMPARABLE,
    OK,
    OLDER,
    PRICE,
    TURNED_LOSS,
    TURNED_PROFIT,
    Computed,
    Indicator,
)
from webapp.indicators.reported import REPORTED
from webapp.label import Label
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.stock_price import StockPrice
from webapp.rules.expressions import NOW, PRIOR, Facts, Figure
from webapp.rules.fields import Saying
from webapp.screens.record import registry
from webapp.services.changes import row_codec
from webapp.services.checking import indicator_inputs
from webapp.words import charts, formatters, formulas, keys, labels, numbers, statement_labels
from webapp.words.charts import Chart, Point
from webapp.words.speech import Speech
from webapp.words.statement_labels import Basis

COLUMNS = row_codec.table_of(FinancialIndicator).columns
# Which row an input stands in.
PARTS = {
    NOW: Label("当期", "This period"),
    PRIOR: Label("前年同期", "The year before"),
    OLDER: Label("3期前", "Three years before"),
    PRICE: Label("株価", "Price"),
}
WHY = {
    MISSING: Saying("Not disclosed, or not stored: %(figures)s.").message,
    NEGATIVE_BASE: Saying(
        "What it would be divided by is not above zero: it would have no sense and no sign."
    ).message,
    NOT_APPLICABLE: Saying("Companies of this industry format do not print what it needs.").message,
    TURNED_PROFIT: Saying("From a loss to a profit there is no rate.").message,
    TURNED_LOSS: Saying("From a profit to a loss there is no rate.").message,
    NOT_COMPARABLE: Saying("Its base is next to nothing: it would say nothing.").message,
}
OWN_ROWS: Mapping[str, type[db.Base]] = {PRICE: StockPrice}


class Shown(NamedTuple):
    """A value with its name, unit and day, and where it is looked at."""

    label: str
    part: str
    value: Any
    unit: str
    url: str | None


class Beside(NamedTuple):
    """The company's own figure: whether ours agrees with it, by how much it does not, and why that may be."""

    own: Shown
    difference: Any
    agrees: bool
    why: str


class Past(NamedTuple):
    """The same indicator of another day."""

    day: str | None
    shown: Any
    url: str


@dataclass(frozen=True)
class Reckoning:
    """One indicator of one row, in one language."""

    record: Any
    one: Indicator
    speech: Speech

    def context(self) -> dict[str, Any]:
        """What the page shows."""
        computed, facts = self._computed()
        column = COLUMNS[self.one.name]
        return {
            "label": self.speech.say(labels.of_column(column)),
            "value": shown(column, getattr(self.record, self.one.name), self.speech),
            "unit": unit_of(column, self.speech),
            "status": status_of(self.record, self.one.name),
            "why": self._why(facts),
            "is_stale": self._is_stale(computed),
            "words": self.speech.say(self.one.words),
            "written": formulas.written(self.one.formula, self._name_of, self.speech),
            "filled": formulas.written(
                self.one.formula, lambda figure: self._plain(figure, facts), self.speech
            ),
            "source": self.one.source,
            "inputs": [self._input(figure, facts) for figure in self.one.inputs] if facts else [],
            "beside": self._beside(facts),
            **self._history(),
        }

    def _computed(self) -> tuple[Computed, Facts]:
        """What it comes to by what is stored now."""
        place = Place(*(getattr(self.record, name) for name in Place._fields))
        facts = assembling.assemble(indicator_inputs.of_company(self.record.company_id)).get(place, {})
        return self.one.compute(facts) if facts else Computed(None, MISSING), facts

    def _is_stale(self, computed: Computed) -> bool:
        stored = getattr(self.record, self.one.name)
        if self.record.formula_version != FORMULA_VERSION or (stored is None) != (computed.value is None):
            return True
        # Half a unit of the last decimal may fall either way where a quotient is divided once more.
        last = Decimal(1).scaleb(-self.one.decimals)
        return stored is not None and computed.value is not None and abs(stored - computed.value) > last

    def _why(self, facts: Facts) -> str | None:
        """Why there is no value."""
        status = status_of(self.record, self.one.name)
        if status == OK:
            return None
        missing = self.speech.listed(
            self._name_of(figure) for figure in self.one.inputs if figure.value(facts) is None
        )
        return self.speech.gettext(WHY[status], figures=missing)

    def _column(self, figure: Figure) -> Column[Any]:
        model = OWN_ROWS.get(figure.part, FinancialStatement)
        return row_codec.table_of(model).columns[figure.name]

    def _label(self, figure: Figure) -> str:
        column = self._column(figure)
        basis = Basis(self.record.accounting_standard, self.record.scope)
        return self.speech.say(statement_labels.of_column(column, basis) or labels.of_column(column))

    def _name_of(self, figure: Figure) -> str:
        """The figure by its name, and by its period where that is another one."""
        label = self._label(figure)
        if figure.part not in (PRIOR, OLDER):
            return label
        return self.speech.in_brackets(label, self.speech.say(PARTS[figure.part]))

    def _plain(self, figure: Figure, facts: Facts) -> str:
        value = figure.value(facts)
        return "—" if value is None else f"({numbers.write(value)})" if value < 0 else numbers.write(value)

    def _input(self, figure: Figure, facts: Facts) -> Shown:
        column = self._column(figure)
        row = facts.get(figure.part, {})
        value = shown(column, row.get(figure.name), self.speech)
        part = self.speech.say(PARTS[figure.part])
        day = row.get("traded_on" if figure.part == PRICE else "period_end_on")
        if day is not None:
            part = self.speech.in_brackets(part, str(formatters.day(day, self.speech)))
        return Shown(
            self._label(figure), part, value, unit_of(column, self.speech), _address(figure.part, row)
        )

    def _beside(self, facts: Facts) -> Beside | None:
        """What the company reports of the same, where it does."""
        reported = REPORTED.get(self.one.name)
        if reported is None or facts.get(NOW, {}).get(reported.field) is None:
            return None
        figure = Figure(reported.field)
        own, computed = Decimal(facts[NOW][reported.field]), getattr(self.record, self.one.name)
        column = COLUMNS[self.one.name]
        difference = None if computed is None else shown(column, computed - own, self.speech)
        return Beside(
            self._input(figure, facts),
            difference,
            computed is not None and reported.agrees(computed, own),
            self.speech.say(reported.differs),
        )

    def _history(self) -> dict[str, Any]:
        """The same indicator of the same figures on every day, oldest first in the drawing and last in the table."""
        same = (
            getattr(FinancialIndicator, name) == getattr(self.record, name)
            for name in ("company_id", "basis", "scope", "accounting_standard", "formula_version")
        )
        own = getattr(FinancialIndicator, self.one.name)
        chosen = select(
            FinancialIndicator.id,
            FinancialIndicator.as_of_on,
            FinancialIndicator.statuses,
            own.label("value"),
        )
        rows = db.session.execute(chosen.where(*same).order_by(FinancialIndicator.as_of_on)).all()
        return {"chart": self._chart(rows), "history": [self._past(row) for row in reversed(rows)]}

    def _chart(self, rows: Sequence[Any]) -> Chart | None:
        points = [Point(f"{row.as_of_on:%Y/%m}", row.value) for row in rows]
        return charts.line(points, lambda value: str(shown_plainly(COLUMNS[self.one.name], value)))

    def _past(self, row: Any) -> Past:
        value = shown(COLUMNS[self.one.name], row.value, self.speech)
        if value is None:
            value = said_status(row.statuses.get(self.one.name, MISSING), self.speech)
        return Past(formatters.day(row.as_of_on, self.speech), value, address(row.id, self.one.name))


def of(record: Any, name: str, speech: Speech) -> Reckoning | None:
    """How an indicator of this name was reckoned; None where there is no such one."""
    one = BY_NAME.get(name)
    return None if one is None else Reckoning(record, one, speech)


def address(number: int, name: str) -> str:
    """Where it is shown how an indicator was reckoned."""
    return url_for("indicators.formula_view", id=number, name=name)


def status_of(record: Any, name: str) -> str:
    """Why an indicator has no value, or that it has one."""
    held = (record.statuses or {}).get(name)
    return str(held) if held is not None else OK if getattr(record, name) is not None else MISSING


def said_status(status: str, speech: Speech) -> str:
    """The same as people read it."""
    return labels.word(COLUMNS["roe_status"], status, speech)


def shown(column: Column[Any], value: Any, speech: Speech) -> Any:
    """A value with every decimal that is stored."""
    return None if value is None else formatters.for_column(column, speech, is_exact=True)(value)


def shown_plainly(column: Column[Any], value: Decimal) -> str:
    """A value beside a drawing: short, with a plain minus; money in hundreds of millions."""
    unit = column.info.get("unit")
    if unit == "money":
        return f"{numbers.write(value / 10**8, most=0)} 億"
    return f"{numbers.write(value * 100, most=2)}%" if unit == "ratio" else numbers.write(value, most=2)


def unit_of(column: Column[Any], speech: Speech) -> str:
    """What a value is counted in."""
    unit = labels.unit_of(column)
    return "" if unit is None else speech.say(unit)


def _address(part: str, row: Mapping[str, Any]) -> str | None:
    """Where the row of an input is looked at, by those who may."""
    model = OWN_ROWS.get(part, FinancialStatement)
    view = registry.view_of(model)
    if not row or view is None or "details_view" not in view.allowed():
        return None
    return url_for(f"{view.endpoint}.details_view", id=keys.write(row_codec.key_of(model, row)))
