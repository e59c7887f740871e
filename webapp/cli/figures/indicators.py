"""stockcode indicators: every indicator with its formula in words, and its source."""

import json
from typing import Any

import click

from webapp.cli import speaking
from webapp.indicators.formulas import INDICATORS
from webapp.indicators.indicator import FORMULA_VERSION
from webapp.models.financial_indicator import FinancialIndicator
from webapp.services.changes import row_codec
from webapp.words import labels


def indicators(*, is_json: bool, lang: str | None) -> None:
    """Print the catalogue."""
    speech = speaking.chosen(lang)
    columns: Any = row_codec.table_of(FinancialIndicator).columns
    named = [(one, labels.of_column(columns[one.name])) for one in INDICATORS]
    if is_json:
        catalogue = [
            {
                "id": one.name,
                "label": {"ja": label.ja, "en": label.en},
                "formula": {"ja": one.words.ja, "en": one.words.en},
                "source": one.source,
                "formula_version": FORMULA_VERSION,
            }
            for one, label in named
        ]
        click.echo(json.dumps(catalogue, ensure_ascii=False, indent=2))
        return
    for one, label in named:
        click.echo(f"{one.name}  {speech.say(label)} = {speech.say(one.words)}")
        click.echo(f"    {one.source}")
