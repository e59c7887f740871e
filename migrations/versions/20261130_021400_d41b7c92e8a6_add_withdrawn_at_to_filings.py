"""add withdrawn_at to filings.

Why: On days before a document was withdrawn its figures were known, and those of reports laid over it.
Phase: expand
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d41b7c92e8a6"
down_revision: str | Sequence[str] | None = "9d2c501c844c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("filings", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("filings", "withdrawn_at")
