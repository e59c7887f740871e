"""Create saved views, and the columns of people's settings, of save tokens and of undoing.

Why: Readers keep views, colours and a start page; a form sent twice is saved once; a change set can be undone.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "2eea1527a08c"
down_revision = "d4c2f5c28e54"
branch_labels = None
depends_on = None

lint_excuses = {
    "require-concurrent-index-creation": "An index of users, who number dozens.",
    "ban-drop-constraint": "It comes back at once, with one word more; what old code writes still fits.",
}

KINDS = "'create', 'edit', 'delete', 'import', 'seed'"


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("screen", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("is_shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("query", sa.String(length=4000), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "name !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND name <> '' AND name = btrim(name, U&' \\3000')",
            name=op.f("ck_saved_views_name"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_saved_views_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("owner_id", "screen", "name", name=op.f("uq_saved_views_owner_id_screen_name")),
    )
    op.create_index(
        op.f("ix_saved_views_screen_is_shared"), "saved_views", ["screen", "is_shared"], unique=False
    )
    op.add_column("users", sa.Column("theme", sa.String(length=5), nullable=True))
    op.add_column("users", sa.Column("density", sa.String(length=7), nullable=True))
    op.add_column("users", sa.Column("start_view_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_users_start_view_id"), "users", ["start_view_id"], unique=False)
    op.create_check_constraint(
        op.f("ck_users_theme"), "users", "theme IN ('light', 'dark')", postgresql_not_valid=True
    )
    op.create_check_constraint(
        op.f("ck_users_density"), "users", "density IN ('compact', 'roomy')", postgresql_not_valid=True
    )
    op.create_foreign_key(
        op.f("fk_users_start_view_id"),
        "users",
        "saved_views",
        ["start_view_id"],
        ["id"],
        ondelete="SET NULL",
        postgresql_not_valid=True,
    )
    op.add_column("change_sets", sa.Column("save_token", sa.String(length=32), nullable=True))
    op.add_column("change_sets", sa.Column("undoes_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_change_sets_undoes_id"),
        "change_sets",
        "change_sets",
        ["undoes_id"],
        ["id"],
        ondelete="RESTRICT",
        postgresql_not_valid=True,
    )
    op.drop_constraint(op.f("ck_change_sets_kind"), "change_sets", type_="check")
    op.create_check_constraint(
        op.f("ck_change_sets_kind"), "change_sets", f"kind IN ({KINDS}, 'undo')", postgresql_not_valid=True
    )


def downgrade() -> None:
    # What was undone stays so; the change set that did it becomes an edit.
    op.execute("UPDATE change_sets SET kind = 'edit' WHERE kind = 'undo'")
    op.drop_constraint(op.f("ck_change_sets_kind"), "change_sets", type_="check")
    op.create_check_constraint(op.f("ck_change_sets_kind"), "change_sets", f"kind IN ({KINDS})")
    op.drop_constraint(op.f("fk_change_sets_undoes_id"), "change_sets", type_="foreignkey")
    op.drop_column("change_sets", "undoes_id")
    op.drop_column("change_sets", "save_token")
    op.drop_constraint(op.f("fk_users_start_view_id"), "users", type_="foreignkey")
    op.drop_constraint(op.f("ck_users_density"), "users", type_="check")
    op.drop_constraint(op.f("ck_users_theme"), "users", type_="check")
    op.drop_index(op.f("ix_users_start_view_id"), table_name="users")
    op.drop_column("users", "start_view_id")
    op.drop_column("users", "density")
    op.drop_column("users", "theme")
    op.drop_index(op.f("ix_saved_views_screen_is_shared"), table_name="saved_views")
    op.drop_table("saved_views")
