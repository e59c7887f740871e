"""add the day of counted shares to indicators, quarters, and which indicators a change set moves.

Why: Indicators say which count of shares they were reckoned with, three months are a basis, and a change set says
what it moves.
Phase: expand
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "f0210ac56dfb"
down_revision: str | Sequence[str] | None = "5e9e91b5868d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "change_sets",
        sa.Column(
            "indicator_moves", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
    )
    op.add_column("financial_indicators", sa.Column("shares_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("financial_indicators", "shares_on")
    op.drop_column("change_sets", "indicator_moves")
