"""Add uploads, and the parts of received files.

Why: Files are brought in the browser and wait there for a decision; their bytes are kept a mebibyte a row.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5c13fe755f40"
down_revision = "e5b80d3f6a17"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_parts",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "position", name=op.f("pk_file_parts")),
    )
    op.execute("ALTER TABLE file_parts ALTER COLUMN content SET STORAGE EXTERNAL")
    op.create_table(
        "uploads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("recognised_as", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("encoding", sa.String(length=40), nullable=True),
        sa.Column("is_whole", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("refusal", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("report", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("remarks", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("change_set_id", sa.BigInteger(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("uploaded_by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'compared') = (report IS NOT NULL)", name=op.f("ck_uploads_compared_has_report")
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_uploads_refused_for_a_reason")
        ),
        sa.CheckConstraint(
            "name !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND name <> '' AND name = btrim(name, U&' \\3000')",
            name=op.f("ck_uploads_name"),
        ),
        sa.CheckConstraint("sha256 ~ '^([0-9a-f]{64})$'", name=op.f("ck_uploads_sha256")),
        sa.CheckConstraint("status IN ('received', 'compared', 'refused')", name=op.f("ck_uploads_status")),
        sa.CheckConstraint("size_bytes BETWEEN 0 AND 1099511627776", name=op.f("ck_uploads_size_bytes")),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["change_sets.id"], name=op.f("fk_uploads_change_set_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_uploads_uploaded_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_change_set_id"), "uploads", ["change_set_id"], unique=False)
    op.create_index(op.f("ix_uploads_sha256"), "uploads", ["sha256"], unique=False)
    op.create_index(op.f("ix_uploads_uploaded_at"), "uploads", ["uploaded_at"], unique=False)
    op.create_index(op.f("ix_uploads_uploaded_by_id_id"), "uploads", ["uploaded_by_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_uploads_uploaded_by_id_id"), table_name="uploads")
    op.drop_index(op.f("ix_uploads_uploaded_at"), table_name="uploads")
    op.drop_index(op.f("ix_uploads_sha256"), table_name="uploads")
    op.drop_index(op.f("ix_uploads_change_set_id"), table_name="uploads")
    op.drop_table("uploads")
    op.drop_table("file_parts")
