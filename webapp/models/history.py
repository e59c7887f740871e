"""History in the database itself: triggers that stamp every curated row and keep its old versions, whoever writes."""

from typing import Any

from sqlalchemy import DDL, Table, event
from sqlalchemy.orm import Mapper

from webapp import db
from webapp.models import columns

# Functions run as their owner and find PostgreSQL's own names only: whoever writes needs no right on row_versions, and
# neither tables nor operators of the writer's can stand where ours are meant. `session_user` still says who it was;
# on which change set's behalf, only the writer can say.
#
# Versions of a row never overlap. What a transaction changes or deletes ends at the instant at which it began, one for
# the whole change set, in both functions alike; or, where a transaction that began later has been there first, at the
# earliest instant after. A row that begins has no older one to be later than, but may come back after a deletion by a
# transaction that began later; the clock knows of that without looking for one among millions.
# A row that comes back under its old key counts on where it stopped: whoever still has a page from before must not pass
# for somebody who has seen it. Looked for only where the writer says so beforehand. The trigger's argument: see below.
STAMP_ROW = """
CREATE FUNCTION stamp_row() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND coalesce(current_setting('app.silent_columns', true), '') <> ''
        AND session_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
    THEN
        -- What is computed from other columns is not yet in NEW.
        IF to_jsonb(OLD) - string_to_array(current_setting('app.silent_columns'), ',')
            - ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = TG_RELID AND attgenerated <> '')
            <> to_jsonb(NEW) - string_to_array(current_setting('app.silent_columns'), ',')
            - ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = TG_RELID AND attgenerated <> '')
        THEN
            RAISE EXCEPTION 'a silent change of % touches more than %',
                TG_TABLE_NAME, current_setting('app.silent_columns') USING ERRCODE = '55000';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
        NEW.changed_at := greatest(transaction_timestamp(), OLD.changed_at + interval '1 microsecond');
    ELSE
        NEW.version := 1;
        NEW.changed_at := clock_timestamp();
        IF coalesce(current_setting('app.keeps_version', true), '') = 'on' THEN
            EXECUTE format(
                'SELECT 1 + coalesce(max(v.version), 0) FROM %I.row_versions v, (SELECT ($1).*) o'
                ' WHERE v.table_name = $2 AND v.row_key = %s', TG_TABLE_SCHEMA, TG_ARGV[0])
                INTO NEW.version USING NEW, TG_TABLE_NAME;
        END IF;
    END IF;
    NEW.change_set_id := nullif(current_setting('app.change_set_id', true), '')::bigint;
    RETURN NEW;
END $$
"""

# The argument is the row's key as an expression over `o`, the row.
KEEP_VERSIONS = """
CREATE FUNCTION keep_versions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND coalesce(current_setting('app.silent_columns', true), '') <> ''
        AND session_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
    THEN
        RETURN NULL;
    END IF;
    EXECUTE format(
        'INSERT INTO %I.row_versions (table_name, row_key, version, operation, row_data, valid_from, valid_to,'
        ' begun_by_change_set_id, ended_by_change_set_id, ended_by_role, ended_by_transaction_id)'
        ' SELECT $1, %s, o.version, $2, to_jsonb(o), o.changed_at,'
        ' greatest(transaction_timestamp(), o.changed_at + interval ''1 microsecond''),'
        ' o.change_set_id, $3, session_user, $4 FROM old_rows o',
        TG_TABLE_SCHEMA, TG_ARGV[0])
        USING TG_TABLE_NAME, TG_OP, nullif(current_setting('app.change_set_id', true), '')::bigint,
        pg_current_xact_id_if_assigned()::text::bigint;
    RETURN NULL;
END $$
"""

REFUSE_TRUNCATE = """
CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE of % would lose its history; use DELETE', TG_TABLE_NAME USING ERRCODE = '55000';
END $$
"""

# Else anybody could hang them on a table of their own, with an argument that then runs as the owner.
REVOKES = tuple(
    f"REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC"
    for name in ("stamp_row", "keep_versions", "refuse_truncate")
)


def key_expression(mapper: Mapper[Any]) -> str:
    """The key of a row `o` as text: its key columns joined by commas."""
    return " || '','' || ".join(f"o.{column.name}::text" for column in mapper.primary_key)


def triggers(table: str, key: str) -> list[str]:
    """The statements that give a table its history."""
    keep = f"EXECUTE FUNCTION keep_versions('{key}')"
    return [
        f"CREATE TRIGGER stamp_row BEFORE INSERT OR UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION stamp_row('{key}')",
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
    for function in (*FUNCTIONS, *REVOKES):
        event.listen(db.Base.metadata, "before_create", _ddl(function))
    for mapper in db.Base.registry.mappers:
        if issubclass(mapper.class_, columns.Curated):
            assert isinstance(mapper.local_table, Table)
            for statement in triggers(mapper.local_table.name, key_expression(mapper)):
                event.listen(mapper.local_table, "after_create", _ddl(statement))


def _ddl(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL untyped
