"""Indicators that have moved, as people read them: ROE 8.10 % → 7.90 %."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from webapp.indicators.impact import Move
from webapp.indicators.indicator import OK
from webapp.models.financial_indicator import FinancialIndicator
from webapp.services.changes import row_codec
from webapp.services.checking.impact import OfCompany
from webapp.words import formatters, labels, numbers
from webapp.words.speech import Speech

COLUMNS = row_codec.table_of(FinancialIndicator).columns
# So many are named in a sentence.
MOST_NAMED = 3
# Beyond those that are usually shown; no indicator is stored with more.
MORE_DECIMALS = range(9)


class Moved(NamedTuple):
    """An indicator before and after: a value, or why there is none."""

    label: str
    before: str
    after: str


def moved(name: str, before: Any, after: Any, reasons: Sequence[str | None], speech: Speech) -> Moved:
    """One indicator that has moved; `reasons`: why it had no value or what stood in, and so now."""
    column = COLUMNS[name]
    pairs = tuple(zip((before, after), reasons, strict=True))
    for decimals in MORE_DECIMALS:
        was, is_now = (_side(column, value, reason, speech, decimals) for value, reason in pairs)
        # What has moved less than is usually shown would read as if it had not.
        if was != is_now or None in (before, after):
            break
    return Moved(speech.say(labels.of_column(column)), was, is_now)


def of_move(move: Move, speech: Speech) -> Moved:
    """The same of what is foreseen."""
    reasons = [None if side.status == OK else side.status for side in (move.before, move.after)]
    return moved(move.name, move.before.value, move.after.value, reasons, speech)


def of_stored(one: Mapping[str, Any], speech: Speech) -> Moved:
    """The same of what a change set keeps."""
    values = [None if one[side] is None else Decimal(one[side]) for side in ("before", "after")]
    return moved(one["name"], values[0], values[1], (one["was"], one["is_now"]), speech)


def sentence(kept: Mapping[str, Any] | None, speech: Speech) -> str | None:
    """What a change has moved, the first of it named; None where it has moved nothing that there was."""
    if not kept or not kept["moved"]:
        return None
    if _is_of_several(kept):
        return speech.gettext(
            "Indicators moved, of several companies: %(count)s.", count=f"{kept['moved']:,}"
        )
    named, more = _of_kept(kept, speech)
    if more:
        return speech.gettext(
            "Indicators moved: %(named)s and %(count)s more.", named=named, count=f"{more:,}"
        )
    return speech.gettext("Indicators moved: %(named)s.", named=named)


def foreseen_of(moving: Sequence[OfCompany] | None, speech: Speech) -> Sequence[str]:
    """What would move of several companies, come and go; that it is worked out later, where it is of too many."""
    if moving is None:
        return [later(speech)]
    moves = [move for one in moving for move in one.moves]
    is_of_several = sum(bool(one.moves) for one in moving) > 1
    said = _of_several(len(moves), speech) if is_of_several else foreseen(moves, speech)
    periods = _of_periods(sum(one.new for one in moving), sum(one.gone for one in moving), speech)
    return [*([] if said is None else [said]), *periods]


def later(speech: Speech) -> str:
    """What is said in place of what would move, of too many rows."""
    return speech.gettext("Of so many rows it is worked out after writing which indicators move.")


def foreseen(moves: Sequence[Move], speech: Speech) -> str | None:
    """What something would move, the first of it named; None where that is nothing."""
    if not moves:
        return None
    shown = [of_move(move, speech) for move in moves[:MOST_NAMED]]
    return _foreseen(_named(shown, speech), len(moves) - len(shown), speech)


def rehearsed(kept: Mapping[str, Any] | None, speech: Speech) -> Iterator[str]:
    """The same of what a change has moved that was taken back at once."""
    if not kept:
        return
    if _is_of_several(kept):
        yield _of_several(kept["moved"], speech)
    elif kept["moved"]:
        yield _foreseen(*_of_kept(kept, speech), speech)
    yield from _of_periods(int(kept["new"]), int(kept["gone"]), speech)


def _of_periods(new: int, gone: int, speech: Speech) -> Iterator[str]:
    """For how many periods there is something for the first time, and for how many no more."""
    if new:
        first = (
            "Computed for the first time: %(num)s period.",
            "Computed for the first time: %(num)s periods.",
        )
        yield speech.ngettext(*first, new)
    if gone:
        away = "Taken away: those of %(num)s period.", "Taken away: those of %(num)s periods."
        yield speech.ngettext(*away, gone)


def _is_of_several(kept: Mapping[str, Any]) -> bool:
    """Whether it is of several companies: a name and two values do not say then of which."""
    return len({one["company_id"] for one in kept["moves"]}) > 1


def _of_several(number: int, speech: Speech) -> str:
    return speech.gettext("It moves indicators of several companies: %(count)s.", count=f"{number:,}")


def _of_kept(kept: Mapping[str, Any], speech: Speech) -> tuple[str, int]:
    """The first that have moved, and how many more."""
    shown = [of_stored(one, speech) for one in kept["moves"][:MOST_NAMED]]
    return _named(shown, speech), int(kept["moved"]) - len(shown)


def _foreseen(named: str, more: int, speech: Speech) -> str:
    if more:
        return speech.gettext(
            "It moves indicators: %(named)s and %(count)s more.", named=named, count=f"{more:,}"
        )
    return speech.gettext("It moves indicators: %(named)s.", named=named)


def _named(shown: Sequence[Moved], speech: Speech) -> str:
    return speech.listed(f"{one.label} {one.before} → {one.after}" for one in shown)


def _side(column: Any, value: Any, reason: str | None, speech: Speech, decimals: int) -> str:
    said = None if reason is None else labels.word(COLUMNS["roe_status"], reason, speech)
    if value is None:
        return "—" if said is None else said
    unit = column.info.get("unit", "")
    least, most = formatters.DECIMALS.get(unit, (0, None))
    amount = value.scaleb(2) if unit == "ratio" else value
    most = None if most is None else most + decimals
    written = numbers.printed(amount, least=least + decimals, most=most)
    counted_in = labels.unit_of(column)
    written = written if counted_in is None else f"{written} {speech.say(counted_in)}"
    return written if said is None else speech.in_brackets(written, said)
