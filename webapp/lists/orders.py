"""In which order a list is: its levels as an address says them."""

from collections.abc import Container, Iterable
from functools import lru_cache
from typing import NamedTuple

from webapp.lists import paging

# The name in an address; how many levels it may have.
NAME, MOST = "order", 4
DOWN = "-"
# The name by which the menu says, without script, which of its levels are descending: by their numbers from 1.
TURNED = "down"


class Level(NamedTuple):
    """One column of an order, by its name in the list."""

    name: str
    is_descending: bool = False


Levels = tuple[Level, ...]


def read(texts: Iterable[str], turned: Container[str] = ()) -> Levels:
    """The levels in an address, each column once; the names may be any. `turned` numbers texts that are descending."""
    levels: dict[str, Level] = {}
    for number, text in enumerate(texts, start=1):
        for word in text[: paging.LONGEST].split(","):
            name = word.strip().removeprefix(DOWN)
            levels.setdefault(name, Level(name, word.strip().startswith(DOWN) or str(number) in turned))
    return tuple(levels.values())


@lru_cache(maxsize=1000)
def write(levels: Levels) -> str:
    """Levels for an address."""
    return ",".join(map(word, levels))


def word(level: Level) -> str:
    """A level as an address says it."""
    return DOWN + level.name if level.is_descending else level.name
