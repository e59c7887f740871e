"""Count how many rows keep and break each rule, so that the catalogue only reads."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text

from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.rule_count import RuleCount
from webapp.rules import masters
from webapp.rules.accounting import as_sql
from webapp.rules.accounting.catalogue import BY_ID, RULES
from webapp.rules.disclosure import reading

TIME_BETWEEN = timedelta(days=1)
# Ten million prices take longer than a page may wait.
SECONDS = 60
# Rules that there are no more go.
WRITTEN = text(
    "WITH counted AS (SELECT * FROM jsonb_to_recordset(CAST(:counts AS jsonb))"
    " AS c (rule text, passed int, failed int, not_applicable int)),"
    " gone AS (DELETE FROM rule_counts r WHERE NOT EXISTS (SELECT FROM counted c WHERE c.rule = r.rule))"
    " INSERT INTO rule_counts (rule, passed, failed, not_applicable, counted_at)"
    " SELECT rule, passed, failed, not_applicable, now() FROM counted ON CONFLICT (rule) DO UPDATE SET"
    " passed = excluded.passed, failed = excluded.failed, not_applicable = excluded.not_applicable,"
    " counted_at = excluded.counted_at"
)
# Of companies and prices every row is asked; what breaks a rule stands among the findings.
OF_ROWS = {
    "companies": tuple(masters.BY_ID),
    "stock_prices": tuple(rule.id for rule in reading.OF_PRICES),
}
BROKEN = (
    "SELECT r.rule, (SELECT count(DISTINCT f.row_key) FROM findings f WHERE f.rule = r.rule AND f.table_name = :table"
    " AND f.closed_at IS NULL) FROM unnest(CAST(:rules AS text[])) AS r (rule)"
)


def count_daily() -> int:
    """How many rules were counted; 0 where that is less than a day ago, or there is nothing to count."""
    last = db.session.scalar(select(func.max(RuleCount.counted_at)))
    if last is not None and datetime.now(UTC) - last < TIME_BETWEEN:
        return 0
    if db.session.scalar(select(FinancialStatement.id).limit(1)) is None:
        return 0
    return count_all()


def count_all() -> int:
    """Count anew; how many rules there are."""
    counts = [*_of_statements(), *(count for table in OF_ROWS for count in _of_rows(table))]
    db.session.execute(WRITTEN, {"counts": json.dumps(counts)})
    return len(counts)


def _of_statements() -> Iterator[dict[str, Any]]:
    kept: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    number = 0
    for alike in as_sql.by_parts(RULES):
        number, *counts = db.session.execute(text(as_sql.counted(alike))).one()
        for rule, passed, failed in zip(alike, counts[::2], counts[1::2], strict=True):
            kept[rule.id] += passed
            broken[rule.id] += failed
    figures: Counter[str] = Counter(rule.id for rule in RULES)
    for rule_id in BY_ID:
        asked = kept[rule_id] + broken[rule_id]
        yield _count(rule_id, kept[rule_id], broken[rule_id], number * figures[rule_id] - asked)


def _of_rows(table: str) -> Iterator[dict[str, Any]]:
    db.let_statements_take(SECONDS)
    number = db.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0
    facts = {"table": table, "rules": list(OF_ROWS[table])}
    for rule, broken in db.session.execute(text(BROKEN), facts):
        yield _count(rule, max(number - broken, 0), broken, 0)


def _count(rule: str, passed: int, failed: int, not_applicable: int) -> dict[str, Any]:
    return {"rule": rule, "passed": passed, "failed": failed, "not_applicable": not_applicable}
