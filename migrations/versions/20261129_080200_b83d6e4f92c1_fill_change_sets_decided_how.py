"""Fill how change sets were decided.

Why: Authors stood as the deciders of their own changes; that was the policy's decision.
Phase: backfill
"""

from alembic import op

from migrations import backfills

revision = "b83d6e4f92c1"
down_revision = "7f15b8a3c0e6"
branch_labels = None
depends_on = None

lint_excuses = {"no-way-back": "Code of before reads a decision without a decider as that of a command line."}

# Of the command line and the seed neither author nor decider has an account.
OTHER = "decided_by_id IS NOT NULL AND decided_by_id IS DISTINCT FROM author_id"


def upgrade() -> None:
    backfills.run(
        op,
        backfills.Backfill(
            "change_sets",
            set_=f"decided_how = CASE WHEN {OTHER} THEN 'person' ELSE 'policy' END,"
            f" decided_by_id = CASE WHEN {OTHER} THEN decided_by_id END",
            where="decided_at IS NOT NULL AND decided_how IS NULL",
        ),
    )


def downgrade() -> None:
    """Nothing is taken back: the column goes with the revision that brought it."""
