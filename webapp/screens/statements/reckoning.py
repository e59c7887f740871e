"""How one indicator was reckoned: its formula, each input with where it stands, and the company's own figure beside."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Column

from webapp import db
from webapp.indicators import assembling, dividends, periods, single, splits_within
from webapp.indicators.assembling import Row
from webapp.indicators.formulas import BY_NAME
from webapp.indicators.indicator import (
    COUNT,
    FORMULA_VERSION,
    MISSING,
    OK,
    OLDER,
    PRICE,
    Computed,
    Indicator,
)
from webapp.indicators.reported import REPORTED
from webapp.indicators.tax_rates import STATUTORY_TAX_RATE
from webapp.label import Label
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice
from webapp.rules.expressions import NOW, PRIOR, Facts, Figure
from webapp.screens.statements import indicator_values, shown_inputs, tracing
from webapp.screens.statements.indicator_values import COLUMNS, said_status, shown, status_of
from webapp.screens.statements.shown_inputs import Place, Shown
from webapp.services.changes import row_codec
from webapp.services.changes.following import indicator_inputs
from webapp.words import formatters, labels, numbers, statement_labels
from webapp.words.speech import Speech
from webapp.words.statement_labels import Basis
from webapp.words.watched import formulas

# Which row an input stands in.
PARTS = {
    NOW: Label("当期", "This period"),
    PRIOR: Label("前年同期", "The year before"),
    OLDER: Label("3期前", "Three years before"),
    PRICE: Label("株価", "Price"),
    COUNT: Label("株式数", "Number of shares"),
}
# Of two percentages the difference is in points.
POINTS = "pt"
# Three months are called alike, whichever of the year they are.
QUARTER = "Q1"
ADJUSTED = Label("終値（分割調整後）", "Close, adjusted for splits")
FOR_SPLITS = Label("分割調整後", "adjusted for splits")
# What stands in no column of a statement under its own name.
STANDS: Mapping[tuple[str, str], tuple[type[db.Base], str]] = {
    **{(NOW, name): (FinancialStatement, dividends.ANNUAL) for name in dividends.ON_OTHER_SHARES},
    (COUNT, "issued"): (SharesOutstanding, "issued"),
    (COUNT, "treasury"): (SharesOutstanding, "treasury"),
    **{(PRICE, f"close_of_{name}"): (StockPrice, "close") for name in ("count", "earnings", "dividend")},
}


class Beside(NamedTuple):
    """The company's own figure: by how much ours differs, counted in what, whether both agree, and why not."""

    own: Shown
    difference: Any
    counted_in: str
    agrees: bool
    why: str


