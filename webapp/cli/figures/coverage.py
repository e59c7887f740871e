"""stockcode coverage: which statements are expected and not there, looked for anew."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp import db, silence
from webapp.cli import database, schema, speaking
from webapp.cli.figures import companies
from webapp.models.findings.expected_statement import ExpectedStatement
from webapp.rules import calendar
from webapp.rules.disclosure import expectation
from webapp.services.changes import row_codec
from webapp.services.changes.following import expected_statements
from webapp.words import labels, record_names
from webapp.words.speech import Speech

# As many as one can look at; --json holds all.
SHOWN = 50


@database.needed
@schema.needed
def coverage(codes: Sequence[str], *, is_json: bool, lang: str | None) -> None:
    """Print what is overdue and what has not been imported; --json also what is due ahead."""
    speech = speaking.chosen(lang)
    with db.transaction():
        db.let_statements_take(silence.SECONDS_OF_A_LONG_STATEMENT)
        chosen = companies.numbers_of(codes)
        expected_statements.look_at_all()
        lacking = _lacking(chosen)
        counts = Counter(one.state for one in lacking)
        if is_json:
            report = {"counts": counts, "statements": [_as_json(one, speech) for one in lacking]}
            click.echo(json.dumps(report, ensure_ascii=False, indent=2))
            return
        for line in _lines([one for one in lacking if one.state != expectation.AHEAD], counts, speech):
            click.echo(line)


def _lacking(chosen: Sequence[int] | None) -> Sequence[ExpectedStatement]:
    """Latest deadline first, by company; those without a deadline last."""
    rows = select(ExpectedStatement).options(joinedload(ExpectedStatement.company))
    if chosen is not None:
        rows = rows.where(ExpectedStatement.company_id.in_(chosen))
    return db.session.scalars(
        rows.order_by(
            ExpectedStatement.due_on.desc().nulls_last(), ExpectedStatement.company_id, ExpectedStatement.id
        )
    ).all()


def _lines(lacking: Sequence[ExpectedStatement], counts: Counter[str], speech: Speech) -> Iterator[str]:
    for one in lacking[:SHOWN]:
        yield speech.pair(record_names.of(one, speech), _standing(one, speech))
    if len(lacking) > SHOWN:
        yield speech.gettext("… and %(number)s more; --json prints all.", number=f"{len(lacking) - SHOWN:,}")
    for state in expectation.STATE.words:
        if counts[state]:
            yield f"{_word(state, speech)}: {counts[state]:,}"
    if not counts:
        yield speech.gettext("Nothing is missing.")


def _standing(one: ExpectedStatement, speech: Speech) -> str:
    if one.state == expectation.UNREAD:
        return f"{_word(one.state, speech)} ({one.filing_doc_id})"
    assert one.due_on is not None
    days = (calendar.today() - one.due_on).days
    late = speech.ngettext("%(num)s day", "%(num)s days", days)
    return f"{_word(one.state, speech)} {one.due_on.isoformat()} ({late})"


def _word(state: str, speech: Speech) -> str:
    columns: Any = row_codec.table_of(ExpectedStatement).columns
    return labels.word(columns.state, state, speech)


def _as_json(one: ExpectedStatement, speech: Speech) -> dict[str, Any]:
    return {
        "company": record_names.of(one.company, speech),
        "code": one.company.ticker_symbol,
        "edinet_code": one.company.edinet_code,
        "fiscal_year_end_on": one.fiscal_year_end_on.isoformat(),
        "period_type": one.period_type,
        "period_end_on": one.period_end_on.isoformat(),
        "state": one.state,
        "due_on": None if one.due_on is None else one.due_on.isoformat(),
        "doc_id": one.filing_doc_id,
    }
