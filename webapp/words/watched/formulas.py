"""An expression as people write it: figures by their names or values, with × and ÷, and no bracket too many."""

from collections.abc import Callable
from functools import singledispatch

from webapp.rules.choices import Between, Since, UnderStandards
from webapp.rules.expressions import (
    Absolute,
    Combined,
    Days,
    Expression,
    Figure,
    FirstKnown,
    Number,
    OfKnown,
    Remainder,
    YearlyGrowth,
)
from webapp.words import labels, numbers
from webapp.words.speech import Speech

SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}
# What binds as tightly as its sign; what stands alone binds most.
TIGHT = {"+": 1, "-": 1, "*": 2, "/": 2}
ALONE = 3
# How a figure is called, or what it comes to.
NameOf = Callable[[Figure], str]
Written = tuple[str, int]


def written(expression: Expression, name_of: NameOf, speech: Speech) -> str:
    """The expression in one line."""
    return _written(expression, name_of, speech)[0]


@singledispatch
def _written(
    expression: Expression, name_of: NameOf, speech: Speech  # noqa: ARG001  # as the others
) -> Written:
    raise TypeError(f"nobody has said how {type(expression).__name__} is written")


@_written.register
def _figure(expression: Figure, name_of: NameOf, speech: Speech) -> Written:  # noqa: ARG001  # as the others
    return name_of(expression), ALONE


@_written.register
def _number(expression: Number, name_of: NameOf, speech: Speech) -> Written:  # noqa: ARG001  # as the others
    return numbers.write(expression.number), ALONE


@_written.register
def _combined(expression: Combined, name_of: NameOf, speech: Speech) -> Written:
    own = TIGHT[expression.sign]
    left = _bracketed(expression.left, name_of, speech, own)
    # What is taken away, or divided by, is one thing.
    right = _bracketed(expression.right, name_of, speech, own + (expression.sign in "-/"))
    return f"{left}{SIGNS[expression.sign]}{right}", own


@_written.register
def _absolute(expression: Absolute, name_of: NameOf, speech: Speech) -> Written:
    return f"|{written(expression.of, name_of, speech)}|", ALONE


@_written.register
def _days(expression: Days, name_of: NameOf, speech: Speech) -> Written:
    first, last = name_of(expression.first), name_of(expression.last)
    return speech.gettext("days from %(first)s to %(last)s", first=first, last=last), TIGHT["-"]


@_written.register
def _remainder(expression: Remainder, name_of: NameOf, speech: Speech) -> Written:
    of, by = name_of(expression.of), name_of(expression.by)
    return speech.gettext("remainder of %(of)s by %(by)s", of=of, by=by), TIGHT["-"]


@_written.register
def _first_known(expression: FirstKnown, name_of: NameOf, speech: Speech) -> Written:
    first = written(expression.first, name_of, speech)
    otherwise = written(expression.otherwise, name_of, speech)
    return speech.in_brackets(first, speech.gettext("where missing, %(other)s", other=otherwise)), 1


@_written.register
def _of_known(expression: OfKnown, name_of: NameOf, speech: Speech) -> Written:
    return SIGNS["+"].join(written(term, name_of, speech) for term in expression.terms), TIGHT["+"]


@_written.register
def _between(expression: Between, name_of: NameOf, speech: Speech) -> Written:
    of = written(expression.of, name_of, speech)
    remark = speech.gettext("only %(low)s to %(high)s", low=expression.low, high=expression.high)
    return speech.in_brackets(of, remark), 1


@_written.register
def _since(expression: Since, name_of: NameOf, speech: Speech) -> Written:  # noqa: ARG001  # as the others
    return speech.say(expression.label), ALONE


@_written.register
def _under_standards(expression: UnderStandards, name_of: NameOf, speech: Speech) -> Written:
    words = labels.WORDS["accounting_standard"]
    said = speech.gettext(
        "%(standards)s: %(of)s; otherwise: %(other)s",
        standards=speech.listed(speech.say(words[standard]) for standard in expression.standards),
        of=written(expression.of, name_of, speech),
        other=written(expression.otherwise, name_of, speech),
    )
    return said, 0


@_written.register
def _yearly_growth(expression: YearlyGrowth, name_of: NameOf, speech: Speech) -> Written:
    of = _bracketed(expression.of, name_of, speech, ALONE)
    return f"{of} ^ (1 ÷ {expression.years}) − 1", TIGHT["-"]


def _bracketed(expression: Expression, name_of: NameOf, speech: Speech, least: int) -> str:
    text, binds = _written(expression, name_of, speech)
    return text if binds >= least else f"({text})"
