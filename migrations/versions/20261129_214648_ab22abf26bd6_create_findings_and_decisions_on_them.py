"""Create findings and decisions on them.

Why: What is wrong with stored rows is kept until it no longer holds, with who looks after it.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ab22abf26bd6"
down_revision = "36159bad9bb0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "finding_decisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), server_default="", nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_key", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=63), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("waived_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("change_set_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("digest ~ '^([0-9a-f]{64})$'", name=op.f("ck_finding_decisions_digest")),
        sa.CheckConstraint(
            "reason !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND reason <> '' AND reason = btrim(reason, U&' \\3000')",
            name=op.f("ck_finding_decisions_reason"),
        ),
        sa.CheckConstraint("rule ~ '^([A-Za-z0-9_.-]{1,40})$'", name=op.f("ck_finding_decisions_rule")),
        sa.CheckConstraint(
            "waived_until IS NULL OR reason IS NOT NULL", name=op.f("ck_finding_decisions_waiver_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_finding_decisions_owner_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_decisions")),
        sa.UniqueConstraint(
            "rule",
            "origin",
            "table_name",
            "row_key",
            "field",
            "digest",
            name="uq_finding_decisions_identity",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_finding_decisions_outside",
        "finding_decisions",
        ["changed_at"],
        unique=False,
        postgresql_where=sa.text("change_set_id IS NULL"),
    )
    op.create_index(op.f("ix_finding_decisions_owner_id"), "finding_decisions", ["owner_id"], unique=False)
    op.create_table(
        "findings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), server_default="", nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_key", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=63), nullable=True),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("severity", sa.String(length=6), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("observed", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("expected", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=6), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("waived_until", sa.Date(), nullable=True),
        sa.CheckConstraint("rule ~ '^([A-Za-z0-9_.-]{1,40})$'", name=op.f("ck_findings_rule")),
        sa.CheckConstraint("severity IN ('blocks', 'review', 'note')", name=op.f("ck_findings_severity")),
        sa.CheckConstraint("status IN ('open', 'waived', 'closed')", name=op.f("ck_findings_status")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_findings_company_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_findings_owner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint(
            "rule",
            "origin",
            "table_name",
            "row_key",
            "field",
            name="uq_findings_identity",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_findings_company_id"), "findings", ["company_id"], unique=False)
    op.create_index(op.f("ix_findings_owner_id"), "findings", ["owner_id"], unique=False)
    op.create_index(
        op.f("ix_findings_status_first_seen_at_id"),
        "findings",
        ["status", "first_seen_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_findings_table_name_row_key"), "findings", ["table_name", "row_key"], unique=False
    )
    op.add_column(
        "change_sets",
        sa.Column("source_says", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )
    op.execute(
        "CREATE TRIGGER keep_deleted AFTER DELETE ON finding_decisions\n"
        "    REFERENCING OLD TABLE AS old_rows\n"
        "    FOR EACH STATEMENT\n"
        "    EXECUTE FUNCTION keep_versions('o.id::text')"
    )
    op.execute(
        "CREATE TRIGGER keep_updated AFTER UPDATE ON finding_decisions\n"
        "    REFERENCING OLD TABLE AS old_rows\n"
        "    FOR EACH STATEMENT\n"
        "    EXECUTE FUNCTION keep_versions('o.id::text')"
    )
    op.execute(
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON finding_decisions\n"
        "    FOR EACH STATEMENT\n"
        "    EXECUTE FUNCTION refuse_truncate()"
    )
    op.execute(
        "CREATE TRIGGER stamp_row BEFORE INSERT OR UPDATE ON finding_decisions\n"
        "    FOR EACH ROW\n"
        "    EXECUTE FUNCTION stamp_row('o.id::text')"
    )


def downgrade() -> None:
    op.drop_column("change_sets", "source_says")
    op.drop_index(op.f("ix_findings_table_name_row_key"), table_name="findings")
    op.drop_index(op.f("ix_findings_status_first_seen_at_id"), table_name="findings")
    op.drop_index(op.f("ix_findings_owner_id"), table_name="findings")
    op.drop_index(op.f("ix_findings_company_id"), table_name="findings")
    op.drop_table("findings")
    op.drop_index(op.f("ix_finding_decisions_owner_id"), table_name="finding_decisions")
    op.drop_index(
        "ix_finding_decisions_outside",
        table_name="finding_decisions",
        postgresql_where=sa.text("change_set_id IS NULL"),
    )
    op.drop_table("finding_decisions")
