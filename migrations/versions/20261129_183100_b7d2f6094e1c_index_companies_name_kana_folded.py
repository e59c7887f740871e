"""Index the keys of kana names.

Why: The list of companies is sorted by kana without a sort of the table.
Phase: expand
"""

from alembic import op

from migrations import indexes

revision = "b7d2f6094e1c"
down_revision = "0c93e7b15fa8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    indexes.create(op, "ix_companies_name_kana_folded_id", "companies", ["name_kana_folded", "id"])


def downgrade() -> None:
    indexes.drop(op, "ix_companies_name_kana_folded_id", "companies")
