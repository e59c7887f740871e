"""Validate the kinds of change sets.

Why: They were added as NOT VALID, so that no lock was held while rows were read.
Phase: expand
"""

from alembic import op

revision = "c19d4e6a80b7"
down_revision = "5e0c9b7f2a14"
branch_labels = None
depends_on = None

KINDS = "'create', 'edit', 'delete', 'import', 'seed', 'undo', 'release'"


def upgrade() -> None:
    op.execute("ALTER TABLE change_sets VALIDATE CONSTRAINT ck_change_sets_kind")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_change_sets_kind"), "change_sets", type_="check")
    op.create_check_constraint(
        op.f("ck_change_sets_kind"), "change_sets", f"kind IN ({KINDS})", postgresql_not_valid=True
    )
