"""Validate the constraints of undoing and of people's settings.

Why: They were added as NOT VALID, so that no lock was held while rows were read.
Phase: expand
"""

from alembic import op

revision = "f60b92d8a1c3"
down_revision = "8d3f4a17c6e0"
branch_labels = None
depends_on = None

CHECKS = (
    ("users", "ck_users_theme", "theme IN ('light', 'dark')"),
    ("users", "ck_users_density", "density IN ('compact', 'roomy')"),
    (
        "change_sets",
        "ck_change_sets_kind",
        "kind IN ('create', 'edit', 'delete', 'import', 'seed', 'undo')",
    ),
)
# Table, name, column, what it refers to, what becomes of a row whose record goes.
REFERENCES = (
    ("users", "fk_users_start_view_id", "start_view_id", "saved_views", "SET NULL"),
    ("change_sets", "fk_change_sets_undoes_id", "undoes_id", "change_sets", "RESTRICT"),
)


def upgrade() -> None:
    for table, name, *_rest in (*CHECKS, *REFERENCES):
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    for table, name, column, target, end in REFERENCES:
        op.drop_constraint(op.f(name), table, type_="foreignkey")
        op.create_foreign_key(name, table, target, [column], ["id"], ondelete=end, postgresql_not_valid=True)
    for table, name, condition in CHECKS:
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, condition, postgresql_not_valid=True)
