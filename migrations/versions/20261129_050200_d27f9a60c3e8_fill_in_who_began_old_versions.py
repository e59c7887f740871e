"""Fill in which change sets began the versions that were kept before.

Why: The old row says which change set had written it; versions kept from now on say so themselves.
Phase: backfill
"""

from alembic import op

from migrations import backfills

revision = "d27f9a60c3e8"
down_revision = "b84e2c5d91f0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    backfills.run(
        op,
        backfills.Backfill(
            "row_versions",
            set_="begun_by_change_set_id = (row_data->>'change_set_id')::bigint",
            where="begun_by_change_set_id IS NULL AND row_data->>'change_set_id' IS NOT NULL",
        ),
    )


def downgrade() -> None:
    # What was filled in stays true; it goes with its column.
    op.execute("SELECT 1")
