"""What sources say against what is stored: a steward's value that differs, a value that a rule of ours refuses.

What they say is gathered in a table of the session's own, by sets, and filed from there; its change set keeps it, so
that it is taken back with the change set, and what an earlier file had said stands again.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.rules import finding
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_sql
from webapp.services.changes.following import filed_findings, source_names
from webapp.services.changes.following.filed_findings import Scope

AGAINST_SOURCE = Finding(None, "a steward set this value; the source says otherwise", is_blocking=False)
# Of a refused value that is none any more there is no sentence; of a steward's field it needs none.
SHAPE = (
    'origin text, rule text, "table" text, row_key text, field text, value jsonb, message text, company_id bigint,'
    " params jsonb, observed jsonb"
)
NAMES = 'origin, rule, "table", row_key, field, value, message, company_id, params, observed'
# Only a field may be unknown; see filed_findings.
SAME = " AND ".join(
    (
        *(f"{{a}}.{name} = {{b}}.{name}" for name in ("origin", "rule", '"table"', "row_key")),
        "{a}.field IS NOT DISTINCT FROM {b}.field",
    )
)
OF_RULE = 'i.rule = :rule AND i."table" = :table AND i.origin = :origin'
ASKED = f"EXISTS (SELECT 1 FROM source_said i WHERE {OF_RULE} AND i.row_key = f.row_key AND {{same_field}})"
IN_SCOPE = f"f.rule = :rule AND f.table_name = :table AND {ASKED}"
TOLD = "coalesce(i.params, '{}') || jsonb_strip_nulls(jsonb_build_object('change_set', i.change_set_id))"
REFUSED = (
    'SELECT i.rule, i."table" AS table_name, i.row_key, i.field, i.company_id, CAST(:severity AS text) AS severity,'
    f" i.message, {TOLD} AS params, i.observed, i.value AS expected FROM source_said i"
    f" LEFT JOIN companies c ON c.id = i.company_id WHERE {OF_RULE} AND i.message IS NOT NULL"
    " AND c.id IS NOT DISTINCT FROM i.company_id"
)
# Whether a change set holds: neither undone, nor is its undoing undone.
STANDS = (
    "(WITH RECURSIVE undoings (id, number) AS (SELECT c.id, 0 UNION ALL SELECT u.id, number + 1 FROM undoings"
    " JOIN change_sets u ON u.undoes_id = undoings.id AND u.status = 'applied')"
    " SELECT max(number) % 2 = 0 FROM undoings)"
)
# Of all that the change set had said, what the last one says that holds; what came without a change set since stays.
SAID_LAST = f"""
    INSERT INTO source_said ({NAMES}, change_set_id)
    SELECT DISTINCT ON (i.origin, i.rule, i."table", i.row_key, i.field) i.*, c.id
    FROM change_sets c CROSS JOIN LATERAL jsonb_to_recordset(c.source_says) AS i ({SHAPE})
    JOIN source_undone n ON {SAME.format(a="i", b="n")}
    WHERE c.source_says IS NOT NULL AND c.status = 'applied' AND {STANDS}
    ORDER BY i.origin, i.rule, i."table", i.row_key, i.field, c.applied_at DESC, c.id DESC
"""
UNDONE = f"""
    CREATE TEMPORARY TABLE source_undone ON COMMIT DROP AS SELECT i.* FROM change_sets c
    CROSS JOIN LATERAL jsonb_to_recordset(c.source_says) AS i ({SHAPE})
    WHERE c.id = :id AND NOT EXISTS (SELECT 1 FROM findings f WHERE {{same}} AND NOT f.params ? 'change_set')
"""
OF_FINDING = (
    'f.origin = {0}.origin AND f.rule = {0}.rule AND f.table_name = {0}."table" AND f.row_key = {0}.row_key'
    " AND f.field IS NOT DISTINCT FROM {0}.field"
)


def begin() -> None:
    """An empty table for what a source says."""
    db.session.execute(text("DROP TABLE IF EXISTS pg_temp.source_said"))
    db.session.execute(
        text(f"CREATE TEMPORARY TABLE source_said ({SHAPE}, change_set_id bigint) ON COMMIT DROP")
    )


def take(says: Iterable[Mapping[str, Any]], origin: str) -> None:
    """Begin with what a file says of fields that stewards set: table, row_key, field and value, as JSON."""
    begin()
    taking = (
        f'INSERT INTO source_said ({NAMES}) SELECT CAST(:origin AS text), CAST(:rule AS text), i."table", i.row_key'
        f", i.field, i.value, NULL, NULL, NULL, NULL FROM jsonb_to_recordset(CAST(:says AS jsonb)) AS i ({SHAPE})"
    )
    facts = {"says": json.dumps(list(says)), "origin": origin, "rule": finding.STEWARD_AGAINST_SOURCE}
    db.session.execute(text(taking), facts)


def keep(change_set_id: int) -> None:
    """Let the change set hold what is gathered."""
    keeping = (
        "UPDATE change_sets SET source_says = (SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(i) - 'change_set_id'))"
        " FROM source_said i) WHERE id = :id"
    )
    db.session.execute(text(keeping), {"id": change_set_id})


def bring_back(change_set_id: int) -> None:
    """Begin with what a change set holds."""
    begin()
    bringing = (
        f"INSERT INTO source_said ({NAMES}) SELECT i.* FROM change_sets c"
        f" CROSS JOIN LATERAL jsonb_to_recordset(c.source_says) AS i ({SHAPE})"
        " WHERE c.id = :id AND c.source_says IS NOT NULL"
    )
    db.session.execute(text(bringing), {"id": change_set_id})


def file(change_set_id: int | None = None) -> None:
    """File what is gathered, as said by a change set, and close what of it holds no more."""
    if change_set_id is not None:
        telling = text("UPDATE source_said SET change_set_id = :id")
        db.session.execute(telling, {"id": change_set_id})
    saying = text('SELECT origin, "table", count(*) FROM source_said GROUP BY origin, "table"')
    for origin, table, number in db.session.execute(saying).all():
        model = row_codec.model_of(table)
        _compare(model, origin)
        facts = {"table": table, "rule": finding.REFUSED_FROM_SOURCE, "severity": finding.REVIEW}
        same_field = "i.field IS NOT DISTINCT FROM f.field"
        scope = Scope(IN_SCOPE.format(same_field=same_field), origin)
        filed_findings.refresh(scope, REFUSED, facts, is_wide=number > row_sql.MANY)


def _naming(model: type[db.Base]) -> str:
    """What a row is called after, and a statement's figures, as findings keep it."""
    columns = row_codec.table_of(model).columns
    named = {name: name for name in sorted(model.naming.columns)}
    if "accounting_standard" in columns:
        named |= {"standard": "accounting_standard", "period_end_on": "period_end_on"}
        named |= {name: name for name in ("currency", "industry_format")}
    pairs = ", ".join(f"'{name}', w.whole -> '{column}'" for name, column in named.items())
    return f"jsonb_strip_nulls(jsonb_build_object({pairs}))"


