"""One column of the panel of filters: a facet to be ticked where its values are few, otherwise fields to type into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from webapp.lists import filters
from webapp.lists.filters import ColumnFilter, EmptyFilter, YesNoFilter

# A facet of so few values is open from the start.
FEW = 6

Placed = Sequence[tuple[int, ColumnFilter]]


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


def part(placed: Placed, values: Mapping[str, Sequence[str]]) -> Part:
    """The column of these filters, with what is asked of it now by names in the address."""
    facets = [made for _place, made in placed if filters.is_facet(made)]
    ticks: list[Tick] = []
    inputs: list[Input] = []
    for place, made in placed:
        name, given = f"flt{place}_{made.arg}", list(values.get(made.arg, ()))
        if facets and isinstance(made, EmptyFilter):
            ticks.append(Tick(name, "1", gettext("(empty)"), "1" in given))
            inputs += [Input(name, str(made.operation()), "hidden", value) for value in given if value != "1"]
        elif made in facets:
            ticks += [Tick(name, value, label, value in given) for value, label in _values(made, given)]
            inputs += [] if _options(made) else [_input(name, made, "")]
        else:
            inputs += [_input(name, made, value) for value in given or [""]]
    return Part(
        str(placed[0][1].name),
        facets[0].arg if facets else None,
        is_fetched=bool(facets) and isinstance(facets[0], filters.ReferenceFilter),
        ticks=ticks,
        inputs=inputs,
        is_used=any(values.values()),
    )


def in_words(made: ColumnFilter, value: str) -> tuple[str, str, str]:
    """A condition as people read it: column, comparison, value."""
    return str(made.name), str(made.operation()), dict(_options(made)).get(value) or made.in_words(value)


def _values(made: ColumnFilter, given: Sequence[str]) -> list[tuple[str, str]]:
    """What can be ticked: every value, of other records only those that are ticked."""
    return _options(made) or [(value, value) for value in given]


def _options(made: ColumnFilter) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in made.get_options() or ()]


def _input(name: str, made: ColumnFilter, value: str) -> Input:
    kind = "select" if isinstance(made, YesNoFilter) else "date" if made.data_type else "text"
    return Input(name, str(made.operation()), kind, value, _options(made))
