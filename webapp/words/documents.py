"""Values that are stored as JSON, as people read them: what they hold in words, never the JSON itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup
from sqlalchemy import Column

from webapp.words import filed_contexts, labels, statement_labels
from webapp.words.speech import Speech
from webapp.words.statement_labels import NO_BASIS, Basis

FOLDED = Markup("{} <details><summary>{}</summary><dl>{}</dl></details>")
# Where the states of indicators are stored, by their names.
STATES = "statuses"
LINE = Markup("<div><dt>{}</dt><dd>{}</dd></div>")


def summary(value: Any, column: Column[Any], speech: Speech, basis: Basis = NO_BASIS) -> str | None:
    """What a value holds, in one line; an empty one is nothing."""
    if not value:
        return None
    if isinstance(value, Mapping):
        filings = Counter(_filing(one) for one in value.values())
        if set(filings) != {None}:
            return speech.listed(
                speech.pair(name or speech.gettext("Other"), _number(count, speech))
                for name, count in filings.items()
            )
        parts = (
            (_label(name, column, speech, basis), _in_words(one, column, speech))
            for name, one in value.items()
        )
        return speech.listed(speech.pair(*part) for part in parts)
    return _said(value, speech)


def whole(value: Any, column: Column[Any], speech: Speech, basis: Basis = NO_BASIS) -> Any:
    """The same, with every part of it behind a line that opens it, which stays off paper."""
    said = summary(value, column, speech, basis)
    if said is None or not isinstance(value, Mapping):
        return said
    lines = Markup().join(
        LINE.format(_label(name, column, speech, basis), _in_words(one, column, speech))
        for name, one in value.items()
    )
    return FOLDED.format(said, _number(len(value), speech), lines)


def _filing(source: Any) -> str | None:
    """The filing that a figure comes from, as sources name it."""
    return source.get("filing") if isinstance(source, Mapping) else None


def _number(count: int, speech: Speech) -> str:
    return speech.plural("%(count)s field", "%(count)s fields", count) % {"count": f"{count:,}"}


def _label(name: str, column: Column[Any], speech: Speech, basis: Basis) -> str:
    """What a key means: a column of the same table, or itself."""
    named = column.table.columns.get(name)
    return name if named is None else speech.say(statement_labels.called(named, basis))


def _in_words(value: Any, column: Column[Any], speech: Speech) -> str:
    """A part of a value; one of the states of indicators by its word."""
    state = labels.INDICATOR_STATES.get(value) if column.name == STATES else None
    return _said(value, speech) if state is None else speech.say(state)


def _said(value: Any, speech: Speech) -> str:
    if isinstance(value, Mapping):
        return _listed((_part(name, one, speech) for name, one in value.items()), speech)
    if isinstance(value, list):
        return _listed(value, speech)
    return "—" if value is None else str(value)


def _part(name: str, value: Any, speech: Speech) -> Any:
    """A part of a value; the column of a report in words, beside its id."""
    in_words = filed_contexts.of(value, speech) if name == "context" and isinstance(value, str) else ""
    return speech.in_brackets(in_words, value) if in_words else value


def _listed(values: Iterable[Any], speech: Speech) -> str:
    return speech.listed(_said(one, speech) for one in values)
