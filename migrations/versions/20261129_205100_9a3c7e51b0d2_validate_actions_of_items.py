"""Validate the actions of change set items.

Why: They were added as NOT VALID, so that no lock was held while rows were read.
Phase: expand
"""

from alembic import op

revision = "9a3c7e51b0d2"
down_revision = "4d1f8a6c2e90"
branch_labels = None
depends_on = None

NAME = "ck_change_set_items_action"
ACTIONS = "'create', 'update', 'close', 'delete', 'verify', 'release'"


def upgrade() -> None:
    op.execute(f"ALTER TABLE change_set_items VALIDATE CONSTRAINT {NAME}")


def downgrade() -> None:
    op.drop_constraint(op.f(NAME), "change_set_items", type_="check")
    op.create_check_constraint(
        op.f(NAME), "change_set_items", f"action IN ({ACTIONS})", postgresql_not_valid=True
    )
