"""Index the statements that are laid over others.

Why: What is laid over a statement is asked whenever that statement changes.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

from migrations import indexes

revision = "9c97d710e3ac"
down_revision = "58de8117d04f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    indexes.create(
        op,
        "ix_financial_statements_based_on_id",
        "financial_statements",
        ["based_on_id"],
        postgresql_where=sa.text("based_on_id IS NOT NULL"),
    )


def downgrade() -> None:
    indexes.drop(op, "ix_financial_statements_based_on_id", "financial_statements")
