"""Index the row versions' begun_by_change_set_id.

Why: A change set finds the versions that it began among millions.
Phase: expand
"""

from alembic import op

from migrations import indexes

revision = "e93b7d14a5f2"
down_revision = "d27f9a60c3e8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    indexes.create(op, "ix_row_versions_begun_by_change_set_id", "row_versions", ["begun_by_change_set_id"])


def downgrade() -> None:
    indexes.drop(op, "ix_row_versions_begun_by_change_set_id", "row_versions")
