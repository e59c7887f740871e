"""The figures that a report gives, as the columns of statements hold them; what no column can hold is left out.

A filer may tag a figure with the wrong sign, or a count with a fraction; the rest of its statement is none the worse.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column

from webapp.files.edinet import mapping
from webapp.files.edinet.statements import Statement
from webapp.label import Phrase
from webapp.models import code_words
from webapp.models.financial_statement import FinancialStatement
from webapp.rules.fields import Saying
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_labels

COUNTS = frozenset({"shares_issued", "treasury_share_count", "average_shares", "employees"})


class LeftOut(NamedTuple):
    """A figure that breaks the rule of its column."""

    column: Column[Any]
    value: Any
    element: str
    why: Saying


def typed(statement: Statement) -> dict[str, Any]:
    """Each figure as its column holds it; None where the filing does not give it, or as no column can hold it."""
    kept = {name: _as_counted(name, value) for name, value in statement.values.items()}
    return kept | {one.column.name: None for one in left_out(statement)}


def is_traced(place: Mapping[str, str]) -> bool:
    """Whether a figure stands in one line, and is neither a sum nor worked out."""
    return mapping.PLUS not in place["element"] and place["element"] != mapping.FORMULA


def left_out(statement: Statement) -> Iterator[LeftOut]:
    """What the filing gives and is not stored."""
    columns = row_codec.table_of(FinancialStatement).columns
    for name, value in statement.values.items():
        rule = columns[name].info.get("rule")
        saying = rule.broken_by(_as_counted(name, value)) if value is not None and rule is not None else None
        if saying is not None:
            yield LeftOut(columns[name], value, statement.places[name]["element"], saying)


def remarks(statement: Statement) -> Iterator[Finding]:
    """What is left out, and why."""
    message = "%(figure)s (%(scope)s) is left out: the report gives %(value)s in %(element)s. What is stored %(why)s"
    in_what = {"currency": statement.currency, "rounding_unit": statement.rounding_unit}
    for one in left_out(statement):
        why = Phrase(one.why.message, {name: str(part) for name, part in one.why.params.items()})
        said = {"figure": one.column.info["label"], "scope": code_words.SCOPES[statement.scope]}
        said |= row_labels.amounts(one.column, in_what, {"value": one.value})
        said |= {"element": one.element, "why": why}
        yield Finding(None, message, said, is_blocking=False)


def _as_counted(name: str, value: Any) -> Any:
    return int(value) if name in COUNTS and value is not None and value == int(value) else value
