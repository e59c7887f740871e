"""Add who began a version, and which transaction ended it, to row_versions.

Why: A change set is asked for the versions that it made, and a version for the writes that belong with its end.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "6a1d0f83b7c4"
down_revision = "93c6f0b8e1d7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("row_versions", sa.Column("begun_by_change_set_id", sa.BigInteger(), nullable=True))
    op.add_column("row_versions", sa.Column("ended_by_transaction_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("row_versions", "ended_by_transaction_id")
    op.drop_column("row_versions", "begun_by_change_set_id")
