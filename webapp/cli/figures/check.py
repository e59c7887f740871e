"""stockcode check: the rules of accounting over the stored statements, and those of the list of companies."""

import json
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

import click
from sqlalchemy import text

from webapp import db
from webapp.cli import database, schema, speaking
from webapp.cli.figures import companies
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import masters
from webapp.rules.accounting import as_sql
from webapp.rules.accounting.catalogue import BY_ID, BY_KEY, RULES, finding
from webapp.rules.accounting.rule import Outcome, Rule
from webapp.rules.expressions import NOW
from webapp.rules.masters import MasterRule
from webapp.services.changes import row_codec
from webapp.words import record_names, remarks
from webapp.words.speech import Speech

# As many as one can look at; --json holds all.
SHOWN = 50
EXIT_BROKEN = 1
EVERY: Mapping[str, Rule | MasterRule] = {**BY_ID, **masters.BY_ID}


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
    chosen = companies.numbers_of(codes)
    broken = [*_of_statements(rules or EVERY, chosen), *_of_companies(rules or EVERY, chosen)]
    counts = Counter(_rule_of(row) for row in broken)
    if is_json:
        told = {"broken": dict(counts), "findings": list(_as_json(broken, speech))}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for line in _lines(broken, counts, speech):
            click.echo(line)
    if any(EVERY[rule].severity == "blocks" for rule in counts):
        raise click.exceptions.Exit(EXIT_BROKEN)


def _of_statements(rules: Container[str], chosen: Sequence[int] | None) -> Sequence[Any]:
    asked = [rule for rule in RULES if rule.id in rules]
    return _rows(as_sql.broken(asked, _among("now.company_id", chosen)), chosen) if asked else ()


def _of_companies(rules: Container[str], chosen: Sequence[int] | None) -> Sequence[Any]:
    asked = [rule for rule in masters.RULES if rule.id in rules]
    return _rows(masters.broken(asked, _among("c.id", chosen)), chosen) if asked else ()


def _among(column: str, chosen: Sequence[int] | None) -> str:
    return "true" if chosen is None else f"{column} = ANY(:companies)"


def _rows(statement: str, chosen: Sequence[int] | None) -> Sequence[Any]:
    return db.session.execute(text(statement), {} if chosen is None else {"companies": chosen}).all()


def _rule_of(row: Any) -> str:
    return row.rule if hasattr(row, "rule") else BY_KEY[row.rule_key].id


def _lines(broken: Sequence[Any], counts: Counter[str], speech: Speech) -> Iterator[str]:
    for row in _as_json(broken[:SHOWN], speech):
        yield f"{row['rule']}  {row['record']}: {row['sentence']}"
    if len(broken) > SHOWN:
        yield speech.gettext("… and %(number)s more; --json prints all.", number=f"{len(broken) - SHOWN:,}")
    for rule, count in counts.items():
        yield f"{rule}: {count:,}  {speech.say(EVERY[rule].label)}"
    if not broken:
        yield speech.gettext("No rule is broken.")


def _as_json(broken: Sequence[Any], speech: Speech) -> Iterator[dict[str, Any]]:
    for row in broken:
        yield _of_company(row, speech) if hasattr(row, "rule") else _of_statement(row, speech)


def _of_company(row: Any, speech: Speech) -> dict[str, Any]:
    return {
        "rule": row.rule,
        "record": record_names.of(db.session.get_one(Company, row.company_id), speech),
        "id": row.company_id,
        "field": row.field,
        "severity": row.severity,
        "sentence": speech.gettext(row.message, **row.params),
    }


def _of_statement(row: Any, speech: Speech) -> dict[str, Any]:
    columns: Any = row_codec.table_of(FinancialStatement).columns
    statement = db.session.get_one(FinancialStatement, row.statement_id)
    facts = {NOW: _values(statement)}
    rule = BY_KEY[row.rule_key]
    if rule.beside is not None:
        facts[rule.beside] = _values(db.session.get_one(FinancialStatement, row.beside_id))
    came_to = Outcome(rule, row.observed, row.expected, row.allowed, is_kept=False)
    return {
        "rule": rule.id,
        "record": record_names.of(statement, speech),
        "id": row.statement_id,
        "field": rule.field,
        "severity": rule.severity,
        "sentence": remarks.sentence(finding(came_to, facts), columns, speech),
    }


def _values(statement: FinancialStatement) -> dict[str, Any]:
    columns = row_codec.table_of(FinancialStatement).columns
    return {column.name: getattr(statement, column.name) for column in columns}
