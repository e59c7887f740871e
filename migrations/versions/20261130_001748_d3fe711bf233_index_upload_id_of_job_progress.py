"""Index upload_id of job_progress.

Why: A large upload is compared by a worker, and its page shows how far that has come.
Phase: expand
"""

from collections.abc import Sequence

from alembic import op

from migrations import indexes

revision: str = "d3fe711bf233"
down_revision: str | Sequence[str] | None = "89d6382796ff"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    indexes.create(op, "ix_job_progress_upload_id", "job_progress", ["upload_id"])


def downgrade() -> None:
    indexes.drop(op, "ix_job_progress_upload_id", "job_progress")
