"""File findings: what is found opens or stays, what is found no more closes, by one statement however many they are.

`found` is a SELECT of COLUMNS; whoever has findings in hand and not in SQL hands them in by `of_values`. The first
instant at which something was seen stays, also when it comes back after it had closed.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.rules import calendar, finding
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_sql
from webapp.services.changes.following import filed_findings
from webapp.services.changes.following.filed_findings import COLUMNS, Scope, refresh

OF_VALUES = (
    f"SELECT {COLUMNS} FROM jsonb_to_recordset(CAST(:found AS jsonb)) AS g (rule text, table_name text, row_key text,"
    " field text, company_id bigint, severity text, message text, params jsonb, observed jsonb, expected jsonb)"
)
AGAINST_SOURCE = Finding(None, "a steward set this value; the source says otherwise", is_blocking=False)
SAYING = "jsonb_to_recordset(CAST(:says AS jsonb)) AS i (row_key text, field text, value jsonb)"
WAS_ASKED = f"EXISTS (SELECT 1 FROM {SAYING} WHERE i.row_key = f.row_key AND i.field = f.field)"


def of_values(found: Iterable[Mapping[str, Any]]) -> tuple[str, dict[str, Any]]:
    """The SELECT and its parameters for findings given as mappings of COLUMNS; values as JSON."""
    return OF_VALUES, {"found": json.dumps(list(found))}


def reopen_expired() -> int:
    """Let what was accepted until a day that has passed be open again; how many findings those are."""
    return filed_findings.settle(
        "f.status = 'waived' AND f.waived_until < :today", {"today": calendar.today()}
    )


def disagreeing(origin: str) -> dict[tuple[str, str], set[str]]:
    """The fields in which a steward's value stands open against a source, by table and key of the row."""
    standing = text(
        "SELECT table_name, row_key, field FROM findings WHERE rule = :rule AND origin = :origin AND closed_at IS NULL"
    )
    fields: dict[tuple[str, str], set[str]] = {}
    facts = {"rule": finding.STEWARD_AGAINST_SOURCE, "origin": origin}
    for table_name, row_key, field in db.session.execute(standing, facts):
        fields.setdefault((table_name, row_key), set()).add(field)
    return fields


def compare(origin: str, says: Iterable[Mapping[str, Any]]) -> None:
    """File where stored values that stewards set differ from what a source says, and close where they agree.

    `says`: table, row_key, field and value, as JSON. What is asked is what is stored now, whoever changed it since.
    """
    by_table: dict[str, list[Mapping[str, Any]]] = {}
    for one in says:
        by_table.setdefault(one["table"], []).append(one)
    for table_name, of_table in by_table.items():
        _compare(row_codec.model_of(table_name), origin, of_table)


def _compare(model: type[db.Base], origin: str, says: Sequence[Mapping[str, Any]]) -> None:
    table = row_codec.table_of(model).name
    facts = {
        "says": json.dumps(says),
        "table": table,
        "rule": finding.STEWARD_AGAINST_SOURCE,
        "message": AGAINST_SOURCE.message,
        "severity": finding.REVIEW,
    }
    found = (
        f"SELECT CAST(:rule AS text) AS rule, CAST(:table AS text) AS table_name, i.row_key, i.field,"
        f" {_company_of(model)} AS company_id, CAST(:severity AS text) AS severity, CAST(:message AS text) AS message,"
        " CAST('{}' AS jsonb) AS params, w.whole -> i.field AS observed, i.value AS expected"
        f" FROM {SAYING} JOIN {table} t ON {row_sql.same_row(model)}"
        " JOIN steward_values v ON v.table_name = :table AND v.row_key = i.row_key AND v.field = i.field"
        f" CROSS JOIN LATERAL (SELECT {row_sql.as_json(model)} AS whole) w"
        f" WHERE NOT ({row_sql.holds(model, 'jsonb_build_object(i.field, i.value)')})"
    )
    refresh(Scope(f"f.rule = :rule AND f.table_name = :table AND {WAS_ASKED}", origin), found, facts)
    # A source that agrees has said so: it speaks against what somebody sets otherwise later.
    agreeing = (
        "UPDATE findings f SET expected = f.observed WHERE f.origin = :origin AND f.status = 'closed'"
        f" AND f.rule = :rule AND f.table_name = :table AND {WAS_ASKED}"
    )
    db.session.execute(text(agreeing), {**facts, "origin": origin})


def _company_of(model: type[db.Base]) -> str:
    columns = row_codec.table_of(model).columns
    if row_codec.table_of(model).name == "companies":
        return "t.id"
    return "t.company_id" if "company_id" in columns else "CAST(NULL AS bigint)"
