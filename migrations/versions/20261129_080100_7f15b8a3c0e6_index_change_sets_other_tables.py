"""Index the change sets' other tables.

Why: A change set is found by any of its tables.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

from migrations import indexes

revision = "7f15b8a3c0e6"
down_revision = "4c9e21d7b5a8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    indexes.create(
        op,
        "ix_change_sets_other_tables",
        "change_sets",
        ["other_tables"],
        postgresql_using="gin",
        postgresql_where=sa.text("other_tables IS NOT NULL"),
    )


def downgrade() -> None:
    indexes.drop(op, "ix_change_sets_other_tables", "change_sets")
