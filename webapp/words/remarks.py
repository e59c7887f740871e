"""Findings as people read them: figures by their labels, amounts in the unit of the statement."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Column

from webapp.rules.expressions import EXACT
from webapp.words import formatters, numbers, statement_labels, units
from webapp.words.marked import _
from webapp.words.speech import Sentence, Speech
from webapp.words.statement_labels import Basis
from webapp.words.units import YEN

# What was said of sums before rules were declared; change sets keep it.
EARLIER = (_("is %(amount)s less than %(parts)s"), _("is %(amount)s more than %(parts)s"))
KEPT = (
    _("the fiscal year has %(days)s days"),
    _("%(total)s %(observed)s differs from what its statement gives, %(expected)s"),
)
OF_PRIOR = "@prior"
# What a rule of accounting says of both its sides, and of the figures that they were reckoned of.
SIDES = ("observed", "expected", "difference", "allowed")
FIGURES = ("figure", "before")
# What other sentences say of the field that they are about: what stands there, and what a source says.
OF_FIELD = ("value", "annual", "filed")
# Ratios are compared to a hundredth of a percent, times and amounts per share to two decimals.
PERCENT, TIMES = 2, 2


def sentence(finding: Sentence, columns: Mapping[str, Column[Any]], speech: Speech) -> str:
    """A finding's sentence, filled; `columns` are those of the tables that it may speak of, by name."""
    params = dict(finding.params)
    if "counted_in" in params:
        params |= _of_rule(params, columns, speech)
    elif "amounts" in params:
        params |= _of_amounts(params, speech)
    elif finding.message in EARLIER:
        params |= _of_sum(params, columns, speech)
    elif (column := columns.get(getattr(finding, "field", None) or "")) is not None:
        params |= {name: _of_column(params[name], column, speech) for name in OF_FIELD if name in params}
    return speech.gettext(finding.message, **params)


def _of_column(value: Any, column: Column[Any], speech: Speech) -> Any:
    """A number of a column in grouped digits and in its unit; whatever else stands there as it is."""
    if not formatters.is_number(column):
        return value
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return value
    counted_in = column.info.get("unit", "")
    # Not every statement is in yen, and the sentence does not know which.
    if counted_in in ("money", "ratio", "shares") and not statement_labels.is_of_currency(column):
        return _counted(amount, counted_in, {}, speech)
    return numbers.printed(amount)


def _of_amounts(params: Mapping[str, Any], speech: Speech) -> dict[str, str]:
    """The places of a remark that are figures of one kind, in what they are counted in."""
    return {
        name: _counted(Decimal(str(params[name])), str(params["amounts_in"]), params, speech)
        for name in str(params["amounts"]).split()
    }


def _of_rule(params: Mapping[str, Any], columns: Mapping[str, Column[Any]], speech: Speech) -> dict[str, str]:
    """The places of a rule of accounting: figures by their labels, both sides in what they are counted in."""
    basis = statement_labels.of_facts(params)
    said = {"total": _label(str(params["total"]), columns, basis, speech)}
    if "parts" in params:
        said["parts"] = _sum(str(params["parts"]).split(), columns, basis, speech)
    for name in SIDES:
        if name in params:
            said[name] = _counted(Decimal(str(params[name])), _unit_of_side(name, params), params, speech)
    for name in FIGURES:
        if name in params:
            counted_in = params.get("figures_in", "money")
            said[name] = _counted(Decimal(str(params[name])), counted_in, params, speech)
    return said


def _unit_of_side(name: str, params: Mapping[str, Any]) -> str:
    """What a side is counted in: of two percentages the difference is no percentage."""
    counted_in = str(params["counted_in"])
    return "points" if counted_in == "ratio" and name in ("difference", "allowed") else counted_in


def _counted(amount: Decimal, counted_in: str, params: Mapping[str, Any], speech: Speech) -> str:
    if counted_in == "money":
        return _amount(amount, params, speech)
    if counted_in in ("ratio", "points"):
        percentage = numbers.printed(EXACT.multiply(amount, 100), least=1, most=PERCENT)
        return f"{percentage}%" if counted_in == "ratio" else f"{percentage} pt"
    number = numbers.printed(amount, most=TIMES)
    if counted_in == "per_share":
        return f"{number} {speech.say(YEN.in_currency(params.get('currency')))}"
    if counted_in == "days":
        return speech.ngettext("%(num)s day", "%(num)s days", int(abs(amount)))
    if counted_in != "shares":
        return number
    return speech.ngettext("%(num)s share", "%(num)s shares", int(abs(amount)), num=number)


def _sum(terms: list[str], columns: Mapping[str, Column[Any]], basis: Basis, speech: Speech) -> str:
    """Terms with their signs as people write a sum: 負債合計と純資産合計の和, or 売上高－売上原価."""
    signs, names = [term[0] for term in terms], list(_names(terms, columns, basis, speech))
    if speech.is_japanese and len(names) > 1 and set(signs) == {"+"}:
        return f"{'、'.join(names[:-1])}と{names[-1]}の和"
    plus, minus = ("＋", "－") if speech.is_japanese else (" + ", " − ")
    rest = (
        f"{plus if sign == '+' else minus}{name}" for sign, name in zip(signs[1:], names[1:], strict=True)
    )
    return names[0] + "".join(rest)


def _names(
    terms: list[str], columns: Mapping[str, Column[Any]], basis: Basis, speech: Speech
) -> Iterator[str]:
    for term in terms:
        name = _label(term[1:].removesuffix(OF_PRIOR), columns, basis, speech)
        yield (
            speech.gettext("%(figure)s of the year before", figure=name) if term.endswith(OF_PRIOR) else name
        )


def _of_sum(params: Mapping[str, Any], columns: Mapping[str, Column[Any]], speech: Speech) -> dict[str, str]:
    basis = statement_labels.of_facts(params)
    names = str(params["parts"]).split(" + ")
    return {
        "parts": " + ".join(_label(name, columns, basis, speech) for name in names),
        "amount": _amount(Decimal(str(params["amount"])), params, speech),
    }


def _label(name: str, columns: Mapping[str, Column[Any]], basis: Basis, speech: Speech) -> str:
    column = columns.get(name)
    if column is None:
        return name
    return speech.say(statement_labels.called(column, basis))


def _amount(amount: Decimal, params: Mapping[str, Any], speech: Speech) -> str:
    """An amount in the unit in which the filer writes; one that is no multiple of that unit in whole yen."""
    unit = units.BY_YEN.get(int(params.get("unit") or 1), YEN)
    unit = unit if EXACT.remainder(amount, unit.yen) == 0 else YEN
    whole = EXACT.divide(amount, unit.yen).quantize(Decimal(1), ROUND_HALF_UP, EXACT)
    word = speech.say(unit.in_currency(params.get("currency")))
    return f"{numbers.printed(whole)} {word}"
