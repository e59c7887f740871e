"""The page on which findings are decided on, and what is typed there: owner and day, or why figures are accepted."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import request, url_for
from sqlalchemy import select

from webapp import db
from webapp.forms import record_form
from webapp.models.findings.finding import IDENTITY, FiledFinding
from webapp.models.findings.finding_decision import FindingDecision
from webapp.models.user import User
from webapp.rules import calendar
from webapp.screens.record.screen import RecordScreen
from webapp.screens.work import finding_words
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import formatters, labels, numbers
from webapp.words.speech import Speech
from webapp.words.stored_sentences import ACCEPTED_FOR, in_language
from webapp.words.watched import finding_sentences

ASSIGN, WAIVE, TAKE_BACK = "assign", "waive", "take-back"
# Of many findings so many are read before they are decided on.
MOST_SHOWN = 20
COLUMNS = row_codec.table_of(FiledFinding).columns


class Fact(NamedTuple):
    """What is known of a finding beside its sentence; a word with its tone, or a value that leads somewhere."""

    label: str
    value: str
    tone: str | None = None
    url: str | None = None


def of_numbers(numbers: Sequence[int]) -> list[FiledFinding]:
    """Findings with what their sentences need."""
    asking = select(FiledFinding).where(FiledFinding.id.in_(numbers)).options(*finding_words.loads())
    return list(db.session.scalars(asking.order_by(FiledFinding.id)))


def seen(chosen: Sequence[int]) -> str:
    """What a page shows of findings, as a digest: which they are, and the figures that they are about."""
    shown = select(FiledFinding.id, FiledFinding.digest).where(FiledFinding.id.in_(chosen))
    lines = [f"{number} {digest}" for number, digest in db.session.execute(shown.order_by(FiledFinding.id))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def page(screen: RecordScreen, numbers: Sequence[int], *, of_all: str | None = None) -> str:
    """One finding, several, or all that a list finds: `of_all` is then its query, with which they are found again."""
    spoken = speech()
    shown = of_numbers(numbers[:MOST_SHOWN] if of_all is not None else numbers)
    people = select(User.id, User.name).where(User.is_active, User.role != "viewer").order_by(User.name)
    return screen.page(
        "quality/details.html",
        name=finding_sentences.sentence(shown[0], spoken) if len(numbers) == 1 else None,
        facts=list(_facts(shown[0], spoken)) if len(numbers) == 1 else [],
        chosen=[
            (finding, finding_sentences.sentence(finding, spoken), finding_words.address_of_field(finding))
            for finding in shown
        ],
        number=len(numbers),
        seen=seen(numbers),
        of_all=of_all,
        people=db.session.execute(people).all(),
        reasons=[(sentence, spoken.gettext(sentence)) for sentence in ACCEPTED_FOR],
        # What was refused is there to be mended.
        sent=request.form if "verb" in request.form else {},
        may_decide="decide_view" in screen.allowed(),
        today=calendar.today().isoformat(),
        save_token=record_form.new_token(),
        return_url=screen.return_url(),
    )


def _facts(finding: FiledFinding, speech: Speech) -> Iterator[Fact]:
    """Which rule it is that is broken, how grave that is, and since when; of accepted figures until when, and why."""

    def called(name: str) -> str:
        return speech.say(labels.of_column(COLUMNS[name]))

    declared = url_for("rules.index", _anchor=f"rule-{finding.rule}")
    yield Fact(called("rule"), labels.word(COLUMNS["rule"], finding.rule, speech), url=declared)
    for name in ("severity", "status"):
        word, column = getattr(finding, name), COLUMNS[name]
        yield Fact(called(name), labels.word(column, word, speech), labels.tones_of(column).get(word, ""))
    for name in ("first_seen_at", "closed_at"):
        if (instant := getattr(finding, name)) is not None:
            yield Fact(called(name), str(formatters.instant(instant, speech)))
    if finding.waived_until is not None:
        yield Fact(called("waived_until"), str(formatters.day(finding.waived_until, speech)))
        reason = speech.say(labels.of_column(row_codec.table_of(FindingDecision).columns["reason"]))
        yield Fact(reason, in_language("reason", _reason_of(finding), speech) or "—")


def _reason_of(finding: FiledFinding) -> str | None:
    """Why these very figures were accepted."""
    of = FindingDecision
    same = (getattr(of, name).is_not_distinct_from(getattr(finding, name)) for name in (*IDENTITY, "digest"))
    return db.session.scalar(select(of.reason).where(*same))


def typed(speech: Speech) -> tuple[dict[str, Any], str | None]:
    """What the sent form sets in decisions, or a sentence that says what is missing."""
    verb = request.form.get("verb")
    if verb == ASSIGN:
        return _assigned(speech)
    if verb == WAIVE:
        until, reason = _day("waived_until"), _reason()
        if until is None or until < calendar.today() or not reason:
            return {}, speech.gettext("Say until when and why it is accepted; the day is today or later.")
        return {"waived_until": until, "reason": reason}, None
    if verb == TAKE_BACK:
        return {"waived_until": None}, None
    return {}, speech.gettext("This form is incomplete. Open the record again.")


def _assigned(speech: Speech) -> tuple[dict[str, Any], str | None]:
    """Who looks after it and until when, or what is wrong with either."""
    owner = request.form.get("owner_id", "")
    owner_id = numbers.whole(owner)
    if owner and (owner_id is None or db.session.get(User, owner_id) is None):
        return {}, speech.gettext("Choose somebody of the list.")
    due = _day("due_on")
    if due is None and request.form.get("due_on", "").strip():
        return {}, speech.gettext("“%(value)s” is no day.", value=request.form["due_on"])
    return {"owner_id": owner_id, "due_on": due}, None


def _reason() -> str:
    """One's own reason where one is typed; otherwise the one of the list."""
    own, listed = request.form.get("reason", "").strip(), request.form.get("reason_of_list", "")
    return own or (listed if listed in ACCEPTED_FOR else "")


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
