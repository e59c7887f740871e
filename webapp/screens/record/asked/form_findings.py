"""What the rules say of a form that is still being typed: asked by its page whenever a field is left.

POST of the form as it is; `id` names the record, where it is stored, and `left` the field. Answers in JSON: findings, a
list of severity, its word and tone, text and fields (beside which it is said), and labels, what figures are called by
what is typed, by field, and counted_in, what units are called in the currency that is typed. Nothing is written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from webapp.forms import record_form
from webapp.forms.record_form import RecordForm
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding import FiledFinding
from webapp.rules import finding as severities
from webapp.rules.accounting import catalogue
from webapp.rules.expressions import NOW
from webapp.rules.findings import Finding
from webapp.screens.record import change_messages, forms
from webapp.screens.record.screen import RecordScreen
from webapp.services.changes import row_codec
from webapp.services.checking import impact, typed
from webapp.web.speaking import speech
from webapp.words import labels
from webapp.words.watched import moved_indicators

GONE = 404
SEVERITY = row_codec.table_of(FiledFinding).columns["severity"]


def answer(screen: RecordScreen) -> ResponseReturnValue:
    """What is found on the form as it was sent."""
    row = screen.get_one(request.args.get("id")) if "id" in request.args else None
    if row is None and "id" in request.args:
        return jsonify({"errors": [speech().gettext("This record does not exist.")]}), GONE
    form = forms.new_form(screen) if row is None else forms.stored_form(screen, row)
    form.is_valid()
    # What is no value is nothing to reckon with.
    values = {field.name: field.data for field in form.columns() if not field.errors}
    stored = None if row is None else {c.name: getattr(row, c.name) for c in screen.plan.table_columns}
    findings = typed.remarks(screen.plan.model, values, stored)
    left = request.args.get("left", "")
    shown = [*_told(screen, findings, left), *_refused(form), *_moved(screen, stored, values, left)]
    counted_in = record_form.count_as_typed(form)
    called = {
        "labels": record_form.call_as_typed(form),
        "counted_in": None if counted_in is None else asdict(counted_in),
    }
    return jsonify({"findings": shown, **called})


def _told(screen: RecordScreen, findings: Iterable[Finding], left: str) -> Iterable[dict[str, Any]]:
    for one in findings:
        text = change_messages.worded(screen.plan.table_columns, one, speech())
        yield _as_json(_severity(one), text, (one.field, _beside(one, left)))


def _moved(
    screen: RecordScreen, stored: Mapping[str, Any] | None, values: Mapping[str, Any], left: str
) -> Iterable[dict[str, Any]]:
    """Which indicators what is typed would move, beside the figure that was left."""
    model = screen.plan.model
    # Before a new statement nothing is reckoned of its period.
    if not impact.is_moved_by(model) or (stored is None and model is FinancialStatement):
        return
    if left in values and values[left] != (stored or {}).get(left):
        sentence = moved_indicators.foreseen(impact.of_values(model, stored, values), speech())
        if sentence is not None:
            yield _as_json(severities.NOTE, sentence, (left,))


def _refused(form: RecordForm) -> Iterable[dict[str, Any]]:
    """What a field was filled with and cannot hold; that it is no number is told beside it already."""
    for field in form.columns():
        for error in field.errors if any(field.raw_data or ()) else ():
            if error not in field.process_errors:
                yield _as_json(severities.BLOCKS, str(error), (field.name,))


def _as_json(severity: str, text: str, fields: Iterable[str | None]) -> dict[str, Any]:
    return {
        "severity": severity,
        "tone": labels.tones_of(SEVERITY).get(severity, ""),
        "word": labels.word(SEVERITY, severity, speech()),
        "text": text,
        "fields": list(dict.fromkeys(name for name in fields if name)),
    }


def _severity(finding: Finding) -> str:
    if finding.is_blocking:
        return severities.BLOCKS
    rule = catalogue.BY_ID.get(finding.rule or "")
    # A grave rule that is not about what was typed refuses nothing.
    return severities.REVIEW if rule is None or rule.severity == severities.BLOCKS else rule.severity


def _beside(finding: Finding, left: str) -> str | None:
    """The field that was just left, where it is one of the figures that do not agree: that is where one looks."""
    rule = catalogue.BY_KEY.get(f"{finding.rule}.{finding.field}")
    figures = () if rule is None else rule.figures()
    return left if any(figure.part == NOW and figure.name == left for figure in figures) else None
