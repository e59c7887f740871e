"""A rule of accounting as the catalogue tells it: what stands beside what, and of which statements it is asked."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from webapp.label import Label
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import finding, masters
from webapp.rules.accounting.catalogue import BY_ID
from webapp.rules.accounting.rule import EVERYWHERE, Rule, Scope
from webapp.rules.disclosure import reading
from webapp.rules.disclosure.reading import ReadingRule
from webapp.rules.expressions import (
    ACTIONS,
    EARLIER,
    GROUP,
    MARKET,
    PREVIOUS,
    PRIOR,
    Combined,
    Expression,
    Figure,
    Number,
)
from webapp.rules.finding import SourceRule
from webapp.rules.masters import MasterRule
from webapp.services.changes import row_codec
from webapp.words import labels
from webapp.words.speech import Speech
from webapp.words.watched import formulas

AnyRule = Rule | MasterRule | ReadingRule | SourceRule
# In the order in which people read them.
EVERY: Mapping[str, AnyRule] = {**BY_ID, **masters.BY_ID, **reading.BY_ID, **finding.OF_SOURCES}
# The rows beside a statement that its rules are about.
PARTS: Mapping[str, Label] = {
    PRIOR: Label("前年同期", "the year before"),
    EARLIER: Label("同一年度の前の期間", "earlier in the year"),
    PREVIOUS: Label("前事業年度", "the fiscal year before"),
    GROUP: Label("連結", "consolidated"),
}
SHARES = Label("１株が株式分割等で何株になったか", "what corporate actions made of one share")
MARKET_VALUE = Label("時価総額", "market capitalisation")
NOTHING = Number(Decimal(0))
MOST_FORMULAS = 3


def formula(rule: Rule, speech: Speech) -> str:
    """Both sides, how they stand to each other, and what is allowed between them."""
    observed = formulas.written(rule.observed, lambda figure: _named(figure, speech), speech)
    relation = speech.say(rule.relation.word)
    if rule.relation.ranges:
        return f"{observed} {relation} {speech.listed(f'{low}–{high}' for low, high in rule.relation.ranges)}"
    expected = formulas.written(rule.expected, lambda figure: _named(figure, speech), speech)
    allowed = formulas.written(rule.allowed, lambda figure: _named(figure, speech), speech)
    comparison = f"{observed} {relation} {expected}"
    return comparison if _is_nothing(rule.allowed) else f"{comparison} ± {allowed}"


def _is_nothing(allowed: Expression) -> bool:
    """Whether both sides must be the same: nothing is allowed, or no unit of it."""
    return allowed == NOTHING or (
        isinstance(allowed, Combined) and allowed.sign == "*" and allowed.right == NOTHING
    )


def scope(of: Scope, speech: Speech) -> str:
    """Of which statements a rule is asked, in a few words."""
    if of == EVERYWHERE:
        return speech.gettext("every statement")
    return " · ".join(_limits(of, speech))


def _limits(of: Scope, speech: Speech) -> Iterator[str]:
    for name, words in (
        ("accounting_standard", of.standards),
        ("scope", of.scopes),
        ("period_type", of.periods),
        ("industry_format", of.formats),
    ):
        if words is not None:
            yield _words(name, words, speech)
    if of.other_formats:
        others = _words("industry_format", of.other_formats, speech)
        yield speech.gettext("except %(others)s", others=others)


def _words(name: str, words: frozenset[str], speech: Speech) -> str:
    return speech.listed(speech.say(label) for word, label in labels.WORDS[name].items() if word in words)


def _named(figure: Figure, speech: Speech) -> str:
    if figure.part == ACTIONS:
        return speech.say(SHARES)
    if figure.part == MARKET:
        return speech.say(MARKET_VALUE)
    columns: Any = row_codec.table_of(FinancialStatement).columns
    column = columns.get(figure.name)
    label = figure.name if column is None else speech.say(labels.of_column(column))
    return label if figure.part not in PARTS else speech.in_brackets(label, speech.say(PARTS[figure.part]))
