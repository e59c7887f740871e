"""History in the database itself: triggers that stamp every curated row and keep its old versions, whoever writes."""

from typing import Any

from sqlalchemy import DDL, Table, event
from sqlalchemy.orm import Mapper

from webapp import db
from webapp.models import columns

# A row that comes back under its old key counts on where it stopped: whoever still has a page from before must not pass
# for somebody who has seen it. Only who says so beforehand gives a row its first version.
STAMP_ROW = """
CREATE FUNCTION stamp_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
    ELSIF coalesce(current_setting('app.keeps_version', true), '') <> 'on' THEN
        NEW.version := 1;
    END IF;
    NEW.changed_at := transaction_timestamp();
    NEW.change_set_id := nullif(current_setting('app.change_set_id', true), '')::bigint;
    RETURN NEW;
END $$
"""

# The argument is the row's key as an expression over `o`, the old row.
KEEP_VERSIONS = """
CREATE FUNCTION keep_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO row_versions (table_name, row_key, version, operation, row_data, valid_from, valid_to,'
        ' ended_by_change_set_id, ended_by_role)'
        ' SELECT %L, %s, o.version, %L, to_jsonb(o), o.changed_at, transaction_timestamp(),'
        ' nullif(current_setting(''app.change_set_id'', true), '''')::bigint, session_user FROM old_rows o',
        TG_TABLE_NAME, TG_ARGV[0], TG_OP);
    RETURN NULL;
END $$
"""

REFUSE_TRUNCATE = """
CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE of % would lose its history; use DELETE', TG_TABLE_NAME USING ERRCODE = '55000';
END $$
"""


def key_expression(mapper: Mapper[Any]) -> str:
    """The key of an old row `o` as text: its key columns joined by commas."""
    return " || '','' || ".join(f"o.{column.name}::text" for column in mapper.primary_key)


def triggers(table: str, key: str) -> list[str]:
    """The statements that give a table its history."""
    keep = f"EXECUTE FUNCTION keep_versions('{key}')"
    return [
        f"CREATE TRIGGER stamp_row BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION stamp_row()",
        f"CREATE TRIGGER keep_updated AFTER UPDATE ON {table}"
        f" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT {keep}",
        f"CREATE TRIGGER keep_deleted AFTER DELETE ON {table}"
        f" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT {keep}",
        f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()",
    ]


FUNCTIONS = (STAMP_ROW, KEEP_VERSIONS, REFUSE_TRUNCATE)


def attach() -> None:
    """Let `create_all` build the functions, and the triggers of every curated table."""
    for function in FUNCTIONS:
        event.listen(db.Base.metadata, "before_create", _ddl(function))
    for mapper in db.Base.registry.mappers:
        if issubclass(mapper.class_, columns.Curated):
            assert isinstance(mapper.local_table, Table)
            for statement in triggers(mapper.local_table.name, key_expression(mapper)):
                event.listen(mapper.local_table, "after_create", _ddl(statement))


def _ddl(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL untyped
