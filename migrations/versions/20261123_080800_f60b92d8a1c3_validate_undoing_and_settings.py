"""Validate the constraints of undoing and of people's settings.

Why: They were added as NOT VALID, so that no lock was held while rows were read.
Phase: expand
"""

from alembic import op

revision = "f60b92d8a1c3"
down_revision = "8d3f4a17c6e0"
branch_labels = None
depends_on = None

lint_excuses = {"no-way-back": "A constraint that holds is not made doubtful again."}

CONSTRAINTS = (
    ("users", "ck_users_theme"),
    ("users", "ck_users_density"),
    ("users", "fk_users_start_view_id"),
    ("change_sets", "fk_change_sets_undoes_id"),
    ("change_sets", "ck_change_sets_kind"),
)


def upgrade() -> None:
    for table, name in CONSTRAINTS:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    pass
