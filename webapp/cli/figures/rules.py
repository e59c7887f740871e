"""stockcode rules: every rule of accounting, where it stands and how grave it is to break it."""

import json
from typing import Any

import click

from webapp.cli import speaking
from webapp.rules.accounting.catalogue import BY_ID
from webapp.rules.accounting.rule import SEVERITIES, Rule
from webapp.words.speech import Speech


def rules(*, is_json: bool, lang: str | None) -> None:
    """Print the catalogue."""
    speech = speaking.chosen(lang)
    if is_json:
        click.echo(json.dumps([_as_json(rule) for rule in BY_ID.values()], ensure_ascii=False, indent=2))
        return
    for rule in BY_ID.values():
        official = f" [{rule.official}]" if rule.official else ""
        click.echo(f"{rule.id}  {speech.say(rule.label)} ({_severity(rule, speech)}){official}")
        click.echo(f"    {rule.source}")


def _severity(rule: Rule, speech: Speech) -> str:
    return speech.say(SEVERITIES[rule.severity])


def _as_json(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "ja": rule.label.ja,
        "en": rule.label.en,
        "field": rule.field,
        "severity": rule.severity,
        "official": rule.official,
        "source": rule.source,
    }
