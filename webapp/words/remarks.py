"""Findings as people read them: columns by their labels, amounts in the unit of the statement."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Column

from webapp.words import labels, numbers, statement_labels
from webapp.words.speech import Sentence, Speech
from webapp.words.statement_labels import Basis

SCALES = {1_000: ("千", "thousand "), 1_000_000: ("百万", "million ")}
YEN = "JPY"


def sentence(finding: Sentence, columns: Mapping[str, Column[Any]], speech: Speech) -> str:
    """A finding's sentence, filled; `columns` are those of the tables that it may speak of, by name."""
    params = dict(finding.params)
    if "parts" in params and "amount" in params:
        basis = Basis(params.get("standard"), params.get("scope"))
        names = str(params["parts"]).split(" + ")
        params["parts"] = " + ".join(_label(name, columns, basis, speech) for name in names)
        unit, currency = int(params.get("unit") or 1), str(params.get("currency") or YEN)
        params["amount"] = _amount(Decimal(str(params["amount"])), unit, currency, speech)
    return speech.gettext(finding.message, **params)


def _label(name: str, columns: Mapping[str, Column[Any]], basis: Basis, speech: Speech) -> str:
    column = columns.get(name)
    if column is None:
        return name
    return speech.say(statement_labels.of_column(column, basis) or labels.of_column(column))


def _amount(amount: Decimal, unit: int, currency: str, speech: Speech) -> str:
    """An amount in the unit in which the filer writes; one of less than that unit in whole yen."""
    unit = unit if unit in SCALES and amount >= unit else 1
    whole = (amount / unit).quantize(Decimal(1), ROUND_HALF_UP)
    ja, en = SCALES.get(unit, ("", ""))
    money = ("円", "yen") if currency == YEN else (currency, currency)
    word = f"{ja}{money[0]}" if speech.is_japanese else f"{en}{money[1]}"
    return f"{numbers.write(whole)} {word}"
