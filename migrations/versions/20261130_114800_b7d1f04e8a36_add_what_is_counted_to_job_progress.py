"""add what is counted to job progress.

Why: A long file is read row by row and then compared as a whole, of which a page tells by hundredths.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "b7d1f04e8a36"
down_revision = "a90c3e5d72b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "job_progress", sa.Column("counted", sa.String(length=20), server_default="rows", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("job_progress", "counted")
