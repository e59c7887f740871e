"""Create steward values, and let items say that a field was verified or released.

Why: Imports ask which fields stewards have set; to read every item of a table for that takes too long.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "4d1f8a6c2e90"
down_revision = "04d1391f5046"
branch_labels = None
depends_on = None

lint_excuses = {
    "ban-drop-constraint": "The constraint comes back at once, and allows two words more.",
    "require-concurrent-index-creation": "An index of a table that is made here.",
}

NAME = "ck_change_set_items_action"
ACTIONS = "'create', 'update', 'close', 'delete'"


def upgrade() -> None:
    op.create_table(
        "steward_values",
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_key", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=63), nullable=False),
        sa.Column("change_set_id", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.CheckConstraint("how IN ('set', 'verified')", name=op.f("ck_steward_values_how")),
        sa.ForeignKeyConstraint(
            ["change_set_id"],
            ["change_sets.id"],
            name=op.f("fk_steward_values_change_set_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("table_name", "row_key", "field", name=op.f("pk_steward_values")),
    )
    op.create_index(
        op.f("ix_steward_values_change_set_id"), "steward_values", ["change_set_id"], unique=False
    )
    op.drop_constraint(op.f(NAME), "change_set_items", type_="check")
    # Validated in a revision of its own, so that no row is read under a lock.
    op.create_check_constraint(
        op.f(NAME),
        "change_set_items",
        f"action IN ({ACTIONS}, 'verify', 'release')",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    # Neither changes a row; what they said is lost.
    op.execute("DELETE FROM change_set_items WHERE action IN ('verify', 'release')")
    op.drop_constraint(op.f(NAME), "change_set_items", type_="check")
    op.create_check_constraint(op.f(NAME), "change_set_items", f"action IN ({ACTIONS})")
    op.drop_index(op.f("ix_steward_values_change_set_id"), table_name="steward_values")
    op.drop_table("steward_values")
