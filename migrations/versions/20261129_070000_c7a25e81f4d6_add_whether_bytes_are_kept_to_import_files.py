"""Add whether bytes are kept to import files.

Why: Whether a file's bytes may stay is stored with the file, so that whoever ends its change set knows no kinds.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "c7a25e81f4d6"
down_revision = "e93b7d14a5f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Until now there were master lists only, whose bytes go.
    op.add_column(
        "import_files",
        sa.Column("keeps_bytes", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("import_files", "keeps_bytes")
