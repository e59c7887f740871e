"""Index the change sets' undoes_id.

Why: A change set is undone once.
Phase: expand
"""

from alembic import op

from migrations import indexes

revision = "8d3f4a17c6e0"
down_revision = "5b1c7e90d2a4"
branch_labels = None
depends_on = None

lint_excuses = {
    "refuses-old-code": "Old code leaves undoes_id empty: its column came three revisions before.",
}


def upgrade() -> None:
    indexes.create(op, "ix_change_sets_undoes_id", "change_sets", ["undoes_id"], unique=True)


def downgrade() -> None:
    indexes.drop(op, "ix_change_sets_undoes_id", "change_sets")
