"""What narrows a list, in words, each with the address of the list without it."""

from typing import NamedTuple

from webapp.lists import conditions
from webapp.lists.conditions import Asked
from webapp.lists.query import REPEATED, ListQuery
from webapp.words.speech import Speech


class Chip(NamedTuple):
    """A condition in words, and the address of the list without it."""

    name: str
    value: str
    address: str
    is_misread: bool = False


def of_list(asked: ListQuery, start: str, speech: Speech) -> list[list[Chip]]:
    """What narrows the list, each with the address without it; of those together any is enough."""
    chips: list[list[Chip]] = []
    if asked.text:
        rest = asked.from_start(text="").address(start)
        chips.append([Chip(speech.pair(speech.gettext("Search"), ""), asked.text, rest)])
    for some in conditions.alternatives(asked.asked):
        chips.append([_chip(asked, one, start, speech) for one in some])
    return chips + [[_misread(asked, pair, start, speech)] for pair in asked.misread]


def _misread(asked: ListQuery, pair: tuple[str, str], start: str, speech: Speech) -> Chip:
    """A condition that nobody understood: it narrows nothing, and no file is made until it is taken away."""
    rest = tuple(other for other in asked.misread if other != pair)
    name, value = pair
    said = speech.pair(conditions.arg_of(name)[:REPEATED], "")
    address = asked.from_start(misread=rest).address(start)
    return Chip(said, value[:REPEATED], address, is_misread=True)


def _chip(asked: ListQuery, one: Asked, start: str, speech: Speech) -> Chip:
    rest = tuple(other for other in asked.asked if other is not one)
    address = asked.from_start(asked=rest).address(start)
    name, value = conditions.in_words(one, speech)
    return Chip(speech.pair(name, ""), value, address)
