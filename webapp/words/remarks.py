"""Findings as people read them: figures by their labels, amounts in the unit of the statement."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Column

from webapp.words import labels, numbers, statement_labels
from webapp.words.marked import _
from webapp.words.speech import Sentence, Speech
from webapp.words.statement_labels import Basis

SCALES = {1_000: ("千", "thousand "), 1_000_000: ("百万", "million ")}
YEN = "JPY"
# What was said of sums before rules were declared; change sets keep it.
EARLIER = (_("is %(amount)s less than %(parts)s"), _("is %(amount)s more than %(parts)s"))
OF_PRIOR = "@prior"
# What a rule of accounting says of both its sides; the last two are always money.
SIDES = ("observed", "expected", "difference", "allowed")
MONEY = ("figure", "before")
# Ratios are compared to a hundredth of a percent, times and amounts per share to two decimals.
PERCENT, TIMES = 2, 2


def sentence(finding: Sentence, columns: Mapping[str, Column[Any]], speech: Speech) -> str:
    """A finding's sentence, filled; `columns` are those of the tables that it may speak of, by name."""
    params = dict(finding.params)
    if "counted_in" in params:
        params |= _of_rule(params, columns, speech)
    elif finding.message in EARLIER:
        params |= _of_sum(params, columns, speech)
    return speech.gettext(finding.message, **params)


def _of_rule(params: Mapping[str, Any], columns: Mapping[str, Column[Any]], speech: Speech) -> dict[str, str]:
    """The places of a rule of accounting: figures by their labels, both sides in what they are counted in."""
    basis = Basis(params.get("standard"), params.get("scope"))
    said = {"total": _label(str(params["total"]), columns, basis, speech)}
    if "parts" in params:
        said["parts"] = _sum(str(params["parts"]).split(), columns, basis, speech)
    for name in SIDES:
        if name in params:
            said[name] = _counted(Decimal(str(params[name])), params["counted_in"], params, speech)
    for name in MONEY:
        if name in params:
            said[name] = _counted(Decimal(str(params[name])), "money", params, speech)
    return said


def _counted(amount: Decimal, counted_in: str, params: Mapping[str, Any], speech: Speech) -> str:
    if counted_in == "money":
        unit, currency = int(params.get("unit") or 1), str(params.get("currency") or YEN)
        return _amount(amount, unit, currency, speech)
    if counted_in == "ratio":
        return f"{_negative(numbers.write(amount * 100, least=1, most=PERCENT), speech)}%"
    return _negative(numbers.write(amount, most=TIMES), speech)


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
    basis = Basis(params.get("standard"), params.get("scope"))
    names = str(params["parts"]).split(" + ")
    unit, currency = int(params.get("unit") or 1), str(params.get("currency") or YEN)
    return {
        "parts": " + ".join(_label(name, columns, basis, speech) for name in names),
        "amount": _amount(Decimal(str(params["amount"])), unit, currency, speech),
    }


def _label(name: str, columns: Mapping[str, Column[Any]], basis: Basis, speech: Speech) -> str:
    column = columns.get(name)
    if column is None:
        return name
    return speech.say(statement_labels.of_column(column, basis) or labels.of_column(column))


def _amount(amount: Decimal, unit: int, currency: str, speech: Speech) -> str:
    """An amount in the unit in which the filer writes; one that is no multiple of that unit in whole yen."""
    unit = unit if unit in SCALES and amount % unit == 0 else 1
    whole = (amount / unit).quantize(Decimal(1), ROUND_HALF_UP)
    ja, en = SCALES.get(unit, ("", ""))
    money = ("円", "yen") if currency == YEN else (currency, currency)
    word = f"{ja}{money[0]}" if speech.is_japanese else f"{en}{money[1]}"
    return f"{_negative(numbers.write(whole), speech)} {word}"


def _negative(text: str, speech: Speech) -> str:
    """A negative figure as statements print it in Japan: ▲."""
    return f"▲{text[1:]}" if speech.is_japanese and text.startswith("-") else text
