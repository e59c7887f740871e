"""One column of the panel of filters: a facet to be ticked where its values are few, otherwise fields to type into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.lists import conditions, filters
from webapp.lists.conditions import ColumnFilter
from webapp.lists.filters import EmptyFilter, NumberFilter
from webapp.lists.plan import ListPlan
from webapp.words.speech import Speech

# A facet of so few values is open from the start.
FEW = 6


@dataclass(frozen=True, slots=True)
class Tick:
    """A value that can be ticked: name and value in the address."""

    name: str
    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """A field to type into, or to choose from where it has options."""

    name: str
    says: str
    kind: str
    value: str
    options: Sequence[tuple[str, str]] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What the panel has about one column."""

    label: str
    # The facet's name in the address; None where the column has too many values.
    facet: str | None
    # Whether the values of the facet are other records, which script fetches.
    is_fetched: bool
    ticks: Sequence[Tick]
    inputs: Sequence[Input]
    is_used: bool

    @property
    def is_open(self) -> bool:
        return self.is_used or (not self.is_fetched and 0 < len(self.ticks) <= FEW)


def part(plan: ListPlan, name: str, values: Mapping[str, Sequence[str]], speech: Speech) -> Part:
    """The column of this name, with what is asked of it now by names of filters in the address."""
    # A name in an address needs a number; the place among all filters is one.
    placed = [(place, one) for place, one in enumerate(plan.filters.values()) if one.column.name == name]
    facet = next((one for _place, one in placed if filters.is_facet(one)), None)
    ticks: list[Tick] = []
    inputs: list[Input] = []
    for place, one in placed:
        field, given = f"{conditions.START}{place}_{one.arg}", list(values.get(one.arg, ()))
        if facet is not None and isinstance(one, EmptyFilter):
            ticks.append(Tick(field, "1", speech.gettext("(empty)"), "1" in given))
            says = speech.gettext(one.question.says)
            inputs += [Input(field, says, "hidden", value) for value in given if value != "1"]
        elif not given and (one.question.is_negated or (facet is not None and isinstance(one, NumberFilter))):
            # What is rarely asked has no field of its own; it can be asked of every column in a group.
            continue
        elif filters.is_facet(one):
            options = _options(one, speech)
            # Of other records only those that are ticked: script fetches the rest.
            values_of_facet = options or [(value, value) for value in given]
            ticks += [Tick(field, value, label, value in given) for value, label in values_of_facet]
            inputs += [] if options else [_input(field, one, "", speech)]
        else:
            inputs += [_input(field, one, value, speech) for value in given or [""]]
    return Part(
        speech.say(placed[0][1].label),
        None if facet is None else facet.arg,
        is_fetched=isinstance(facet, filters.ReferenceFilter),
        ticks=ticks,
        inputs=inputs,
        is_used=any(values.values()),
    )


def _options(asked: ColumnFilter, speech: Speech) -> list[tuple[str, str]]:
    return [(value, speech.say(label)) for value, label in asked.options().items()]


def _input(field: str, asked: ColumnFilter, value: str, speech: Speech) -> Input:
    options = _options(asked, speech)
    kind = "select" if options else asked.input_type
    hint = speech.gettext(asked.hint) if asked.hint else ""
    return Input(field, says(asked, speech), kind, value, options, hint)


def says(asked: ColumnFilter, speech: Speech) -> str:
    """A question as it stands before its field, with the unit that is typed into it."""
    word = speech.gettext(asked.question.says)
    if asked.unit is None:
        return word
    return speech.in_brackets(word, speech.say(asked.unit))


def questions(plan: ListPlan, speech: Speech) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """Everything that can be asked of the list's records: name in the address, words, type of input, and options."""
    return [
        (name, f"{speech.say(one.label)} {says(one, speech)}", one.input_type, _options(one, speech))
        for name, one in plan.filters.items()
    ]
