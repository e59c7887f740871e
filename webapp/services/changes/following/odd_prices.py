"""Let the rules of a day's prices watch what is stored, as those of accounting do: each odd day is a finding.

A day is held against the days before it, and so are those after it: what a change touches are its days, and those after
them up to the next trade, or to the last that may count days without one. Of a small change they are looked at in its
own transaction, of a feed and of what was written from outside by a job, company by company.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.rules.disclosure import reading
from webapp.rules.market import as_sql
from webapp.rules.market.price_moves import STALE_DAYS
from webapp.services.changes import row_sql
from webapp.services.changes.following import filed_findings, price_factors, small_changes
from webapp.services.changes.following.filed_findings import Found, Scope
from webapp.services.changes.following.small_changes import SmallChange

PRICES, ACTIONS = "stock_prices", "corporate_actions"
# So many companies' prices, of ten years a million or less, are looked at together.
COMPANIES_AT_ONCE = 200
# A table of ten million days takes longer than a page may wait.
SECONDS = 600
DAYS_OF_PRICES = (
    "SELECT CAST(split_part(i.row_key, ',', 1) AS bigint) AS company_id,"
    " CAST(split_part(i.row_key, ',', 2) AS date) AS day"
    f" FROM {small_changes.ITEMS}"
)
DAYS_OF_ACTIONS = (
    "SELECT v.company_id, d.day FROM (SELECT i.before, i.after, t.company_id, t.ex_on"
    f" FROM {small_changes.ITEMS} LEFT JOIN corporate_actions t ON t.id = CAST(i.row_key AS bigint)) i"
    " CROSS JOIN LATERAL unnest(ARRAY[CAST(i.before ->> 'company_id' AS bigint),"
    " CAST(i.after ->> 'company_id' AS bigint), i.company_id]) v (company_id)"
    " CROSS JOIN LATERAL unnest(ARRAY[CAST(i.before ->> 'ex_on' AS date), CAST(i.after ->> 'ex_on' AS date), i.ex_on])"
    " d (day)"
)
DAYS = {PRICES: DAYS_OF_PRICES, ACTIONS: DAYS_OF_ACTIONS}
TOUCHED = (
    "SELECT o.company_id, min(o.day) AS first_on, max(o.day) AS last_on FROM ({days}) o"
    " WHERE o.company_id IS NOT NULL AND o.day IS NOT NULL GROUP BY o.company_id"
)
CHOSEN = (
    "SELECT c AS company_id, CAST(:first AS date) AS first_on, CAST(:last AS date) AS last_on"
    " FROM unnest(:chosen) c"
)
OF_COMPANY = "FROM stock_prices p WHERE p.company_id = t.company_id"
# The days after the last one that it bears on, and since when days before the first one may be missing.
LOOKED = (
    "SELECT t.company_id, t.first_on, greatest(t.last_on, later.day, traded.day) AS last_on,"
    f" coalesce((SELECT p.traded_on {OF_COMPANY} AND p.traded_on < t.first_on ORDER BY p.traded_on DESC LIMIT 1),"
    " t.first_on) AS begins_on FROM ({touched}) t"
    f" LEFT JOIN LATERAL (SELECT max(o.day) AS day FROM (SELECT p.traded_on AS day {OF_COMPANY}"
    f" AND p.traded_on > t.last_on ORDER BY p.traded_on LIMIT {STALE_DAYS}) o) later ON true"
    f" LEFT JOIN LATERAL (SELECT p.traded_on AS day {OF_COMPANY} AND p.traded_on > t.last_on AND p.close IS NOT NULL"
    " ORDER BY p.traded_on LIMIT 1) traded ON true"
)
# From one day on, whoever has prices then.
WITH_PRICES = (
    "SELECT c.id FROM companies c WHERE EXISTS (SELECT FROM stock_prices p WHERE p.company_id = c.id"
    " AND p.traded_on >= :first {written} OFFSET 0) ORDER BY c.id"
)
WRITTEN_BY = "AND p.traded_on <= :last AND p.change_set_id = ANY(CAST(:written_by AS bigint[]))"
OF_DAYS = "jsonb_to_recordset(CAST(:looked AS jsonb)) AS t (company_id bigint, first_on date, last_on date)"
FIGURES = "p.company_id, p.traded_on, p.high, p.low, p.close, p.volume::bigint, NULL::integer AS line"
BEFORE = f"{OF_COMPANY} AND p.traded_on < t.first_on ORDER BY p.traded_on DESC LIMIT {STALE_DAYS + 1}"
# Each day beside as many before it as count, and the last trade before those; all of them by their keys (OFFSET 0).
SERIES = (
    f"SELECT o.*, true AS is_new FROM {OF_DAYS} CROSS JOIN LATERAL (SELECT {FIGURES} {OF_COMPANY}"
    " AND p.traded_on BETWEEN t.first_on AND t.last_on OFFSET 0) o"
    f" UNION ALL SELECT o.*, false FROM {OF_DAYS} CROSS JOIN LATERAL (SELECT {FIGURES} {BEFORE}) o"
    f" UNION ALL SELECT o.*, false FROM {OF_DAYS} CROSS JOIN LATERAL (SELECT {FIGURES} {OF_COMPANY}"
    f" AND p.close IS NOT NULL AND p.traded_on < (SELECT min(o.traded_on) FROM (SELECT p.traded_on {BEFORE}) o)"
    " ORDER BY p.traded_on DESC LIMIT 1) o"
)
OWN_DAYS = (
    f"SELECT o.* FROM {OF_DAYS} CROSS JOIN LATERAL (SELECT p.company_id, p.traded_on, p.close {OF_COMPANY}"
    " AND p.traded_on BETWEEN t.first_on AND t.last_on OFFSET 0) o"
)
# Days as text stand in the order of days where their signs do.
SCOPE = Scope(
    f"f.table_name = '{PRICES}' AND f.rule = ANY(:rules) AND EXISTS (SELECT FROM {OF_DAYS}"
    " WHERE t.company_id = f.company_id AND split_part(f.row_key, ',', 2) COLLATE \"C\""
    " BETWEEN t.first_on::text AND t.last_on::text)"
)
RULES = [one.id for one in reading.OF_PRICES]
# What changed sets of prices wrote lately without being followed at once, and what taking one back does to its days.
LATELY = text(
    "WITH RECURSIVE lately AS (SELECT c.id, c.undoes_id, c.feed FROM change_sets c"
    " WHERE c.applied_at > now() - interval '3 minutes'"
    f" AND (c.table_name = '{PRICES}' OR '{PRICES}' = ANY(c.other_tables))"
    " UNION SELECT c.id, c.undoes_id, c.feed FROM lately JOIN change_sets c ON c.id = lately.undoes_id),"
    " days AS (SELECT c.id, c.undoes_id, c.feed #>> '{ranges,traded_on,first}' AS first_on,"
    " c.feed #>> '{ranges,traded_on,last}' AS last_on FROM lately c WHERE c.feed IS NOT NULL"
    " UNION ALL SELECT c.id, min(c.undoes_id), min(split_part(i.row_key, ',', 2)),"
    " max(split_part(i.row_key, ',', 2)) FROM lately c JOIN change_set_items i ON i.change_set_id = c.id"
    f" AND i.table_name = '{PRICES}' GROUP BY c.id HAVING count(*) > :most)"
    " SELECT CAST(min(d.first_on) AS date) AS first_on, CAST(max(d.last_on) AS date) AS last_on,"
    " CASE WHEN count(d.undoes_id) = 0 THEN array_agg(d.id) END AS written_by FROM days d"
)


def follow(changes: Sequence[SmallChange]) -> None:
    """Look at the days of a small change of prices, or of what became of shares, and at those that they bear on."""
    for one in small_changes.among(changes, DAYS):
        with row_sql.planned_for(1):
            _look(TOUCHED.format(days=DAYS[one.table.name]), one.table.items)


def look_between(first: date, last: date, written_by: Sequence[int] | None = None) -> int:
    """Look at all prices of these days, and at those that they bear on; of how many companies there are some.

    `written_by`: of those companies alone of which these change sets wrote some.
    """
    companies = _with_prices(first, last, written_by)
    for chosen in _in_parts(companies):
        _look(CHOSEN, {"chosen": chosen, "first": first, "last": last}, is_wide=True)
    return len(companies)


def found_everywhere(companies: Sequence[int] | None) -> Iterator[Found]:
    """What is odd about all days now, of some companies' prices at a time."""
    every = _with_prices(date.min, date.max) if companies is None else companies
    for chosen in _in_parts(every):
        odd = _found(CHOSEN, {"chosen": chosen, "first": date.min, "last": date.max})
        if odd is not None:
            yield odd


