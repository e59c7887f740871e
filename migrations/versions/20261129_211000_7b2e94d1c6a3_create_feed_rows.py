"""Create feed rows.

Why: A file of many rows is a change set without items; while it waits for a decision, its rows are kept here.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7b2e94d1c6a3"
down_revision = "5c13fe755f40"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("change_sets", sa.Column("feed", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.create_table(
        "feed_rows",
        sa.Column("change_set_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('new', 'changed', 'kept', 'refused', 'left')", name=op.f("ck_feed_rows_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["change_set_id"],
            ["change_sets.id"],
            name=op.f("fk_feed_rows_change_set_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("change_set_id", "line", name=op.f("pk_feed_rows")),
    )


def downgrade() -> None:
    op.drop_table("feed_rows")
    op.drop_column("change_sets", "feed")
