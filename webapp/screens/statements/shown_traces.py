"""How a figure follows from its filing, said in a sentence beside the facts."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from webapp.lists.plan import ListPlan
from webapp.models.financial_statement import FinancialStatement
from webapp.screens.record import change_set_pages, details
from webapp.screens.statements import tracing
from webapp.screens.statements.tracing import Figure
from webapp.services.changes import row_codec
from webapp.services.intake.tracing import figure_traces as traces
from webapp.services.intake.tracing.figure_traces import Trace
from webapp.words import filed_contexts, formatters, numbers, record_names, statement_labels, stored_sentences
from webapp.words.marked import _
from webapp.words.speech import Speech


class ShownTrace(NamedTuple):
    """A figure as its statement has it, how it follows, the lines of its facts, and the addresses around it.

    `is_sure`: it is what the filing says. `by_url`: the change set of whoever set it by hand.
    """

    statement: str
    label: str
    unit: str
    value: Any
    sentences: list[str]
    is_sure: bool
    lines: frozenset[int]
    back: str
    by_url: str | None


def of(trace: Trace, plan: ListPlan, spoken: Speech) -> ShownTrace:
    """A trace in the language of its reader."""
    figure = details.fact(plan, trace.statement, trace.field, spoken, lambda _record: None)
    is_only_named = trace.how == traces.BY_HAND and trace.origin is not None and not trace.facts
    place = _unread(trace, spoken) if is_only_named else ""
    sentences = [HOW[trace.how](trace, spoken), place, _of_other(trace, spoken)]
    return ShownTrace(
        statement=record_names.of(trace.statement, spoken),
        label=figure.label,
        unit=figure.unit,
        value=figure.value,
        sentences=[sentence for sentence in sentences if sentence],
        is_sure=trace.how in (traces.LINE, traces.SUM, traces.FORMULA),
        lines=frozenset(fact.line for fact in trace.facts),
        back=tracing.way_back(Figure(trace.statement, trace.field)),
        by_url=None if trace.by is None else change_set_pages.address_of_item(trace.by.change_set_id, None),
    )


def _lines(trace: Trace, spoken: Speech) -> str:
    return spoken.listed(f"{fact.line:,}" for fact in trace.facts)


def _line(trace: Trace, spoken: Speech) -> str:
    return spoken.gettext("It is what line %(line)s of the filing says.", line=_lines(trace, spoken))


def _sum(trace: Trace, spoken: Speech) -> str:
    return spoken.gettext("It is the sum of lines %(lines)s of the filing.", lines=_lines(trace, spoken))


def _formula(trace: Trace, spoken: Speech) -> str:
    message = _(
        "It stands in no line: it is net assets less subscription rights and non-controlling interests"
        " (lines %(lines)s)."
    )
    return spoken.gettext(message, lines=_lines(trace, spoken) or "—")


def _by_hand(trace: Trace, spoken: Speech) -> str:
    assert trace.by is not None
    change_set = trace.by.change_set
    who = {
        "who": stored_sentences.author(change_set.author_name, spoken),
        "when": formatters.instant(change_set.applied_at, spoken),
    }
    if trace.filed is None:
        return spoken.gettext("%(who)s set it by hand (%(when)s).", **who)
    message = _("%(who)s set it by hand (%(when)s); the filing says %(filed)s in line %(line)s.")
    return spoken.gettext(message, **who, filed=_digits(trace, spoken), line=_lines(trace, spoken))


def _otherwise(trace: Trace, spoken: Speech) -> str:
    if trace.filed is None:
        return spoken.gettext("The line that the statement names is not in the filing.")
    message = _("The filing says %(filed)s in line %(line)s: what is stored differs.")
    return spoken.gettext(message, filed=_digits(trace, spoken), line=_lines(trace, spoken))


def _unread(trace: Trace, spoken: Speech) -> str:
    assert trace.origin is not None
    context = trace.origin.context or "—"
    in_words = filed_contexts.of(context, spoken)
    place = {
        "element": trace.origin.element,
        "context": spoken.in_brackets(in_words, context) if in_words else context,
    }
    message = _("As the statement says, it stands at %(element)s in context %(context)s.")
    return spoken.gettext(message, **place)


def _nowhere(_trace: Trace, spoken: Speech) -> str:
    return spoken.gettext("No line of the filing is known of which it is.")


def _digits(trace: Trace, spoken: Speech) -> str:
    if trace.filed is None:
        return "—"
    digits = numbers.led(f"{trace.filed:,}")
    basis = statement_labels.of_record(trace.statement)
    column = row_codec.table_of(FinancialStatement).columns[trace.field]
    # A fraction stands in the file as such.
    unit = statement_labels.unit_of(column, basis) if statement_labels.is_of_currency(column) else None
    return digits if unit is None else f"{digits} {spoken.say(unit)}"


def _of_other(trace: Trace, spoken: Speech) -> str:
    """Where it stands in another document than the statement's own."""
    own = trace.statement.filing_doc_id
    if trace.doc_id == own or own is None:
        return ""
    message = _("The statement itself is of %(own)s, which repeats this figure of %(document)s.")
    return spoken.gettext(message, own=own, document=trace.doc_id)


HOW: Mapping[str, Callable[[Trace, Speech], str]] = {
    traces.LINE: _line,
    traces.SUM: _sum,
    traces.FORMULA: _formula,
    traces.BY_HAND: _by_hand,
    traces.OTHERWISE: _otherwise,
    traces.UNREAD: _unread,
    traces.NOWHERE: _nowhere,
}
