"""Index the change sets' save_token.

Why: A form sent twice finds the change set that it made.
Phase: expand
"""

from alembic import op

from migrations import indexes

revision = "5b1c7e90d2a4"
down_revision = "2eea1527a08c"
branch_labels = None
depends_on = None

lint_excuses = {
    "refuses-old-code": "Old code leaves save_token empty: its column came two revisions before.",
}


def upgrade() -> None:
    indexes.create(op, "ix_change_sets_save_token", "change_sets", ["save_token"], unique=True)


def downgrade() -> None:
    indexes.drop(op, "ix_change_sets_save_token", "change_sets")
