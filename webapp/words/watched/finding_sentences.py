"""A finding as a sentence: which record and field, what is wrong, and what stands there beside what should."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import Column

from webapp.label import Label
from webapp.models import references
from webapp.models.findings.finding import FiledFinding
from webapp.rules import finding as rules
from webapp.rules import findings
from webapp.services.changes import row_codec
from webapp.words import formatters, labels, record_names, remarks, statement_labels
from webapp.words.speech import Speech


class Said(NamedTuple):
    """What a finding keeps of its sentence."""

    message: str
    params: dict[str, Any]
    field: str | None


def sentence(finding: FiledFinding, speech: Speech) -> str:
    """The whole of it, in one language."""
    columns = _table_of(finding).columns
    kept = Said(finding.message, findings.params_from(finding.params), finding.field)
    said = remarks.sentence(kept, {column.name: column for column in columns}, speech)
    field = columns.get(finding.field or "")
    # What is said of both sides begins with their figure.
    named = None if "counted_in" in finding.params else field
    where = [record(finding, speech), None if named is None else speech.say(_label(named, finding))]
    placed = speech.pair(" ".join(part for part in where if part), said)
    # A rule's own sentence says both sides.
    if field is None or finding.rule not in rules.OF_SOURCES:
        return placed
    stored, expected = values(finding, speech)
    figures = speech.gettext("stored %(stored)s, source %(expected)s", stored=stored, expected=expected)
    return speech.in_brackets(placed, figures)


def record(finding: FiledFinding, speech: Speech) -> str:
    """The record by its name, as far as the finding knows it; what belongs to no company goes by its kind and key."""
    table = labels.of_tables([finding.table_name], speech)
    if finding.company is None:
        return f"{table} {finding.row_key}"
    name = record_names.of(finding.company, speech)
    if finding.table_name == "companies":
        return name
    model = row_codec.model_of(finding.table_name)
    known = {column: finding.params[column] for column in model.naming.columns if column in finding.params}
    if not known:
        return f"{name} {table}"
    # What a finding keeps of a statement's standard is called as the names of its figures need it.
    if "accounting_standard" in model.naming.columns and "standard" in finding.params:
        known["accounting_standard"] = finding.params["standard"]
    return str(model.naming.of_values(row_codec.decode(model, known), name, speech.language))


def values(finding: FiledFinding, speech: Speech) -> list[Any]:
    """What is stored and what is expected, as people read them, with what they are counted in."""
    model = row_codec.model_of(finding.table_name)
    column = row_codec.table_of(model).columns[finding.field or ""]
    typed = [
        row_codec.decode(model, {column.name: value})[column.name]
        for value in (finding.observed, finding.expected)
    ]
    shown = _shown(column, typed, speech)
    unit = statement_labels.unit_of(column, statement_labels.of_facts(finding.params))
    counted_in = "" if unit is None else speech.say(unit) if unit.en == "%" else f" {speech.say(unit)}"
    return ["—" if value is None else f"{_plain(value)}{counted_in}" for value in shown]


def _table_of(finding: FiledFinding) -> Any:
    return row_codec.table_of(row_codec.model_of(finding.table_name))


def _shown(column: Column[Any], typed: Sequence[Any], speech: Speech) -> list[Any]:
    """A key reads as the name of its record."""
    if not column.foreign_keys:
        show = formatters.for_column(column, speech, is_exact=True)
        return [None if value is None else show(value) for value in typed]
    target = references.target_of(column)
    (key,) = row_codec.key_columns(target)
    return [
        None if value is None else record_names.with_value(target, key.name, value, speech) or str(value)
        for value in typed
    ]


def _label(column: Column[Any], finding: FiledFinding) -> Label:
    """What a field is called; a statement's figure after its standard."""
    basis = statement_labels.of_facts(finding.params)
    return statement_labels.called(column, basis)


def _plain(shown: Any) -> Any:
    """Within a sentence nothing is marked up; a negative figure is led by ▲ alone."""
    return shown.striptags().replace("▲−", "▲") if isinstance(shown, Markup) else shown
