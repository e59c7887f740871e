"""Count how many statements keep and break each rule of accounting, so that the catalogue only reads."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text

from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.rule_count import RuleCount
from webapp.rules.accounting import as_sql
from webapp.rules.accounting.catalogue import BY_ID, RULES

TIME_BETWEEN = timedelta(days=1)
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
    kept: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    number = 0
    for alike in as_sql.by_parts(RULES):
        number, *counts = db.session.execute(text(as_sql.counted(alike))).one()
        for rule, passed, failed in zip(alike, counts[::2], counts[1::2], strict=True):
            kept[rule.id] += passed
            broken[rule.id] += failed
    figures: Counter[str] = Counter(rule.id for rule in RULES)
    counts = [
        {
            "rule": rule,
            "passed": kept[rule],
            "failed": broken[rule],
            "not_applicable": number * figures[rule] - kept[rule] - broken[rule],
        }
        for rule in BY_ID
    ]
    db.session.execute(WRITTEN, {"counts": json.dumps(counts)})
    return len(BY_ID)
