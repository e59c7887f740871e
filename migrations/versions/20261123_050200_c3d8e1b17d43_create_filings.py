"""Create filings.

Why: The documents that figures come from.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "c3d8e1b17d43"
down_revision = "b2e4d7a06c32"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "filings",
        sa.Column("doc_id", sa.String(length=8), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("document_type", sa.String(length=3), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parent_doc_id", sa.String(length=8), nullable=True),
        sa.Column("period_start_on", sa.Date(), nullable=True),
        sa.Column("period_end_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_status", sa.String(length=1), nullable=False),
        sa.Column("amendment_status", sa.String(length=1), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("change_set_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amendment_status IN ('0', '1', '2')", name=op.f("ck_filings_amendment_status")),
        sa.CheckConstraint("doc_id ~ '^(S[0-9A-Z]{7})$'", name=op.f("ck_filings_doc_id")),
        sa.CheckConstraint("document_type ~ '^([0-9]{3})$'", name=op.f("ck_filings_document_type")),
        sa.CheckConstraint("file_hash ~ '^([0-9a-f]{64})$'", name=op.f("ck_filings_file_hash")),
        sa.CheckConstraint("parent_doc_id ~ '^(S[0-9A-Z]{7})$'", name=op.f("ck_filings_parent_doc_id")),
        sa.CheckConstraint("withdrawal_status IN ('0', '1', '2')", name=op.f("ck_filings_withdrawal_status")),
        sa.CheckConstraint("parent_doc_id <> doc_id", name=op.f("ck_filings_not_its_own_parent")),
        sa.CheckConstraint("period_start_on <= period_end_on", name=op.f("ck_filings_period_in_order")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_filings_company_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("doc_id", name=op.f("pk_filings")),
    )
    op.create_index(
        op.f("ix_filings_company_id_submitted_at"), "filings", ["company_id", "submitted_at"], unique=False
    )
    op.create_index(
        op.f("ix_filings_document_type_submitted_at_doc_id"),
        "filings",
        ["document_type", "submitted_at", "doc_id"],
        unique=False,
    )
    op.create_index(
        "ix_filings_outside",
        "filings",
        ["changed_at"],
        unique=False,
        postgresql_where=sa.text("change_set_id IS NULL"),
    )
    op.create_index(op.f("ix_filings_parent_doc_id"), "filings", ["parent_doc_id"], unique=False)
    op.create_index(
        op.f("ix_filings_submitted_at_doc_id"), "filings", ["submitted_at", "doc_id"], unique=False
    )
    op.execute(
        "CREATE TRIGGER stamp_row BEFORE INSERT OR UPDATE ON filings FOR EACH ROW EXECUTE FUNCTION stamp_row()"
    )
    op.execute(
        "CREATE TRIGGER keep_updated AFTER UPDATE ON filings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_versions('o.doc_id::text')"
    )
    op.execute(
        "CREATE TRIGGER keep_deleted AFTER DELETE ON filings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_versions('o.doc_id::text')"
    )
    op.execute(
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON filings FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_filings_submitted_at_doc_id"), table_name="filings")
    op.drop_index(op.f("ix_filings_parent_doc_id"), table_name="filings")
    op.drop_index(
        "ix_filings_outside", table_name="filings", postgresql_where=sa.text("change_set_id IS NULL")
    )
    op.drop_index(op.f("ix_filings_document_type_submitted_at_doc_id"), table_name="filings")
    op.drop_index(op.f("ix_filings_company_id_submitted_at"), table_name="filings")
    op.drop_table("filings")
