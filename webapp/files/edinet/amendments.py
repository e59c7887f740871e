"""A document beside the one that it amends: which facts it adds, takes away and changes. Pure.

An amendment (訂正報告書) is filed as the whole document again, so that what it amends is known from the two alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from webapp.files.edinet import document, filed_facts, report_parts
from webapp.files.edinet.document import Fact
from webapp.files.edinet.filed_facts import LONGEST, FiledFact

# So much of a long text stands before the place where it differs.
BEFORE_PLACE = 30
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact in the earlier and in the later document; None where it is not there. Texts are cut around the place."""

    before: FiledFact | None
    after: FiledFact | None


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs, in the later document's order and last what it has left out; and how many facts do not."""

    facts: Sequence[Difference]
    same: int


def read(content: bytes, first_bytes: int) -> Differences:
    """The differences of two zips of type 5, of which the first has so many bytes; raises WrongFile."""
    before, after = (_by_key(part) for part in (content[:first_bytes], content[first_bytes:]))
    facts = tuple(_differences(before, after))
    return Differences(facts, len(before.keys() | after.keys()) - len(facts))


def _by_key(content: bytes) -> dict[Key, tuple[Fact, str]]:
    facts = document.read(content).facts
    parts = zip(facts, report_parts.of(facts), strict=True)
    return {(fact.element, fact.context, fact.unit): (fact, part) for fact, part in parts}


def _differences(
    before: dict[Key, tuple[Fact, str]], after: dict[Key, tuple[Fact, str]]
) -> Iterator[Difference]:
    for key, (fact, part) in after.items():
        if key not in before:
            yield Difference(None, filed_facts.shown(fact, part))
        elif before[key][0].value != fact.value and not _is_same_number(before[key][0], fact):
            yield _changed(before[key], (fact, part))
    for key, (fact, part) in before.items():
        if key not in after:
            yield Difference(filed_facts.shown(fact, part), None)


def _is_same_number(one: Fact, other: Fact) -> bool:
    return one.number is not None and one.number == other.number


def _changed(before: tuple[Fact, str], after: tuple[Fact, str]) -> Difference:
    texts = before[0].value, after[0].value
    shown = [filed_facts.shown(*one) for one in (before, after)]
    if max(map(len, texts)) > LONGEST:
        place = next(
            (at for at, pair in enumerate(zip(*texts, strict=False)) if pair[0] != pair[1]),
            min(map(len, texts)),
        )
        shown = [replace(one, value=_around(text, place)) for one, text in zip(shown, texts, strict=True)]
    return Difference(*shown)


def _around(text: str, place: int) -> str:
    """A text from a little before a place."""
    start = max(0, place - BEFORE_PLACE)
    return ("…" if start else "") + filed_facts.cut(text[start:])