def _with_prices(first: date, last: date, written_by: Sequence[int] | None = None) -> Sequence[int]:
    db.let_statements_take(SECONDS)
    asked = WITH_PRICES.format(written="" if written_by is None else WRITTEN_BY)
    return db.session.scalars(text(asked), {"first": first, "last": last, "written_by": written_by}).all()


def _in_parts(companies: Sequence[int]) -> Iterator[Sequence[int]]:
    return (companies[at : at + COMPANIES_AT_ONCE] for at in range(0, len(companies), COMPANIES_AT_ONCE))


def days_of_late() -> tuple[date, date, Sequence[int] | None] | None:
    """From which day to which prices have lately been written that were not looked at with their change, and by what.

    Of days that an undoing took away nobody knows any more whose they were.
    """
    first, last, written_by = db.session.execute(LATELY, {"most": small_changes.MOST_ROWS}).one()
    return None if first is None else (first, last, written_by)


def _look(touched: str, facts: Any, *, is_wide: bool = False) -> None:
    odd = _found(touched, facts)
    if odd is not None:
        filed_findings.refresh(SCOPE, odd.select, {**odd.facts, "rules": RULES}, is_wide=is_wide)


def _found(touched: str, facts: Any) -> Found | None:
    """None where there are no days to look at."""
    rows = db.session.execute(text(LOOKED.format(touched=touched)), facts).all()
    if not rows:
        return None
    parameters = {
        "looked": json.dumps([dict(_as_text(row)) for row in rows]),
        "spans": price_factors.spans(row.company_id for row in rows),
        **as_sql.parameters(min(row.begins_on for row in rows), max(row.last_on for row in rows)),
    }
    return Found(_select(), parameters)


def _as_text(row: Any) -> Iterator[tuple[str, str]]:
    return ((name, str(value)) for name, value in row._mapping.items())


@cache
def _select() -> str:
    return as_sql.findings(SERIES, price_factors.SPANS, OWN_DAYS)
