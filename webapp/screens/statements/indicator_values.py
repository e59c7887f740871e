"""Indicators as people read them: values, why there is none, where their page is, and what they were over time."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import Column, func, select

from webapp import db
from webapp.indicators import splits
from webapp.indicators.indicator import (
    FINANCE_COSTS,
    MISSING,
    NEGATIVE_BASE,
    NOT_APPLICABLE,
    NOT_COMPARABLE,
    OK,
    STATUTORY_RATE,
    TURNED_LOSS,
    TURNED_PROFIT,
    Indicator,
)
from webapp.indicators.periods import QTR
from webapp.indicators.tax_rates import STATUTORY_TAX_RATE
from webapp.indicators.terms import BY_STATUTORY_RATE
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.corporate_action import CorporateAction
from webapp.rules.expressions import NOW, Facts
from webapp.rules.fields import Saying
from webapp.services.changes import row_codec
from webapp.words import charts, formatters, labels, numbers, statement_labels
from webapp.words.charts import Chart, Point
from webapp.words.speech import Speech
from webapp.words.statement_labels import Basis
from webapp.words.units import UNITS, Unit, is_money

COLUMNS = row_codec.table_of(FinancialIndicator).columns
# 億円 is what people in Japan say large amounts in; where the largest one has fewer digits than tell, the next unit.
DRAWN = tuple(reversed(UNITS.values()))
DIGITS_THAT_TELL = 3
# The day as of whose shares these are. What is split before a report is filed is restated in it, but for counts.
FILED_ON = func.coalesce(FinancialStatement.announced_on, FinancialIndicator.as_of_on)
PER_SHARE = {"eps": FILED_ON, "bps": func.coalesce(FinancialIndicator.shares_on, FILED_ON)}
# Why there is no value, or what stood in, in a sentence.
WHY = {
    MISSING: Saying("Not disclosed, or not stored: %(figures)s.").message,
    NEGATIVE_BASE: Saying(
        "What it would be divided by is not above zero: it would have no sense and no sign."
    ).message,
    NOT_APPLICABLE: Saying("Companies of this industry format do not print what it needs.").message,
    TURNED_PROFIT: Saying("From a loss to a profit there is no rate.").message,
    TURNED_LOSS: Saying("From a profit to a loss there is no rate.").message,
    NOT_COMPARABLE: Saying("Its base is next to nothing: it would say nothing.").message,
    STATUTORY_RATE: Saying(
        "Its own tax rate is not known, or not between 0 and 60 %%:"
        " it is reckoned with the statutory one, %(rate)s %%."
    ).message,
    FINANCE_COSTS: Saying(
        "Interest expense is not disclosed: it is reckoned with all finance costs, which may have more in them."
    ).message,
}
# Of the statuses to which several things lead, the other ones.
OF_THREE_MONTHS = Saying("Three months are no measure of it.").message
OF_NOTHING = Saying("What it would measure is zero: there is nothing to measure.").message
BEFORE_ALL_RATES = Saying(
    "Its own tax rate is not known, or not between 0 and 60 %%, and of years that begin before %(first)s no statutory"
    " one is kept here."
).message
OF_OTHER_LENGTH = Saying("The two periods were not equally long: there is no rate between them.").message


class Past(NamedTuple):
    """The same indicator of another day."""

    day: str | None
    shown: Any
    url: str
    note: str | None


def history(record: Any, one: Indicator, speech: Speech, basis: Basis) -> dict[str, Any]:
    """The same indicator of the same figures on every day, oldest first in the drawing and last in the table."""
    same = (
        getattr(FinancialIndicator, name) == getattr(record, name)
        for name in ("company_id", "basis", "scope", "accounting_standard", "formula_version")
    )
    own = getattr(FinancialIndicator, one.name)
    chosen = select(
        FinancialIndicator.id,
        FinancialIndicator.as_of_on,
        FinancialIndicator.statuses,
        own.label("value"),
        PER_SHARE.get(one.name, FILED_ON).label("shares_of"),
    )
    chosen = chosen.join(FinancialStatement, FinancialStatement.id == FinancialIndicator.statement_id)
    rows = db.session.execute(chosen.where(*same).order_by(FinancialIndicator.as_of_on)).all()
    splits_since = _splits_since(record, rows) if one.name in PER_SHARE else {}
    is_adjusted = any(factor != 1 for factor in splits_since.values())
    drawn = unit_of_drawing([row.value for row in rows if row.value is not None])
    return {
        "chart": _chart(rows, one, splits_since, drawn),
        "drawn_in": _drawn_in(COLUMNS[one.name], basis, drawn, speech),
        "history": [_past(row, one, speech) for row in reversed(rows)],
        "is_adjusted": is_adjusted,
    }


def _splits_since(record: Any, rows: Sequence[Any]) -> Mapping[int, Decimal]:
    """For each row, how many of the latest one's shares stand for one of its own."""
    table = row_codec.table_of(CorporateAction)
    of_company = select(table).where(table.c.company_id == record.company_id)
    actions = [dict(row) for row in db.session.execute(of_company).mappings()]
    last = rows[-1].shares_of
    return {row.id: splits.between(actions, row.shares_of, last) for row in rows}