def _compare(model: type[db.Base], origin: str) -> None:
    """Stewards' values that differ from what the source says; what is asked is what is stored now."""
    facts = {
        "table": row_codec.table_of(model).name,
        "rule": finding.STEWARD_AGAINST_SOURCE,
        "message": AGAINST_SOURCE.message,
        "severity": finding.REVIEW,
    }
    differing = (
        f"SELECT CAST(:rule AS text) AS rule, CAST(:table AS text) AS table_name, i.row_key, i.field,"
        f" {_company_of(model)} AS company_id, CAST(:severity AS text) AS severity, CAST(:message AS text) AS message,"
        f" {TOLD} || {_naming(model)} AS params, w.whole -> i.field AS observed, i.value AS expected"
        f" FROM (SELECT * FROM source_said i WHERE {OF_RULE} OFFSET 0) i"
        f" JOIN {facts['table']} t ON {row_sql.same_row(model)}"
        " JOIN steward_values v ON v.table_name = :table AND v.row_key = i.row_key AND v.field = i.field"
        f" CROSS JOIN LATERAL (SELECT {row_sql.as_json(model)} AS whole) w"
        f" WHERE NOT ({row_sql.holds(model, 'jsonb_build_object(i.field, i.value)')})"
    )
    in_scope = IN_SCOPE.format(same_field="i.field = f.field")
    filed_findings.refresh(Scope(in_scope, origin), differing, facts)
    # A source that agrees has said so: it speaks against what somebody sets otherwise later.
    agreeing = (
        f"UPDATE findings f SET expected = f.observed, params = f.params - 'change_set' || {TOLD} FROM source_said i"
        f" WHERE {OF_RULE} AND i.row_key = f.row_key AND i.field = f.field AND f.origin = :origin"
        " AND f.status = 'closed' AND f.rule = :rule AND f.table_name = :table"
    )
    db.session.execute(text(agreeing), {**facts, "origin": origin})


def _company_of(model: type[db.Base]) -> str:
    columns = row_codec.table_of(model).columns
    if row_codec.table_of(model).name == "companies":
        return "t.id"
    return "t.company_id" if "company_id" in columns else "CAST(NULL AS bigint)"


def follow(undoing: ChangeSet) -> None:
    """Take back what an undone import had said, or say it again where its undoing is undone."""
    undone = undoing
    while undone.undoes_id is not None:
        undone = db.session.get_one(ChangeSet, undone.undoes_id)
    if undone is undoing or undone.import_file_id is None or not undone.source_says:
        return
    begin()
    db.session.execute(text("DROP TABLE IF EXISTS pg_temp.source_undone"))
    db.session.execute(text(UNDONE.format(same=OF_FINDING.format("i"))), {"id": undone.id})
    db.session.execute(text(SAID_LAST))
    source_names.take_back()
    file()
    nobody = (
        f"UPDATE findings f SET closed_at = now(), status = 'closed' FROM source_undone n"
        f" WHERE {OF_FINDING.format('n')} AND f.closed_at IS NULL"
        f" AND NOT EXISTS (SELECT 1 FROM source_said i WHERE {SAME.format(a='i', b='n')})"
    )
    db.session.execute(text(nobody))


def forget_deleted_by(change_set: ChangeSet) -> None:
    """Let findings go whose rows a change set without items has deleted."""
    going = (
        "DELETE FROM findings f USING row_versions i WHERE f.table_name = :table AND i.table_name = :table"
        " AND i.row_key = f.row_key AND i.ended_by_change_set_id = :id AND i.operation = 'DELETE'"
    )
    db.session.execute(text(going), {"table": change_set.table_name, "id": change_set.id})
