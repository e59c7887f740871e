"""Validate the constraints of change sets' tables and decisions.

Why: They were added as NOT VALID, so that no lock was held while rows were read.
Phase: expand
"""

from alembic import op

revision = "2d60f9c7a4b3"
down_revision = "b83d6e4f92c1"
branch_labels = None
depends_on = None

CHECKS = {
    "ck_change_sets_decided_how": "decided_how IN ('policy', 'person')",
    "ck_change_sets_other_tables_are_some": "cardinality(other_tables) > 0",
    "ck_change_sets_decision_has_instant": "decided_how IS NULL OR decided_at IS NOT NULL",
    "ck_change_sets_person_decides_or_policy": "(decided_how = 'person') = (decided_by_id IS NOT NULL)",
}


def upgrade() -> None:
    for name in CHECKS:
        op.execute(f"ALTER TABLE change_sets VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    for name, condition in CHECKS.items():
        op.drop_constraint(op.f(name), "change_sets", type_="check")
        op.create_check_constraint(op.f(name), "change_sets", condition, postgresql_not_valid=True)
