"""Add the withdrawal of a list to import files.

Why: A list with a wrong day of its own kept every later one out; an administrator can withdraw it.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "5e0c4b7a91d3"
down_revision = "b7d2f6094e1c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_files", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("import_files", sa.Column("withdrawn_by_name", sa.String(length=120), nullable=True))


def downgrade() -> None:
    op.drop_column("import_files", "withdrawn_by_name")
    op.drop_column("import_files", "withdrawn_at")
