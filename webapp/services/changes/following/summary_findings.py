"""Let what a report says twice stand as a finding: in a statement one thing, and in its summary another.

A figure of which the summary of its own report says something else keeps that with its source, so that the finding
follows from the stored row alone: it closes once a steward has mended the figure, and opens again if that is undone.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from webapp.files.edinet.summaries import SUMMARISED, SUMMARY
from webapp.rules import change
from webapp.rules.disclosure import reading
from webapp.services.changes.following import filed_findings, small_changes
from webapp.services.changes.following.filed_findings import Found, Scope
from webapp.services.changes.following.small_changes import SmallChange
from webapp.services.changes.row_writing import TableOfItems

STATEMENTS = "financial_statements"
# What a change of a row that stays may bear on.
READ = {*SUMMARISED, "company_id", "is_current", "sources"}
OF_COMPANIES = "{}.company_id = ANY(:companies)"
SAYS_OTHERWISE = f"s.sources @? '$.*.{SUMMARY}'"
# Few reports do: of most companies nothing is asked but this.
CONCERNED = (
    f"(EXISTS (SELECT FROM {STATEMENTS} s WHERE {OF_COMPANIES.format('s')} AND {SAYS_OTHERWISE})"
    f" OR EXISTS (SELECT FROM findings f WHERE {OF_COMPANIES.format('f')} AND f.rule = '{reading.SUMMARY.id}'))"
)
# A summary is cut off below the unit that it is written in.
UNIT = "CASE WHEN {0} % 1000000 = 0 THEN 1000000 WHEN {0} % 1000 = 0 THEN 1000 ELSE 1 END"
FOUND = f"""
    SELECT CAST(:rule AS text) AS rule, '{STATEMENTS}' AS table_name, s.id::text AS row_key, v.field, s.company_id,
        CAST(:severity AS text) AS severity, CAST(:message AS text) AS message, jsonb_strip_nulls(jsonb_build_object(
            'total', v.field, 'observed', v.stored::text, 'expected', v.summary::text, 'counted_in', 'money',
            'unit', s.rounding_unit, 'currency', s.currency, 'standard', s.accounting_standard, 'scope', s.scope,
            'industry_format', s.industry_format, 'period_type', s.period_type, 'period_end_on', s.period_end_on,
            'fiscal_year_end_on', s.fiscal_year_end_on)) AS params,
        to_jsonb(v.stored::text) AS observed, to_jsonb(v.summary::text) AS expected
    FROM (SELECT s.* FROM {STATEMENTS} s WHERE s.is_current AND {SAYS_OTHERWISE} AND {{of_companies}} OFFSET 0) s
    CROSS JOIN LATERAL (SELECT o.key AS field, CAST(o.value ->> '{SUMMARY}' AS numeric) AS summary,
        CAST(to_jsonb(s) ->> o.key AS numeric) AS stored FROM jsonb_each(s.sources) o WHERE o.value ? '{SUMMARY}') v
    WHERE abs(v.stored - v.summary) >= {UNIT.format("v.summary")}
"""


def follow(companies: Collection[int]) -> None:
    """Look at companies of which reports say something twice."""
    if companies:
        _look(OF_COMPANIES, {"companies": sorted(companies), "rule": reading.SUMMARY.id})


def companies_of(changes: Sequence[SmallChange]) -> frozenset[int]:
    """The companies of a small change that may bear on what reports say twice."""
    alike = small_changes.among(changes, (STATEMENTS,))
    return frozenset(number for one in alike if _may_bear_on_it(one.table) for number in one.companies)


def _may_bear_on_it(table: TableOfItems) -> bool:
    changed = table.contents.get(change.UPDATE)
    return changed is None or len(table.contents) > 1 or not READ.isdisjoint(changed.fields)


def look_at_all() -> None:
    """Look at every statement: what is found opens or stays, and what is found no more closes."""
    _look("true", {"rule": reading.SUMMARY.id}, is_wide=True)


def _look(of_companies: str, facts: Mapping[str, Any], *, is_wide: bool = False) -> None:
    scope = Scope(f"f.table_name = '{STATEMENTS}' AND f.rule = :rule AND {of_companies.format('f')}")
    select, said = found(of_companies)
    filed_findings.refresh(scope, select, {**facts, **said}, is_wide=is_wide)


def found(of_companies: str) -> Found:
    """What reports say twice now; the condition on companies may have parameters of its own."""
    rule = reading.SUMMARY
    said = {"rule": rule.id, "severity": rule.severity, "message": reading.DIFFERS_FROM_SUMMARY}
    return Found(FOUND.format(of_companies=of_companies.format("s")), said)
