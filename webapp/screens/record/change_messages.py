"""Say what came of a change: here alone what the door answers becomes sentences, with a number to undo it by."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import flash
from markupsafe import Markup, escape

from webapp.forms.record_form import RecordForm
from webapp.label import Label
from webapp.models.change_set import ChangeSet
from webapp.rules.findings import Finding
from webapp.services.changes.door import Applied, DatabaseRefused, Outcome, SentBefore, Unchanged, Waiting
from webapp.services.changes.proposals import Conflict, Moved, Refused
from webapp.web import database_errors
from webapp.web.speaking import speech
from webapp.words import labels, remarks, stored_sentences
from webapp.words.speech import Speech
from webapp.words.watched import moved_indicators

SUCCESS = "success"
MOST_WARNINGS = 5
Columns = Mapping[str, Any]


def done(number: int, sentence: str) -> None:
    """Say that something is stored; the message that is shown offers to undo it."""
    flash(sentence, f"{SUCCESS}:{number}")


def of_form(
    outcome: Outcome,
    form: RecordForm,
    columns: Columns,
    link_of: Callable[[Finding], Markup | None],
) -> None:
    """Say what came of saving a form: beside its fields where it is not saved, otherwise on the next page.

    `link_of`: the record that a finding names, as a link.
    """
    spoken = speech()
    match outcome:
        case Applied():
            done(outcome.number, said(outcome, spoken))
            tell_moves(outcome, spoken)
            for sentence in of_others(outcome.meanwhile, columns, spoken):
                flash(sentence, "info")
            for finding in outcome.findings[:MOST_WARNINGS]:
                flash(worded(columns, finding, spoken), "warning")
        case SentBefore():
            number = _numbered(outcome.change_set.id)
            done(
                outcome.change_set.id,
                spoken.gettext("This was saved already, as change set %(number)s.", number=number),
            )
        case Waiting() | Unchanged():
            flash(said(outcome, spoken), "info")
        case Refused():
            _at_fields(outcome.findings, form, columns, link_of)
        case _:
            form.say(said(outcome, spoken))


def of_others(meanwhile: Iterable[Conflict], columns: Columns, speech: Speech) -> list[str]:
    """Who changed which other fields of the record while it was edited, and that this stays; a sentence a person."""
    fields: dict[str, list[str]] = {}
    for one in meanwhile:
        who = stored_sentences.author(one.by, speech)
        fields.setdefault(who, []).append(speech.say(labels.of_column(columns[one.field])))
    separator = "、" if speech.is_japanese else ", "
    return [
        speech.gettext(
            "Meanwhile %(who)s changed %(fields)s. That stays, beside your own changes.",
            who=who,
            fields=separator.join(names),
        )
        for who, names in fields.items()
    ]


def of_other_use(before: ChangeSet, url: str, *, is_new: bool) -> Markup:
    """Why a form that was saved before is not saved again as it is now: it wants something else."""
    spoken = speech()
    if is_new:
        sentence = spoken.gettext(
            "This form was saved already, as change set %(number)s. Your entries are still here;"
            " saving them again adds another record."
        )
    else:
        sentence = spoken.gettext(
            "This form was saved already, as change set %(number)s. Your entries are still here;"
            " saving them again makes another change."
        )
    return escape(sentence) % {"number": Markup('<a href="{}">#{}</a>').format(url, before.id)}


def of_deletion(outcome: Outcome, rows: int) -> None:
    """Say what came of deleting so many records."""
    spoken = speech()
    match outcome:
        case Applied(record=Label()):
            done(outcome.number, spoken.gettext("“%(record)s” was deleted.", record=outcome.record))
        case Applied():
            done(
                outcome.number,
                spoken.ngettext("%(num)s record was deleted.", "%(num)s records were deleted.", rows),
            )
        case SentBefore(change_set=before, is_same=True):
            number = _numbered(before.id)
            done(
                before.id,
                spoken.gettext("This was deleted already, as change set %(number)s.", number=number),
            )
        case SentBefore():
            flash(
                spoken.gettext("Nothing was deleted: this page was used for something else. Ask again."),
                "error",
            )
        case Waiting():
            flash(said(outcome, spoken), "info")
        case Refused():
            for reason in {spoken.sentence(finding) for finding in outcome.findings}:
                flash(spoken.gettext("Nothing was deleted: %(reason)s.", reason=reason), "error")
        case Moved():
            flash(
                spoken.gettext("Nothing was deleted: a record has changed or gone meanwhile. Look again."),
                "error",
            )
        case _:
            flash(said(outcome, spoken), "error")


def of_undoing(outcome: Outcome, undone: int) -> None:
    """Say what came of undoing a change set; why it cannot be done is told by `why_not_undone`."""
    spoken = speech()
    if not isinstance(outcome, Applied):
        flash(said(outcome, spoken), "error")
        return
    sentence = spoken.gettext(
        "Change set %(number)s was undone, as change set %(new)s.",
        number=_numbered(undone),
        new=_numbered(outcome.number),
    )
    done(outcome.number, sentence)
    tell_moves(outcome, spoken)


def tell_moves(outcome: Applied, speech: Speech) -> None:
    """Say which indicators have moved, where any has."""
    sentence = moved_indicators.sentence(outcome.moves, speech)
    if sentence is not None:
        flash(sentence, "info")


def said(outcome: Outcome, speech: Speech) -> str:
    """What came of a change, where that needs no more than a sentence."""
    match outcome:
        case Applied(record=Label()):
            return speech.gettext(
                "“%(record)s” is saved, as change set %(number)s.",
                record=outcome.record,
                number=_numbered(outcome.number),
            )
        case Applied():
            return speech.gettext("Saved as change set %(number)s.", number=_numbered(outcome.number))
        case Waiting(record=Label()):
            return speech.gettext(
                "“%(record)s” is stored as change set %(number)s;"
                " it is written once somebody else has approved it.",
                record=outcome.record,
                number=_numbered(outcome.number),
            )
        case Waiting():
            return speech.gettext(
                "Stored as change set %(number)s; it is written once somebody else has approved it.",
                number=_numbered(outcome.number),
            )
        case Unchanged():
            return speech.gettext("Nothing was different, so nothing was saved.")
        case DatabaseRefused():
            return database_errors.sentence(outcome.error, speech)
    raise outcome if isinstance(outcome, Exception) else TypeError(outcome)


def worded(columns: Columns, finding: Finding, speech: Speech) -> str:
    """A finding as a sentence that says which field it means."""
    sentence = remarks.sentence(finding, columns, speech)
    if finding.rule is not None or finding.field is None or finding.field not in columns:
        return sentence  # what a rule of accounting says begins with its figure
    return f"{speech.say(labels.of_column(columns[finding.field]))}: {sentence}"


def _at_fields(
    findings: Iterable[Finding],
    form: RecordForm,
    columns: Columns,
    link_of: Callable[[Finding], Markup | None],
) -> None:
    """Put each finding at its field, or where it has none at the top."""
    spoken = speech()
    for finding in findings:
        link = link_of(finding)
        if link is not None:
            sentence: str = escape(spoken.gettext(finding.message)) % {**finding.params, "record": link}
        else:
            sentence = remarks.sentence(finding, columns, spoken)
        if finding.field in form:
            field = form[finding.field]
            field.errors = [*field.errors, sentence]
        else:
            form.say(sentence if link is not None else worded(columns, finding, spoken))


def _numbered(number: int) -> str:
    return f"#{number}"
