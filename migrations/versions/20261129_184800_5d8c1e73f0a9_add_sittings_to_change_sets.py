"""Add sittings to change sets.

Why: Cells that one person edits in one sitting are one entry in lists of change sets.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "5d8c1e73f0a9"
down_revision = "5e0c4b7a91d3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("change_sets", sa.Column("sitting_id", sa.BigInteger(), nullable=True))
    op.add_column("change_sets", sa.Column("sitting_size", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("change_sets", "sitting_size")
    op.drop_column("change_sets", "sitting_id")
