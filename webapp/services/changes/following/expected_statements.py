"""Keep what is expected and not there: statements that companies owe, and documents whose figures nobody has imported.

When what is due is said by rules/disclosure/deadlines; here all companies are looked at by one statement. A small
change is followed in its own transaction, everything else by a job.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import TextClause, text

from webapp import db
from webapp.rules import calendar, change
from webapp.rules.disclosure import deadlines
from webapp.services.changes import row_sql
from webapp.services.changes.following import small_changes
from webapp.services.changes.following.owed_sql import DUE, FOUND, OWING
from webapp.services.changes.following.small_changes import SmallChange
from webapp.services.changes.row_writing import TableOfItems

# For five years everybody may look at a report (金融商品取引法 第25条第1項).
# What falls due within so many days is told ahead.
YEARS_BACK, DAYS_AHEAD = 5, 100
# Of a company of which nothing is stored yet, what fell due within so many days.
RECENT_DAYS = 366
COLUMNS = "company_id, fiscal_year_end_on, period_type, period_end_on, state, due_on, filing_doc_id"
SAME = (
    "g.company_id = x.company_id AND g.fiscal_year_end_on = x.fiscal_year_end_on"
    " AND g.period_type IS NOT DISTINCT FROM x.period_type AND g.filing_doc_id IS NOT DISTINCT FROM x.filing_doc_id"
)
REFRESH = (
    "WITH {due}, found AS MATERIALIZED ({found}),"
    " written AS (INSERT INTO expected_statements AS x ({columns}) SELECT {columns} FROM found"
    " ON CONFLICT ON CONSTRAINT uq_expected_statements_identity DO UPDATE SET period_end_on = excluded.period_end_on,"
    " state = excluded.state, due_on = excluded.due_on WHERE (x.period_end_on, x.state, x.due_on)"
    " IS DISTINCT FROM (excluded.period_end_on, excluded.state, excluded.due_on) RETURNING 1),"
    " gone AS (DELETE FROM expected_statements x WHERE {scope} AND NOT EXISTS (SELECT FROM found g WHERE {same})"
    " RETURNING 1)"
    " SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM gone)"
)
# Of rows that stay, the fields by which somebody owes, or something is stored.
MOVING = {
    "companies": frozenset(
        (
            "edinet_code",
            "edinet_industry",
            "established_on",
            "filer_type",
            "fiscal_year_end_day",
            "fiscal_year_end_month",
            "industry_code",
            "industry_format",
            "listed_on",
            "listing_status",
        )
    ),
    "filings": frozenset(
        (
            "company_id",
            "description",
            "disclosure_status",
            "document_type",
            "file_hash",
            "has_csv",
            "ordinance_code",
            "period_end_on",
            "submitted_at",
            "withdrawal_status",
        )
    ),
    "financial_statements": frozenset(
        ("company_id", "filing_doc_id", "fiscal_year_end_on", "is_current", "period_type")
    ),
}


def follow(changes: Sequence[SmallChange]) -> None:
    """Look anew at the companies of a small change; of a large one, a job does."""
    for one in small_changes.among(changes, MOVING):
        if _is_moving(one.table):
            with row_sql.planned_for(1):
                _refresh("{} = ANY(CAST(:companies AS bigint[]))", {"companies": one.companies})


def _is_moving(table: TableOfItems) -> bool:
    come_or_go = not table.contents.keys().isdisjoint((change.CREATE, change.DELETE))
    return come_or_go or any(content.fields & MOVING[table.name] for content in table.contents.values())


def look_at_all() -> int:
    """Look anew at every company; how many expectations came, changed or went."""
    db.set_locally(row_sql.PER_ROW)
    return _refresh("true", {})


def _refresh(of_companies: str, facts: Any) -> int:
    today = calendar.today()
    owing, refreshing = _statements(of_companies)
    kinds = db.session.execute(owing, facts).all()
    of_today = {
        "due": _owed(frozenset(tuple(kind) for kind in kinds), today),
        "today": today,
        "recent": today - timedelta(days=RECENT_DAYS),
    }
    return int(db.session.scalar(refreshing, {**facts, **of_today}) or 0)


@cache
def _statements(of_companies: str) -> tuple[TextClause, TextClause]:
    """Who of these companies owes what, and what becomes of it: put together once, as most saves ask both."""
    refreshing = REFRESH.format(
        due=DUE,
        found=FOUND.format(
            of_companies=of_companies.format("c.id"), of_filings=of_companies.format("f.company_id")
        ),
        columns=COLUMNS,
        scope=of_companies.format("x.company_id"),
        same=SAME,
    )
    return text(OWING.format(of_companies=of_companies.format("c.id"))), text(refreshing)


@lru_cache(maxsize=8)
def _owed(kinds: frozenset[tuple[int, int, str]], today: date) -> str:
    """What filers of these kinds owe, as JSON: month and day of the fiscal year's end, and how they file."""
    since = today - timedelta(days=YEARS_BACK * 365)
    until = today + timedelta(days=DAYS_AHEAD)
    rows = [
        {"month": month, "day": day, "filer": filer, **asdict(one)}
        for month, day, filer in sorted(kinds)
        for one in deadlines.owed(month, day, filer, since, until)
    ]
    return json.dumps(rows, default=date.isoformat)
