"""stockcode check: every rule over what is stored, reckoned anew and told as the list of findings tells it."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import click

from webapp import db, silence
from webapp.cli import database, schema, speaking
from webapp.cli.figures import companies
from webapp.models.findings.finding import FiledFinding
from webapp.services.checking import broken_rules
from webapp.words.speech import Speech
from webapp.words.watched import finding_sentences
from webapp.words.watched.rule_words import EVERY

# As many as one can look at; --json holds all.
SHOWN = 50
EXIT_BROKEN = 1


@database.needed
@schema.needed
def check(codes: Sequence[str], rules: Sequence[str], *, is_json: bool, lang: str | None) -> None:
    """Print every broken rule, and exit with 1 where a grave one is."""
    speech = speaking.chosen(lang)
    if unknown := [rule for rule in rules if rule not in EVERY]:
        known = ", ".join(EVERY)
        sentence = speech.gettext(
            "There is no rule “%(rule)s”; there are %(known)s.", rule=unknown[0], known=known
        )
        raise click.UsageError(sentence)
    db.let_statements_take(silence.SECONDS_OF_A_LONG_STATEMENT)
    counts: Counter[str] = Counter()
    rows = []
    for finding in broken_rules.broken(rules or EVERY, companies.numbers_of(codes)):
        counts[finding.rule] += 1
        if is_json or counts.total() <= SHOWN:
            rows.append(_as_json(finding, speech))
    if is_json:
        click.echo(json.dumps({"broken": counts, "findings": rows}, ensure_ascii=False, indent=2))
    else:
        for line in _lines(rows, counts, speech):
            click.echo(line)
    if any(EVERY[rule].severity == "blocks" for rule in counts):
        raise click.exceptions.Exit(EXIT_BROKEN)


def _lines(rows: Sequence[dict[str, Any]], counts: Counter[str], speech: Speech) -> Iterator[str]:
    for row in rows:
        yield f"{row['rule']}  {row['sentence']}"
    if counts.total() > SHOWN:
        number = f"{counts.total() - SHOWN:,}"
        yield speech.gettext("… and %(number)s more; --json prints all.", number=number)
    for rule, count in counts.items():
        yield f"{rule}: {count:,}  {speech.say(EVERY[rule].label)}"
    if not counts:
        yield speech.gettext("No rule is broken.")


def _as_json(finding: FiledFinding, speech: Speech) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "record": finding_sentences.record(finding, speech),
        "table": finding.table_name,
        "id": int(finding.row_key) if finding.row_key.isdigit() else finding.row_key,
        "field": finding.field,
        "severity": finding.severity,
        "sentence": finding_sentences.sentence(finding, speech),
    }
