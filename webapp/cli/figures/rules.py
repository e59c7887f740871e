"""stockcode rules: every rule of statements, companies, prices and files, its source and how grave it is."""

import json
from typing import Any

import click

from webapp.cli import speaking
from webapp.rules.accounting.catalogue import RULES
from webapp.rules.accounting.rule import SEVERITIES, Rule
from webapp.rules.disclosure import reading
from webapp.rules.finding import SourceRule
from webapp.rules.masters import MasterRule
from webapp.words.speech import LANGUAGES, Speech, of_language
from webapp.words.watched import rule_words
from webapp.words.watched.rule_words import EVERY, AnyRule


def rules(*, is_json: bool, lang: str | None) -> None:
    """Print the catalogue."""
    speech = speaking.chosen(lang)
    if is_json:
        click.echo(json.dumps([_as_json(rule) for rule in EVERY.values()], ensure_ascii=False, indent=2))
        return
    for rule in EVERY.values():
        official = f" [{_official(rule)}]" if _official(rule) else ""
        number = "" if isinstance(rule, SourceRule) else f"{rule.id}  "
        click.echo(f"{number}{speech.say(rule.label)} ({_severity(rule, speech)}){official}")
        for formula in _formulas(rule, speech)[: rule_words.MOST_FORMULAS]:
            click.echo(f"    {formula}")
        click.echo(f"    {_scope(rule, speech)}; {speech.gettext(rule.source)}")


def _formulas(rule: AnyRule, speech: Speech) -> list[str]:
    """What it says, of each figure of which the same is declared; only rules of statements have formulas."""
    if not isinstance(rule, Rule):
        return []
    return [rule_words.formula(one, speech) for one in RULES if one.id == rule.id]


def _scope(rule: AnyRule, speech: Speech) -> str:
    if isinstance(rule, MasterRule):
        return speech.gettext("the list of companies")
    if isinstance(rule, Rule):
        return rule_words.scope(rule.scope, speech)
    if rule in reading.OF_PRICES:
        return speech.gettext("daily prices")
    return speech.gettext("what files say")


def _official(rule: AnyRule) -> str | None:
    return rule.official if isinstance(rule, Rule) else None


def _severity(rule: AnyRule, speech: Speech) -> str:
    return speech.say(SEVERITIES[rule.severity])


def _as_json(rule: AnyRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "ja": rule.label.ja,
        "en": rule.label.en,
        "field": None if isinstance(rule, SourceRule) else rule.field,
        "formulas": {language: _formulas(rule, of_language(language)) for language in LANGUAGES},
        "scope": {language: _scope(rule, of_language(language)) for language in LANGUAGES},
        "severity": rule.severity,
        "official": _official(rule),
        "source": rule.source,
    }
