"""The facts of a filing as rows of its page: what is asked for, found, and shown of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from flask import request

from webapp.files.edinet import report_parts
from webapp.files.edinet.filed_facts import FiledFact
from webapp.files.edinet.periods import OF_PARENT
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models import code_words
from webapp.screens.statements import tracing
from webapp.screens.statements.tracing import Figure
from webapp.services.intake.tracing.filed_figures import Became, FilingFacts
from webapp.web.speaking import speech
from webapp.words import filed_contexts, filed_units, formatters, statement_labels
from webapp.words.marked import _
from webapp.words.speech import Speech

# Facts of a page; the longest statements of real filings have some 300.
MOST = 400
LONGEST_SEARCH = 200
BECAME, NOTHING = "figures", "nothing"
KINDS = {"": _("All facts"), BECAME: _("Became figures"), NOTHING: _("Became nothing")}
PARTS: Mapping[str, Label] = {
    report_parts.SUMMARY: Label("主要な経営指標等", "Summary"),
    report_parts.BALANCE_SHEET: Label("貸借対照表", "Balance sheet"),
    report_parts.INCOME: Label("損益計算書", "Income statement"),
    report_parts.EQUITY: Label("株主資本等変動計算書", "Changes in equity"),
    report_parts.CASH_FLOWS: Label("キャッシュ・フロー計算書", "Cash flows"),
    report_parts.OTHER: Label("その他の数値", "Other numbers"),
    report_parts.COVER: Label("表紙・書類情報", "Cover and document"),
    report_parts.TEXTS: Label("文章", "Texts"),
}
# Of these parts each fact is of a scope.
OF_FIGURES = tuple(PARTS)[:5]


class Asked(NamedTuple):
    """What the address of this request asks of the facts; "" asks for any."""

    part: str
    kind: str
    text: str
    page: int

    @classmethod
    def of_request(cls) -> "Asked":
        """Garbage asks for nothing."""
        part, kind = request.args.get("part", ""), request.args.get("kind", "")
        page = request.args.get("page", 1, type=int)
        return cls(
            part if part in PARTS else "",
            kind if kind in KINDS else "",
            request.args.get("search", "").strip()[:LONGEST_SEARCH],
            max(page, 1) - 1,
        )


class Use(NamedTuple):
    """A figure that a fact became, as it is shown, with the address of it."""

    url: str
    label: str
    statement: str
    is_part: bool


class Row(NamedTuple):
    """A fact as it is shown; `column`: its period, scope and members in words; `is_here`: a figure led to it, and
    `has_focus` the first of several."""

    fact: FiledFact
    column: str
    value: Any
    unit: str
    became: Sequence[Use]
    is_here: bool
    has_focus: bool


@dataclass(frozen=True)
class FactRows:
    """The facts of a filing that are asked for. `here` are the lines to which a figure leads."""

    filing: FilingFacts
    asked: Asked
    plan: ListPlan
    here: frozenset[int]
    spoken: Speech = field(default_factory=speech)

    @cached_property
    def part(self) -> str:
        """The part that is shown: where somebody searches any, else the one asked for, or that of the figure."""
        if self.asked.part or self.asked.text:
            return self.asked.part
        facts = self.filing.facts
        here = next((fact.part for fact in facts if fact.line in self.here), None)
        there = {fact.part for fact in facts}
        return here or next((part for part in PARTS if part in there), "")

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """How many facts of each part there are, of the kind that is asked for."""
        numbers = dict.fromkeys(PARTS, 0)
        for fact in self.filing.facts:
            numbers[fact.part] += self._is_of_kind(fact)
        return {part: number for part, number in numbers.items() if number or part == self.part}

    @cached_property
    def chosen(self) -> Sequence[FiledFact]:
        """All the facts that are asked for, in the filer's order."""
        return [
            fact
            for fact in self.filing.facts
            if (not self.part or fact.part == self.part) and self._is_of_kind(fact) and self._has_text(fact)
        ]

    @cached_property
    def page(self) -> int:
        """Which page of them is shown, from 0: the one asked for, or that of the figure."""
        if "page" not in request.args and self.here:
            place = next((place for place, fact in enumerate(self.chosen) if fact.line in self.here), 0)
            return place // MOST
        return min(self.asked.page, max(len(self.chosen) - 1, 0) // MOST)

    @property
    def rows(self) -> list[Row]:
        """The facts of the page."""
        start = self.page * MOST
        return [self._row(fact) for fact in self.chosen[start : start + MOST]]

    @property
    def has_more(self) -> bool:
        """Whether there is a page behind."""
        return (self.page + 1) * MOST < len(self.chosen)

    def _is_of_kind(self, fact: FiledFact) -> bool:
        if not self.asked.kind:
            return True
        return bool(self.filing.of(fact)) == (self.asked.kind == BECAME)

    def _has_text(self, fact: FiledFact) -> bool:
        text = self.asked.text.casefold()
        if not text:
            return True
        digits = text.replace(",", "")
        our_fields = map(self._label, self.filing.of(fact))
        said = (fact.element, fact.label, fact.context, self._columns.of(fact), fact.value, *our_fields)
        return any(text in one.casefold() for one in said) or digits == fact.value

    def _row(self, fact: FiledFact) -> Row:
        is_first = fact.line == min(self.here, default=0)
        uses = self._uses(fact)
        unit = unit_of(fact, self.spoken)
        return Row(fact, self._columns.of(fact), value_of(fact), unit, uses, fact.line in self.here, is_first)

    @cached_property
    def _columns(self) -> "Columns":
        return Columns(self.filing, self.spoken)

    def _uses(self, fact: FiledFact) -> list[Use]:
        return [use_of(became, self._label(became), self.spoken) for became in self.filing.of(fact)]

    def _label(self, became: Became) -> str:
        return label_of(self.plan, Figure(became.statement, became.field), self.spoken)


@dataclass(frozen=True)
class Columns:
    """What the columns of a filing are called in which its facts stand."""

    filing: FilingFacts
    spoken: Speech

    def of(self, fact: FiledFact) -> str:
        """The period, scope and members of a fact."""
        return filed_contexts.of(fact.context, self.spoken, self._scope(fact), self._labels)

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        """What the file calls its elements, by their names without prefix."""
        return {fact.element.rpartition(":")[2]: fact.label for fact in self.filing.facts}

    def _scope(self, fact: FiledFact) -> str:
        """Of the group or of the filer alone: contexts without a word for it are of the group where there is one."""
        if fact.part not in OF_FIGURES:
            return ""
        is_of_group = OF_PARENT not in fact.context and self.filing.has_consolidated
        return self.spoken.say(code_words.SCOPES["consolidated" if is_of_group else "non_consolidated"])


def use_of(became: Became, label: str, spoken: Speech) -> Use:
    """A figure as it is shown beside its fact."""
    url = tracing.place_of(Figure(became.statement, became.field))
    return Use(url, label, name_of(became.statement, spoken), became.is_part)


def label_of(plan: ListPlan, figure: Figure, spoken: Speech) -> str:
    """What a figure is called in its statement."""
    return spoken.say(plan.label_of(figure.field, statement_labels.of_record(figure.statement)))


def name_of(statement: Any, spoken: Speech) -> str:
    """What a statement is called beside others of its company."""
    naming = statement.naming
    values = {name: getattr(statement, name) for name in naming.columns}
    return str(naming.of_values(values, language=spoken.language))


def unit_of(fact: FiledFact, spoken: Speech) -> str:
    """In what a number is counted; nothing of a text."""
    return "" if fact.number is None else filed_units.of(fact.element, fact.unit, fact.number, spoken)


def value_of(fact: FiledFact) -> Any:
    """A value as the file has it, numbers with their digits grouped."""
    return fact.value if fact.number is None else formatters.number(fact.number)
