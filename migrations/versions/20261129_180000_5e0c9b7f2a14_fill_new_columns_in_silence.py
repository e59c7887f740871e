"""Let a release say what it fills, under a change set of its own or in silence.

Why: A backfill of a new column gave every row a version "from outside" and took the change set from its stamp.
Phase: expand
"""

from alembic import op

revision = "5e0c9b7f2a14"
down_revision = "2d60f9c7a4b3"
branch_labels = None
depends_on = None

lint_excuses = {
    "ban-drop-constraint": "The constraint comes back at once, and allows one kind more.",
    "refuses-old-code": "They refuse and pass over only what sets app.silent_columns, which old code does not know.",
}

NAME = "ck_change_sets_kind"
KINDS = "'create', 'edit', 'delete', 'import', 'seed', 'undo'"


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), "change_sets", type_="check")
    # Validated in a revision of its own, so that no row is read under a lock.
    op.create_check_constraint(
        op.f(NAME), "change_sets", f"kind IN ({KINDS}, 'release')", postgresql_not_valid=True
    )
    op.execute("""CREATE OR REPLACE FUNCTION stamp_row() RETURNS trigger LANGUAGE plpgsql
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
END $$""")
    op.execute("""CREATE OR REPLACE FUNCTION keep_versions() RETURNS trigger LANGUAGE plpgsql
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
END $$""")


def downgrade() -> None:
    op.drop_constraint(op.f(NAME), "change_sets", type_="check")
    op.create_check_constraint(op.f(NAME), "change_sets", f"kind IN ({KINDS})")
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
