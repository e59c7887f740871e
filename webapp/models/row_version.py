"""Row versions: every old state of every curated row, kept by triggers whoever writes."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp import db
from webapp.models import columns


class RowVersion(db.Base):
    """A row as it was from `valid_from` until the change set that ended it; no change set: written from outside."""

    __tablename__ = "row_versions"
    __table_args__ = (
        Index(None, "table_name", "row_key", "valid_to"),
        Index("ix_row_versions_outside", "valid_to", postgresql_where=text("ended_by_change_set_id IS NULL")),
        Index(None, "ended_by_change_set_id"),
    )
    label = db.Label("旧版", "Row versions")

    id: Mapped[int] = columns.identity()
    table_name: Mapped[str] = mapped_column(String(63))
    row_key: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(Integer)
    operation: Mapped[str] = mapped_column(String(6))
    row_data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    valid_from: Mapped[datetime] = columns.instant("有効期間（自）", "Valid from")
    valid_to: Mapped[datetime] = columns.instant("有効期間（至）", "Valid to")
    ended_by_change_set_id: Mapped[int | None] = mapped_column(BigInteger)
    ended_by_role: Mapped[str] = mapped_column(String(63))
