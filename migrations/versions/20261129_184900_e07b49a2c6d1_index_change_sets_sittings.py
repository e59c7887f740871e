"""Index the sittings of change sets.

Why: The first change set of a sitting shows the further ones.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

from migrations import indexes

revision = "e07b49a2c6d1"
down_revision = "5d8c1e73f0a9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    indexes.create(
        op,
        "ix_change_sets_sitting_id_id",
        "change_sets",
        ["sitting_id", "id"],
        postgresql_where=sa.text("sitting_id IS NOT NULL"),
    )


def downgrade() -> None:
    indexes.drop(op, "ix_change_sets_sitting_id_id", "change_sets")
