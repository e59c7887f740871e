"""Let reports that were submitted after their deadline stand as findings, by the deadlines that others miss.

When a report was due is said in Python, of each kind of filer, period and day once; which were late, by one statement.
A small change is followed in its own transaction, everything else by a job.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.rules import change
from webapp.rules.disclosure import deadlines, reading
from webapp.services.changes import row_sql
from webapp.services.changes.following import expected_statements, filed_findings, owed_sql, small_changes
from webapp.services.changes.following.filed_findings import Found, Scope
from webapp.services.changes.following.small_changes import SmallChange
from webapp.services.changes.row_writing import TableOfItems

TABLES = ("companies", "filings")
# The register gives the end of the year for half of it, too: on what an interim report is, its statement says; on what
# an annual one is, the register does, and its statement where that is not known. Of each report there is one period.
IS_OF_YEAR = "f.document_type = '120' AND f.period_end_on IS NOT NULL"
OF_YEAR = f"SELECT f.period_end_on, '{deadlines.ANNUAL}' WHERE {IS_OF_YEAR}"
OF_STATEMENT = (
    f"SELECT s.period_end_on, s.period_type FROM financial_statements s WHERE ({IS_OF_YEAR}) IS NOT TRUE"
    " AND s.filing_doc_id = f.doc_id AND s.based_on_id IS NULL ORDER BY s.period_end_on DESC LIMIT 1"
)
# Nothing is due before so many days have passed: of most reports nothing else is asked.
LATE_AT_ALL = f"""
    SELECT f.doc_id, f.company_id, f.submitted_on, p.period_end_on, p.period_type, {owed_sql.FILER} AS filer
    FROM (SELECT f.*, {owed_sql.SUBMITTED_ON.format("f")} AS submitted_on FROM filings f
        WHERE {owed_sql.STANDING.format(types=owed_sql.ORIGINALS)} AND {{of_filings}} OFFSET 0) f
    JOIN companies c ON c.id = f.company_id
    CROSS JOIN LATERAL ({OF_YEAR} UNION ALL ({OF_STATEMENT}) OFFSET 0) p (period_end_on, period_type)
    WHERE (p.period_type = '{deadlines.ANNUAL}') = (f.document_type = '120')
        AND f.submitted_on > p.period_end_on + CASE f.document_type WHEN '120' THEN {deadlines.LEAST_DAYS_OF_ANNUAL}
            ELSE {deadlines.DAYS_OF_INTERIM} END
"""
KINDS = "SELECT DISTINCT l.period_type, l.period_end_on, l.filer FROM ({late}) l"
FOUND = f"""
    SELECT CAST(:rule AS text) AS rule, 'filings' AS table_name, l.doc_id AS row_key, CAST(:field AS text) AS field,
        l.company_id, CAST(:severity AS text) AS severity, CAST(:message AS text) AS message,
        jsonb_build_object('doc_id', l.doc_id, 'submitted', l.submitted_on, 'due', d.due_on) AS params,
        to_jsonb(l.submitted_on) AS observed, to_jsonb(d.due_on) AS expected
    FROM ({LATE_AT_ALL}) l JOIN jsonb_to_recordset(CAST(:due AS jsonb)) AS d (period_type text, period_end_on date,
        filer text, due_on date) USING (period_type, period_end_on, filer) WHERE l.submitted_on > d.due_on
"""
OF_COMPANIES = "{} = ANY(CAST(:companies AS bigint[]))"


def follow(changes: Sequence[SmallChange]) -> None:
    """Look at the reports of the companies of a small change."""
    for one in small_changes.among(changes, TABLES):
        if _may_bear_on_it(one.table):
            with row_sql.planned_for(1):
                _look(OF_COMPANIES, {"companies": one.companies})


def _may_bear_on_it(table: TableOfItems) -> bool:
    comes = change.CREATE in table.contents and table.name == "filings"
    return comes or any(
        content.fields & expected_statements.MOVING[table.name]
        for action, content in table.contents.items()
        if action == change.UPDATE
    )


def look_at_all() -> None:
    """Look at every report."""
    _look("true", {}, is_wide=True)


def _look(of_companies: str, facts: Mapping[str, Any], *, is_wide: bool = False) -> None:
    scope = Scope(f"f.table_name = 'filings' AND f.rule = :rule AND {of_companies.format('f.company_id')}")
    filed_findings.refresh(scope, *found(of_companies, facts), is_wide=is_wide)


def found(of_companies: str, facts: Mapping[str, Any]) -> Found:
    """Which reports are late now, of companies for which a condition with these parameters holds."""
    of_filings = of_companies.format("f.company_id")
    kinds = db.session.execute(text(KINDS.format(late=LATE_AT_ALL.format(of_filings=of_filings))), facts)
    rule = reading.LATE
    parameters = {
        "due": _due(kinds),
        "rule": rule.id,
        "field": rule.field,
        "severity": rule.severity,
        "message": rule.message,
    }
    return Found(FOUND.format(of_filings=of_filings), {**facts, **parameters})


def _due(kinds: Iterable[Any]) -> str:
    rows = [
        {
            "period_type": period_type,
            "period_end_on": period_end.isoformat(),
            "filer": filer,
            "due_on": deadlines.due_on(period_type, period_end, filer).isoformat(),
        }
        for period_type, period_end, filer in kinds
    ]
    return json.dumps(rows)
