"""Keep versions that never overlap and that their writer cannot forge.

Why: Of overlapping transactions one could end a version before it began, and a writer's own names could stand for ours.
Phase: expand
"""

from alembic import op

revision = "b84e2c5d91f0"
down_revision = "6a1d0f83b7c4"
branch_labels = None
depends_on = None

lint_excuses = {
    "refuses-old-code": "The triggers are those of before with other names for rows, and need nobody's right to call them.",
}

KEYS = {
    "industries": "o.code::text",
    "companies": "o.id::text",
    "filings": "o.doc_id::text",
    "financial_statements": "o.id::text",
    "stock_prices": "o.company_id::text || '','' || o.traded_on::text",
}
FUNCTIONS = ("stamp_row", "keep_versions", "refuse_truncate")


def upgrade() -> None:
    op.execute("""CREATE OR REPLACE FUNCTION stamp_row() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
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
END $$""")
    op.execute("""CREATE OR REPLACE FUNCTION keep_versions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
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
END $$""")
    op.execute("""CREATE OR REPLACE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE of % would lose its history; use DELETE', TG_TABLE_NAME USING ERRCODE = '55000';
END $$""")
    for function in FUNCTIONS:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function}() FROM PUBLIC")
    for table, key in KEYS.items():
        op.execute(
            f"CREATE OR REPLACE TRIGGER stamp_row BEFORE INSERT OR UPDATE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION stamp_row('{key}')"
        )


def downgrade() -> None:
    for table in KEYS:
        op.execute(
            f"CREATE OR REPLACE TRIGGER stamp_row BEFORE INSERT OR UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION stamp_row()"
        )
    for function in FUNCTIONS:
        op.execute(f"GRANT EXECUTE ON FUNCTION {function}() TO PUBLIC")
    op.execute("""CREATE OR REPLACE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE of % would lose its history; use DELETE', TG_TABLE_NAME USING ERRCODE = '55000';
END $$""")
    op.execute("""CREATE OR REPLACE FUNCTION keep_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO row_versions (table_name, row_key, version, operation, row_data, valid_from, valid_to,'
        ' ended_by_change_set_id, ended_by_role)'
        ' SELECT %L, %s, o.version, %L, to_jsonb(o), o.changed_at, transaction_timestamp(),'
        ' nullif(current_setting(''app.change_set_id'', true), '''')::bigint, session_user FROM old_rows o',
        TG_TABLE_NAME, TG_ARGV[0], TG_OP);
    RETURN NULL;
END $$""")
    op.execute("""CREATE OR REPLACE FUNCTION stamp_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
    ELSIF coalesce(current_setting('app.keeps_version', true), '') <> 'on' THEN
        NEW.version := 1;
    END IF;
    NEW.changed_at := transaction_timestamp();
    NEW.change_set_id := nullif(current_setting('app.change_set_id', true), '')::bigint;
    RETURN NEW;
END $$""")
