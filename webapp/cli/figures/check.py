"""stockcode check: the rules of accounting over the stored statements."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import click
from sqlalchemy import text

from webapp import db
from webapp.cli import database, schema, speaking
from webapp.cli.figures import companies
from webapp.models.financial_statement import FinancialStatement
from webapp.rules.accounting import as_sql
from webapp.rules.accounting.catalogue import BY_ID, BY_KEY, RULES, finding
from webapp.rules.accounting.rule import Outcome
from webapp.rules.expressions import NOW
from webapp.services.changes import row_codec
from webapp.words import record_names, remarks
from webapp.words.speech import Speech

# As many as one can look at; --json holds all.
SHOWN = 50
EXIT_BROKEN = 1


@database.needed
@schema.needed
def check(codes: Sequence[str], rules: Sequence[str], *, is_json: bool, lang: str | None) -> None:
    """Print every broken rule, and exit with 1 where a grave one is."""
    speech = speaking.chosen(lang)
    if unknown := [rule for rule in rules if rule not in BY_ID]:
        known = ", ".join(BY_ID)
        sentence = speech.gettext(
            "There is no rule “%(rule)s”; there are %(known)s.", rule=unknown[0], known=known
        )
        raise click.UsageError(sentence)
    chosen = companies.numbers_of(codes)
    where = "true" if chosen is None else "now.company_id = ANY(:companies)"
    asked = [rule for rule in RULES if rule.id in (rules or BY_ID)]
    parameters = {} if chosen is None else {"companies": chosen}
    broken = db.session.execute(text(as_sql.broken(asked, where)), parameters).all()
    counts = Counter(BY_KEY[row.rule_key].id for row in broken)
    if is_json:
        told = {"broken": dict(counts), "findings": list(_as_json(broken, speech))}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for line in _lines(broken, counts, speech):
            click.echo(line)
    if any(BY_ID[rule].severity == "blocks" for rule in counts):
        raise click.exceptions.Exit(EXIT_BROKEN)


def _lines(broken: Sequence[Any], counts: Counter[str], speech: Speech) -> Iterator[str]:
    for row in _as_json(broken[:SHOWN], speech):
        yield f"{row['rule']}  {row['statement']}: {row['sentence']}"
    if len(broken) > SHOWN:
        yield speech.gettext("… and %(number)s more; --json prints all.", number=f"{len(broken) - SHOWN:,}")
    for rule, count in counts.items():
        yield f"{rule}: {count:,}  {speech.say(BY_ID[rule].label)}"
    if not broken:
        yield speech.gettext("No rule is broken.")


def _as_json(broken: Sequence[Any], speech: Speech) -> Iterator[dict[str, Any]]:
    columns: Any = row_codec.table_of(FinancialStatement).columns
    for row in broken:
        statement = db.session.get_one(FinancialStatement, row.statement_id)
        facts = {NOW: _values(statement)}
        rule = BY_KEY[row.rule_key]
        if rule.beside is not None:
            facts[rule.beside] = _values(db.session.get_one(FinancialStatement, row.beside_id))
        came_to = Outcome(rule, row.observed, row.expected, row.allowed, is_kept=False)
        yield {
            "rule": rule.id,
            "statement": record_names.of(statement, speech),
            "id": row.statement_id,
            "field": came_to.rule.field,
            "severity": came_to.rule.severity,
            "sentence": remarks.sentence(finding(came_to, facts), columns, speech),
        }


def _values(statement: FinancialStatement) -> dict[str, Any]:
    columns = row_codec.table_of(FinancialStatement).columns
    return {column.name: getattr(statement, column.name) for column in columns}