@dataclass(frozen=True)
class Reckoning:
    """One indicator of one row, in one language."""

    record: Any
    one: Indicator
    speech: Speech
    # What it is reckoned of by what is stored now; nothing where the statement is gone.
    facts: Facts
    # What made other shares of them between their days.
    splits: Sequence[Row]

    def context(self) -> dict[str, Any]:
        """What the page shows."""
        facts = self.facts
        computed = self.one.compute(facts) if facts else Computed(None, MISSING)
        column = COLUMNS[self.one.name]
        return {
            "label": self.speech.say(labels.of_column(column)),
            "value": shown(column, getattr(self.record, self.one.name), self.speech),
            "unit": self._unit(column),
            "status_label": said_status(status_of(self.record, self.one.name), self.speech),
            "why": self._why(facts),
            "is_stale": self._is_stale(computed),
            "definition": self.speech.say(self.one.words),
            "written": formulas.written(self.one.formula, self._name_of, self.speech),
            "filled": formulas.written(
                self.one.formula, lambda figure: self._plain(figure, facts), self.speech
            ),
            "source": self.one.source,
            "inputs": self._inputs(facts) if facts else [],
            "beside": self._beside(facts),
            **indicator_values.history(self.record, self.one, self.speech, self._basis),
        }

    def _is_stale(self, computed: Computed) -> bool:
        stored = getattr(self.record, self.one.name)
        if self.record.formula_version != FORMULA_VERSION or (stored is None) != (computed.value is None):
            return True
        # Half a unit of the last decimal may fall either way where a quotient is divided once more.
        last = Decimal(1).scaleb(-self.one.decimals)
        return stored is not None and computed.value is not None and abs(stored - computed.value) > last

    def _why(self, facts: Facts) -> str | None:
        """Why there is no value, or what stood in for a part of it."""
        status = status_of(self.record, self.one.name)
        if status == OK:
            return None
        missing = self.speech.listed(
            self._name_of(figure) for figure in self.one.inputs if figure.value(facts) is None
        )
        rate = STATUTORY_TAX_RATE.value(facts) if facts else None
        said = "—" if rate is None else numbers.write(rate * 100)
        sentence = indicator_values.why(self.one, status, facts)
        first = formatters.day(STATUTORY_TAX_RATE.numbers[0][0], self.speech)
        return self.speech.gettext(sentence, figures=missing, rate=said, first=first)

    def _inputs(self, facts: Facts) -> list[Shown]:
        figures = [self._input(figure, facts) for figure in self._listed()]
        return figures + [shown_inputs.split(action, self.speech) for action in self.splits]

    def _listed(self) -> Iterator[Figure]:
        """The inputs, and after a dividend on other shares than it was paid on what the statement prints of it."""
        for figure in self.one.inputs:
            yield figure
            yield from map(Figure, dividends.made_of(figure.name, self.facts[NOW]))

    def _column(self, figure: Figure) -> Column[Any]:
        model, name = STANDS.get((figure.part, figure.name), (FinancialStatement, figure.name))
        return row_codec.table_of(model).columns[name]

    def _label(self, figure: Figure) -> str:
        if figure.part == PRICE:
            return self.speech.say(ADJUSTED)
        label = self.speech.say(statement_labels.called(self._column(figure), self._basis))
        is_adjusted = dividends.made_of(figure.name, self.facts.get(NOW, {}))
        return self.speech.in_brackets(label, self.speech.say(FOR_SPLITS)) if is_adjusted else label

    @property
    def _basis(self) -> Basis:
        now = self.facts.get(NOW)
        basis = (
            Basis(self.record.accounting_standard, self.record.scope)
            if now is None
            else statement_labels.of_values(now)
        )
        # Twelve months may end with an interim statement, and three with a year's.
        return basis._replace(period_type=QUARTER if self.record.basis == periods.QTR else None)

    def _unit(self, column: Column[Any]) -> str:
        unit = statement_labels.unit_of(column, self._basis)
        return "" if unit is None else self.speech.say(unit)

    def _name_of(self, figure: Figure) -> str:
        """The figure by its name, and by its period where that is another one."""
        label = self._label(figure)
        if figure.part not in (PRIOR, OLDER):
            return label
        return self.speech.in_brackets(label, self.speech.say(PARTS[figure.part]))

    def _plain(self, figure: Figure, facts: Facts) -> str:
        value = figure.value(facts)
        return "—" if value is None else f"({numbers.printed(value)})" if value < 0 else numbers.write(value)

    def _input(self, figure: Figure, facts: Facts) -> Shown:
        column = self._column(figure)
        value = shown(column, facts.get(figure.part, {}).get(figure.name), self.speech)
        return Shown(self._label(figure), value, self._unit(column), list(self._places(figure, facts)))

    def _places(self, figure: Figure, facts: Facts) -> Iterator[Place]:
        """The rows in which a figure stands."""
        row = facts.get(figure.part)
        name = self.speech.say(PARTS[figure.part])
        if row is None:
            yield Place(name, None)
        elif figure.part == PRICE:
            key = {"company_id": self.record.company_id, "traded_on": row["traded_on"]}
            yield self._place(name, row["traded_on"], StockPrice, key)
        elif figure.part == COUNT and not _is_of_statement(facts):
            key = {"company_id": self.record.company_id, "as_of_on": row["counted_on"]}
            yield self._place(name, row["counted_on"], SharesOutstanding, key)
        else:
            of_statement = facts[NOW] if figure.part == COUNT else row
            yield from self._places_in_statements(name, figure, of_statement)

    def _places_in_statements(self, name: str, figure: Figure, period: Row) -> Iterator[Place]:
        """What is added or taken away, of each statement; by name what stands for a figure that is understood."""
        terms = [
            (sign * own, part, Figure(term))
            for sign, part in periods.parts_of(period, figure.name)
            for own, term in single.terms_of(part, figure.name)
        ]
        for sign, part, term in terms:
            of_term = name if term.name == figure.name else f"{self._label(term)} {name}"
            place = self._place(of_term, part["period_end_on"], FinancialStatement, part)
            if (fact := _fact(part, self._column(term).name)) is not None:
                place = place._replace(url=fact)
            if len(terms) > 1:
                value = shown(self._column(term), part.get(term.name), self.speech)
                place = place._replace(sign="−" if sign < 0 else "+", value="—" if value is None else value)
            yield place

    def _place(self, name: str, day: date, model: type[db.Base], row: Mapping[str, Any]) -> Place:
        named = self.speech.in_brackets(name, str(formatters.day(day, self.speech)))
        return Place(named, shown_inputs.address(model, row))

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
            POINTS if column.info.get("unit") == "ratio" else self._unit(column),
            computed is not None and reported.agrees(computed, own),
            self.speech.say(reported.differs),
        )


def of(record: Any, name: str, speech: Speech) -> Reckoning | None:
    """How an indicator of this name was reckoned; None where there is no such one."""
    one = BY_NAME.get(name)
    if one is None:
        return None
    place = assembling.Place(*(getattr(record, name) for name in assembling.Place._fields))
    held = indicator_inputs.of_company(record.company_id)
    facts = assembling.assemble(held).get(place, {})
    one = one.under(place.accounting_standard)
    return Reckoning(record, one, speech, facts, splits_within.of(one.inputs, facts, held.actions))


def _is_of_statement(facts: Facts) -> bool:
    """Whether the shares are those that the statement itself counts."""
    now, count = facts[NOW], facts[COUNT]
    return bool(
        count["counted_on"] == now["as_of_on"]
        and (count["issued"], count["treasury"])
        == (now.get("shares_issued"), now.get("treasury_share_count"))
    )


def _fact(row: Mapping[str, Any], field: str) -> str | None:
    """Where the fact of a figure is shown, of a statement that was filed."""
    columns = row_codec.table_of(FinancialStatement).columns
    if field not in columns:
        return None
    read = {name: row[name] for name in ("id", "filing_doc_id", "sources", field)}
    return tracing.address_of(FinancialStatement(**read), field)