def unit_of_drawing(values: Sequence[Decimal]) -> Unit:
    """The largest unit in which the largest of some amounts still tells something."""
    largest = max(map(abs, values), default=Decimal(0))
    return next((unit for unit in DRAWN if len(str(unit.of(largest))) >= DIGITS_THAT_TELL), DRAWN[-1])


def _chart(
    rows: Sequence[Any], one: Indicator, splits_since: Mapping[int, Decimal], drawn: Unit
) -> Chart | None:
    points = [
        Point(f"{row.as_of_on:%Y/%m}", None if row.value is None else row.value / splits_since.get(row.id, 1))
        for row in rows
    ]
    return charts.line(points, lambda value: shown_plainly(COLUMNS[one.name], value, drawn))


def _drawn_in(column: Column[Any], basis: Basis, drawn: Unit, speech: Speech) -> str | None:
    """The unit of a drawing of money, said once: beside each level there is no room for hundred million yen."""
    unit = statement_labels.unit_of(column, basis, drawn) if is_money(column) else None
    return None if unit is None else speech.say(unit)


def _past(row: Any, one: Indicator, speech: Speech) -> Past:
    value = shown(COLUMNS[one.name], row.value, speech)
    note = note_on(row.value, row.statuses, one.name, speech)
    if value is None:
        value = said_status(row.statuses.get(one.name, MISSING), speech)
    return Past(formatters.day(row.as_of_on, speech), value, address(row.id, one.name), note)


def note_on(value: Any, statuses: Mapping[str, str], name: str, speech: Speech) -> str | None:
    """What stood in for a part of a value; None where nothing did."""
    held = statuses.get(name)
    return None if value is None or held is None else said_status(held, speech)


def address(number: int, name: str) -> str:
    """Where it is shown how an indicator was reckoned."""
    return url_for("indicators.formula_view", id=number, name=name)


def status_of(record: Any, name: str) -> str:
    """Why an indicator has no value, or that it has one."""
    held = (record.statuses or {}).get(name)
    return str(held) if held is not None else OK if getattr(record, name) is not None else MISSING


def why(one: Indicator, status: str, facts: Facts) -> str:
    """The sentence that says why: where several things lead to a status, by what is stored now."""
    now = facts.get(NOW, {})
    if status == NOT_APPLICABLE and now and now["industry_format"] not in one.not_for:
        return OF_THREE_MONTHS if one.of_years and now["basis"] == QTR else OF_NOTHING
    if status == NOT_COMPARABLE and one.is_of_other_length(facts):
        return OF_OTHER_LENGTH
    if status == MISSING and now and _lacks_but_a_rate(one, facts):
        return BEFORE_ALL_RATES
    return WHY[status]


def _lacks_but_a_rate(one: Indicator, facts: Facts) -> bool:
    """Whether nothing is missing but a tax rate: of a later year, that of the law would do."""
    if one.stands_in != BY_STATUTORY_RATE or one.formula.value(facts) is not None:
        return False
    first, _rate = STATUTORY_TAX_RATE.numbers[0]
    later = {**facts, NOW: {**facts[NOW], STATUTORY_TAX_RATE.name: first}}
    return one.formula.value(later) is not None


def said_status(status: str, speech: Speech) -> str:
    """The same as people read it."""
    return labels.word(COLUMNS["roe_status"], status, speech)


def shown(column: Column[Any], value: Any, speech: Speech) -> Any:
    """A value with every decimal that is stored."""
    return None if value is None else formatters.for_column(column, speech, is_exact=True)(value)


def shown_plainly(column: Column[Any], value: Decimal, drawn: Unit) -> str:
    """A value beside a drawing: short; money in the unit that the drawing is in, which it says itself."""
    unit = column.info.get("unit")
    if unit == "money":
        return numbers.printed(value / drawn.yen, most=0)
    return f"{numbers.printed(value * 100, most=2)}%" if unit == "ratio" else numbers.printed(value, most=2)
