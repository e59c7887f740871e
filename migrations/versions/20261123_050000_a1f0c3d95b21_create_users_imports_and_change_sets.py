"""Create users, imported files, change sets and the versions of rows.

Why: Every curated table hangs its history on these: who wanted a change, why, from what source, and what a row was before.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c3d95b21"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_key", sa.String(length=64), nullable=False),
        sa.Column("address_key", sa.String(length=64), nullable=False),
        sa.Column(
            "attempted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
    )
    op.create_index(
        op.f("ix_login_attempts_account_key_attempted_at"),
        "login_attempts",
        ["account_key", "attempted_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_login_attempts_address_key_attempted_at"),
        "login_attempts",
        ["address_key", "attempted_at"],
        unique=False,
    )
    op.create_index(op.f("ix_login_attempts_attempted_at"), "login_attempts", ["attempted_at"], unique=False)
    op.create_table(
        "row_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_key", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("operation", sa.String(length=6), nullable=False),
        sa.Column("row_data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_change_set_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_by_role", sa.String(length=63), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_versions")),
    )
    op.create_index(
        op.f("ix_row_versions_ended_by_change_set_id"),
        "row_versions",
        ["ended_by_change_set_id"],
        unique=False,
    )
    op.create_index(
        "ix_row_versions_outside",
        "row_versions",
        ["valid_to"],
        unique=False,
        postgresql_where=sa.text("ended_by_change_set_id IS NULL"),
    )
    op.create_index(
        op.f("ix_row_versions_table_name_row_key_valid_to"),
        "row_versions",
        ["table_name", "row_key", "valid_to"],
        unique=False,
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email ~ '^([^@\\s]{1,64}@[^@\\s]{1,189})$'", name=op.f("ck_users_email")),
        sa.CheckConstraint("language IN ('ja', 'en')", name=op.f("ck_users_language")),
        sa.CheckConstraint(
            "name !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND name <> '' AND name = btrim(name, U&' \\3000')",
            name=op.f("ck_users_name"),
        ),
        sa.CheckConstraint("role IN ('viewer', 'steward', 'approver', 'admin')", name=op.f("ck_users_role")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_is_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_index(op.f("ix_users_role_id"), "users", ["role", "id"], unique=False)
    op.create_table(
        "import_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("bytes_dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("as_of_on", sa.Date(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("received_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "name !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND name <> '' AND name = btrim(name, U&' \\3000')",
            name=op.f("ck_import_files_name"),
        ),
        sa.CheckConstraint("sha256 ~ '^([0-9a-f]{64})$'", name=op.f("ck_import_files_sha256")),
        sa.CheckConstraint(
            "(content IS NULL) = (bytes_dropped_at IS NOT NULL)",
            name=op.f("ck_import_files_dropped_or_there"),
        ),
        sa.CheckConstraint("size_bytes BETWEEN 0 AND 1099511627776", name=op.f("ck_import_files_size_bytes")),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["users.id"], name=op.f("fk_import_files_received_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_files")),
        sa.UniqueConstraint("sha256", name=op.f("uq_import_files_sha256")),
    )
    op.create_index(op.f("ix_import_files_kind_as_of_on"), "import_files", ["kind", "as_of_on"], unique=False)
    op.create_index(
        op.f("ix_import_files_received_at_id"), "import_files", ["received_at", "id"], unique=False
    )
    op.create_index(op.f("ix_import_files_received_by_id"), "import_files", ["received_by_id"], unique=False)
    op.create_table(
        "change_sets",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("author_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("import_file_id", sa.BigInteger(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'applied') = (applied_at IS NOT NULL)", name=op.f("ck_change_sets_applied_has_instant")
        ),
        sa.CheckConstraint(
            "author_name !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND author_name <> '' AND author_name = btrim(author_name, U&' \\3000')",
            name=op.f("ck_change_sets_author_name"),
        ),
        sa.CheckConstraint("jsonb_typeof(counts) = 'object'", name=op.f("ck_change_sets_counts_is_object")),
        sa.CheckConstraint("jsonb_typeof(findings) = 'array'", name=op.f("ck_change_sets_findings_is_array")),
        sa.CheckConstraint(
            "kind IN ('create', 'edit', 'delete', 'import', 'seed')", name=op.f("ck_change_sets_kind")
        ),
        sa.CheckConstraint(
            "reason !~ '[\\x01-\\x09\\x0b-\\x1f\\x7f-\\x9f]' AND reason <> '' AND reason = btrim(reason, U&' \\3000')",
            name=op.f("ck_change_sets_reason"),
        ),
        sa.CheckConstraint(
            "source !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND source <> '' AND source = btrim(source, U&' \\3000')",
            name=op.f("ck_change_sets_source"),
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'approved', 'applied', 'rejected')", name=op.f("ck_change_sets_status")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_change_sets_author_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_change_sets_decided_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["import_file_id"],
            ["import_files.id"],
            name=op.f("fk_change_sets_import_file_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_sets")),
    )
    op.create_index(op.f("ix_change_sets_author_id_id"), "change_sets", ["author_id", "id"], unique=False)
    op.create_index(op.f("ix_change_sets_decided_by_id"), "change_sets", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_change_sets_import_file_id"), "change_sets", ["import_file_id"], unique=False)
    op.create_index(op.f("ix_change_sets_kind_id"), "change_sets", ["kind", "id"], unique=False)
    op.create_index(op.f("ix_change_sets_status_id"), "change_sets", ["status", "id"], unique=False)
    op.create_index(op.f("ix_change_sets_table_name_id"), "change_sets", ["table_name", "id"], unique=False)
    op.create_table(
        "change_set_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("change_set_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_key", sa.String(length=200), nullable=True),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("label_text", sa.String(length=400), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(action = 'create') = (base_version IS NULL)",
            name=op.f("ck_change_set_items_base_version_known"),
        ),
        sa.CheckConstraint(
            "action = 'create' OR row_key IS NOT NULL", name=op.f("ck_change_set_items_known_row")
        ),
        sa.CheckConstraint(
            "action IN ('create', 'update', 'close', 'delete')", name=op.f("ck_change_set_items_action")
        ),
        sa.ForeignKeyConstraint(
            ["change_set_id"],
            ["change_sets.id"],
            name=op.f("fk_change_set_items_change_set_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_set_items")),
    )
    op.create_index(
        op.f("ix_change_set_items_table_name_row_key_id"),
        "change_set_items",
        ["table_name", "row_key", "id"],
        unique=False,
    )
    op.create_index(
        "uq_change_set_items_position", "change_set_items", ["change_set_id", "position"], unique=True
    )
    op.execute("""CREATE FUNCTION stamp_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
    ELSE
        NEW.version := OLD.version + 1;
    END IF;
    NEW.changed_at := transaction_timestamp();
    NEW.change_set_id := nullif(current_setting('app.change_set_id', true), '')::bigint;
    RETURN NEW;
