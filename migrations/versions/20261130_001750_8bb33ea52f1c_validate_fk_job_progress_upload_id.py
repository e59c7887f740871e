"""Validate fk_job_progress_upload_id.

Why: A large upload is compared by a worker, and its page shows how far that has come.
Phase: expand
"""

from collections.abc import Sequence

from alembic import op

revision: str = "8bb33ea52f1c"
down_revision: str | Sequence[str] | None = "d3fe711bf233"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE job_progress VALIDATE CONSTRAINT fk_job_progress_upload_id")


def downgrade() -> None:
    op.drop_constraint(op.f("fk_job_progress_upload_id"), "job_progress", type_="foreignkey")
    op.execute(
        "ALTER TABLE job_progress ADD CONSTRAINT fk_job_progress_upload_id FOREIGN KEY (upload_id) REFERENCES uploads (id) ON DELETE SET NULL NOT VALID"
    )
