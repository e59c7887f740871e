"""Fill in when statements were announced.

Why: Two documents of one day have an order; of a day alone the last second is taken.
Phase: backfill
"""

from alembic import op

from migrations import backfills

revision = "54721f1c4d51"
down_revision = "9c97d710e3ac"
branch_labels = None
depends_on = None


def upgrade() -> None:
    backfills.run(
        op,
        backfills.Backfill(
            "financial_statements",
            set_=(
                "announced_at = coalesce((SELECT f.submitted_at FROM filings f WHERE f.doc_id = filing_doc_id"
                " AND (f.submitted_at AT TIME ZONE 'Asia/Tokyo')::date = announced_on),"
                " (announced_on + time '23:59:59') AT TIME ZONE 'Asia/Tokyo')"
            ),
            where="announced_at IS NULL AND announced_on IS NOT NULL",
            history=backfills.Silently("The column is new: no version of a row holds it yet."),
        ),
    )


def downgrade() -> None:
    # What was filled in goes with its column.
    op.execute("SELECT 1")
