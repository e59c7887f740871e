"""Let the rules of accounting watch what is stored: each broken rule is a finding, until it holds again.

A small change is looked at in its own transaction, with the other years of its companies; a large one, and what was
written from outside, by a job.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from webapp.models import figures
from webapp.rules import change
from webapp.rules.accounting import as_sql
from webapp.rules.accounting.catalogue import RULES, parts
from webapp.rules.accounting.rule import Rule
from webapp.rules.expressions import MARKET, NOW
from webapp.services.changes import row_sql
from webapp.services.changes.following import filed_findings, small_changes
from webapp.services.changes.following.filed_findings import Found, Scope
from webapp.services.changes.following.small_changes import SmallChange
from webapp.services.changes.row_writing import TableOfItems

STATEMENTS = "financial_statements"
# Few statements break a rule: each is found by its key (OFFSET 0), and not by going over all that there are.
FOUND = f"""
    SELECT r.rule, '{STATEMENTS}' AS table_name, b.statement_id::text AS row_key, r.field, b.company_id,
        r.severity, r.message, jsonb_strip_nulls(jsonb_build_object(
            'total', r.field, 'parts', r.parts, 'observed', b.observed::text, 'expected', b.expected::text,
            'difference', abs(b.observed - b.expected)::text, 'allowed', b.allowed::text,
            'counted_in', r.counted_in, 'unit', {NOW}.rounding_unit, 'currency', {NOW}.currency,
            'standard', {NOW}.accounting_standard, 'scope', {NOW}.scope, 'industry_format', {NOW}.industry_format,
            'period_type', {NOW}.period_type, 'period_end_on', {NOW}.period_end_on,
            'fiscal_year_end_on', {NOW}.fiscal_year_end_on) || f.figures) AS params,
        to_jsonb(b.observed::text) AS observed, to_jsonb(b.expected::text) AS expected
    FROM ({{broken}}) b
    JOIN jsonb_to_recordset(CAST(:told AS jsonb)) AS r (key text, rule text, field text, severity text, message text,
        parts text, counted_in text, figures_in text) ON r.key = b.rule_key
    CROSS JOIN LATERAL (SELECT s.* FROM {STATEMENTS} s WHERE s.id = b.statement_id OFFSET 0) {NOW}
    LEFT JOIN LATERAL (SELECT s.* FROM {STATEMENTS} s WHERE s.id = b.beside_id OFFSET 0) beside ON true
    CROSS JOIN LATERAL (SELECT CASE WHEN r.figures_in = 'days' THEN '{{{{}}}}' ELSE jsonb_build_object('figures_in',
        r.figures_in, 'figure', to_jsonb({NOW}) -> r.field, 'before', to_jsonb(beside) -> r.field) END AS figures) f
"""  # all of it is declared
# By their keys: rules of one id are about several fields, and each closes its own findings.
OF_RULES = f"f.table_name = '{STATEMENTS}' AND f.rule || '.' || f.field = ANY(:rules)"
# What shares are worth is reckoned of these, and no other rule reads them.
OF_MARKET = ("shares_outstanding", "stock_prices")
MARKET_RULES = tuple(rule for rule in RULES if MARKET in rule.parts)
# The tables of which a change may break a rule, or mend it.
TABLES = (STATEMENTS, "corporate_actions", *OF_MARKET)
OF_COMPANIES = "{}.company_id = ANY(:companies)"


def follow(changes: Sequence[SmallChange]) -> None:
    """Look at the companies of a small change of statements, or of what their shares became or are worth."""
    for one in small_changes.among(changes, TABLES):
        # All rules together take longer to plan for some companies than to look at those.
        with row_sql.planned_once():
            _look(OF_COMPANIES, {"companies": one.companies}, _that_read(one.table))


def _that_read(table: TableOfItems) -> Sequence[Rule]:
    """The rules that may say something else now: of figures that changed, those that read one of them."""
    if table.name in OF_MARKET:
        return MARKET_RULES
    if table.name != STATEMENTS or table.contents.keys() != {change.UPDATE}:
        return RULES
    changed = table.contents[change.UPDATE].fields
    return _reading(changed) if changed <= figures.NAMES else RULES


@lru_cache(maxsize=filed_findings.KEPT)
def _reading(changed: frozenset[str]) -> Sequence[Rule]:
    return tuple(
        rule for rule in RULES if not changed.isdisjoint((rule.field, *(one.name for one in rule.figures())))
    )


def look_at_all() -> None:
    """Look at every statement: what is found opens or stays, and what is found no more closes."""
    _look("true", {}, RULES, is_wide=True)


def _look(
    of_companies: str, facts: Mapping[str, Any], rules: Sequence[Rule], *, is_wide: bool = False
) -> None:
    if not rules:
        return
    scope = Scope(f"{OF_RULES} AND {of_companies.format('f')}")
    select, more = found(rules, of_companies)
    keys = {"rules": sorted({rule.key for rule in rules})}
    filed_findings.refresh(scope, select, {**facts, **more, **keys}, is_wide=is_wide)


def found(rules: Sequence[Rule], of_companies: str) -> Found:
    """What breaks these rules now; the condition on companies may have parameters of its own."""
    return Found(_found(of_companies, rules), {"told": _told(rules)})


@lru_cache(maxsize=filed_findings.KEPT)
def _told(rules: Sequence[Rule]) -> str:
    """What people are told of these rules, beside its figures; as JSON, for the database to join."""
    return json.dumps(
        [
            {
                "key": rule.key,
                "rule": rule.id,
                "field": rule.field,
                "severity": rule.severity,
                "message": rule.message,
                "parts": " ".join(parts(rule.expected)) or None,
                "counted_in": rule.unit,
                "figures_in": rule.figures_in,
            }
            for rule in rules
        ]
    )


@lru_cache(maxsize=filed_findings.KEPT)
def _found(of_companies: str, rules: Sequence[Rule]) -> str:
    return FOUND.format(broken=as_sql.broken(rules, where=of_companies.format(NOW)))
