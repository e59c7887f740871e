"""The numbers of a report by element and context. Pure.

Where a fact is told in two currencies, one is for the convenience of readers abroad: what counts is the currency of
most of the report, and yen where both have as many.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from webapp.files.edinet import mapping
from webapp.files.edinet.document import NIL, Document, Fact
from webapp.files.edinet.periods import OF_PARENT, Contexts
from webapp.files.rows import WrongFile, shown

# Of an amount per share the unit is its currency with this behind it.
PER_SHARE = "PerShares"
YEN = "JPY"
Key = tuple[str, str]


class _Units:
    """Which unit of a report goes before others."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def _numbers(self) -> Counter[str]:
        return Counter(
            fact.unit.removesuffix(PER_SHARE) for fact in self._document.facts if fact.number is not None
        )

    def rank(self, fact: Fact) -> tuple[int, bool]:
        """The higher, the more of the report is in it."""
        unit = fact.unit.removesuffix(PER_SHARE)
        return self._numbers[unit], unit == YEN


def by_key(document: Document, contexts: Contexts, version: int) -> Mapping[Key, Fact]:
    """The facts with a number, as lines name them; raises WrongFile where a figure has neither a number nor a nil."""
    known, columns, units = mapping.elements(version), (contexts.duration, contexts.instant), _Units(document)
    facts: dict[Key, Fact] = {}
    for fact in document.facts:
        element = mapping.named(fact.element)
        if fact.number is not None:
            other = facts.setdefault((element, fact.context), fact)
            if other is not fact and units.rank(fact) > units.rank(other):
                facts[element, fact.context] = fact
        elif (
            fact.unit not in NIL
            and fact.value not in NIL
            and element in known
            and fact.context.removesuffix(OF_PARENT) in columns
        ):
            raise WrongFile(
                expected="a number, or －, in %(element)s",
                found="“%(value)s” in line %(line)s",
                element=shown(fact.element),
                value=shown(fact.value),
                line=f"{fact.line:,}",
            )
    return facts


def amounts(facts: Iterable[Fact]) -> Sequence[Decimal]:
    """The numbers of those that have one."""
    return [fact.number for fact in facts if fact.number is not None]
