"""Add the change sets' other tables, and how they were decided.

Why: A change set may hold rows of several tables; what the policy lets through has no decider.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "4c9e21d7b5a8"
down_revision = "c7a25e81f4d6"
branch_labels = None
depends_on = None

lint_excuses = {
    "refuses-old-code": "Old code leaves decided_how empty, with which each of these conditions holds.",
}

CHECKS = {
    "ck_change_sets_decided_how": "decided_how IN ('policy', 'person')",
    "ck_change_sets_other_tables_are_some": "cardinality(other_tables) > 0",
    "ck_change_sets_decision_has_instant": "decided_how IS NULL OR decided_at IS NOT NULL",
    "ck_change_sets_person_decides_or_policy": "(decided_how = 'person') = (decided_by_id IS NOT NULL)",
}


def upgrade() -> None:
    op.add_column(
        "change_sets", sa.Column("other_tables", postgresql.ARRAY(sa.String(length=63)), nullable=True)
    )
    op.add_column("change_sets", sa.Column("decided_how", sa.String(length=6), nullable=True))
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(name), "change_sets", condition, postgresql_not_valid=True)


def downgrade() -> None:
    op.drop_column("change_sets", "decided_how")
    op.drop_column("change_sets", "other_tables")