END $$""")
    op.execute("""CREATE FUNCTION keep_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO row_versions (table_name, row_key, version, operation, row_data, valid_from, valid_to,'
        ' ended_by_change_set_id, ended_by_role)'
        ' SELECT %L, %s, o.version, %L, to_jsonb(o), o.changed_at, transaction_timestamp(),'
        ' nullif(current_setting(''app.change_set_id'', true), '''')::bigint, session_user FROM old_rows o',
        TG_TABLE_NAME, TG_ARGV[0], TG_OP);
    RETURN NULL;
END $$""")
    op.execute("""CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE of % would lose its history; use DELETE', TG_TABLE_NAME USING ERRCODE = '55000';
END $$""")


def downgrade() -> None:
    op.drop_index("uq_change_set_items_position", table_name="change_set_items")
    op.drop_index(op.f("ix_change_set_items_table_name_row_key_id"), table_name="change_set_items")
    op.drop_table("change_set_items")
    op.drop_index(op.f("ix_change_sets_table_name_id"), table_name="change_sets")
    op.drop_index(op.f("ix_change_sets_status_id"), table_name="change_sets")
    op.drop_index(op.f("ix_change_sets_kind_id"), table_name="change_sets")
    op.drop_index(op.f("ix_change_sets_import_file_id"), table_name="change_sets")
    op.drop_index(op.f("ix_change_sets_decided_by_id"), table_name="change_sets")
    op.drop_index(op.f("ix_change_sets_author_id_id"), table_name="change_sets")
    op.drop_table("change_sets")
    op.drop_index(op.f("ix_import_files_received_by_id"), table_name="import_files")
    op.drop_index(op.f("ix_import_files_received_at_id"), table_name="import_files")
    op.drop_index(op.f("ix_import_files_kind_as_of_on"), table_name="import_files")
    op.drop_table("import_files")
    op.drop_index(op.f("ix_users_role_id"), table_name="users")
    op.drop_table("users")
    op.drop_index(op.f("ix_row_versions_table_name_row_key_valid_to"), table_name="row_versions")
    op.drop_index(
        "ix_row_versions_outside",
        table_name="row_versions",
        postgresql_where=sa.text("ended_by_change_set_id IS NULL"),
    )
    op.drop_index(op.f("ix_row_versions_ended_by_change_set_id"), table_name="row_versions")
    op.drop_table("row_versions")
    op.drop_index(op.f("ix_login_attempts_attempted_at"), table_name="login_attempts")
    op.drop_index(op.f("ix_login_attempts_address_key_attempted_at"), table_name="login_attempts")
    op.drop_index(op.f("ix_login_attempts_account_key_attempted_at"), table_name="login_attempts")
    op.drop_table("login_attempts")
    op.execute("DROP FUNCTION refuse_truncate()")
    op.execute("DROP FUNCTION keep_versions()")
    op.execute("DROP FUNCTION stamp_row()")
