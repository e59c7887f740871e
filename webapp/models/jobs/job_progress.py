"""Job progress: how far a job has come and what came of it, written outside its transaction so that others see it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp import db
from webapp.label import Label
from webapp.models import columns


class JobProgress(db.Base):
    """What people see of one job of the queue. It goes with its job, and says who asked for it and what it is of."""

    __tablename__ = "job_progress"
    __table_args__ = (
        CheckConstraint("done >= 0 AND (total IS NULL OR total >= 0)", name="counts"),
        Index(None, "change_set_id"),
        Index(None, "upload_id"),
        Index(None, "asked_by_id"),
    )
    label = Label("ジョブの進み", "Job progress")

    job_id: Mapped[int] = mapped_column(
        ForeignKey("procrastinate_jobs.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        info=db.about("ジョブ", "Job"),
    )
    asked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        info=db.about("依頼者のアカウント", "Account of the asker"),
    )
    # As they were called then; the command line and the worker are no accounts.
    asked_by: Mapped[str] = mapped_column(String(200), info=db.about("依頼者", "Asked by"))
    change_set_id: Mapped[int | None] = mapped_column(
        ForeignKey("change_sets.id", ondelete="SET NULL"), info=db.about("変更セット", "Change set")
    )
    upload_id: Mapped[int | None] = mapped_column(
        ForeignKey("uploads.id", ondelete="SET NULL"), info=db.about("アップロード", "Upload")
    )
    asked_at: Mapped[datetime] = columns.instant("依頼日時", "Asked at", server_default=func.now())
    # Of the run that is going on, or was the last.
    began_at: Mapped[datetime | None] = columns.instant("開始日時", "Began at")
    told_at: Mapped[datetime | None] = columns.instant("報告日時", "Told at")
    ended_at: Mapped[datetime | None] = columns.instant("終了日時", "Ended at")
    done: Mapped[int] = mapped_column(
        BigInteger, default=0, server_default="0", info=db.about("済み", "Done")
    )
    total: Mapped[int | None] = mapped_column(BigInteger, info=db.about("全体", "Total"))
    # Rows, or hundredths of a comparison.
    counted: Mapped[str] = mapped_column(
        String(20), default="rows", server_default="rows", info=db.about("数えるもの", "What is counted")
    )
    # Findings as JSON: why nothing was written, or what was remarked on.
    outcome: Mapped[list[dict[str, object]]] = mapped_column(
        JSONB, default=list, server_default="[]", info=db.about("結果", "Outcome")
    )
