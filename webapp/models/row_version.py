"""Row versions: every old state of every curated row, kept by triggers whoever writes."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp import db
from webapp.label import Label
from webapp.models import columns


class RowVersion(db.Base):
    """A row as it was from `valid_from` up to `valid_to`, and the change sets that began and ended it.

    No change set: written from outside. Which change set writes is the writer's own word; the role and the transaction
    are PostgreSQL's: a change set is applied in one transaction, and what is written in its name in another is forged.
    The same number also holds together what somebody outside wrote at once. It counts within one cluster, so after a
    restore into another it is read beside `valid_to`. Versions from before 2026-11-29 have none.
    """

    __tablename__ = "row_versions"
    __table_args__ = (
        Index(None, "table_name", "row_key", "valid_to"),
        Index("ix_row_versions_outside", "valid_to", postgresql_where=text("ended_by_change_set_id IS NULL")),
        Index(None, "ended_by_change_set_id"),
        Index(None, "begun_by_change_set_id"),
    )
    label = Label("旧版", "Row versions")

    id: Mapped[int] = columns.identity()
    table_name: Mapped[str] = mapped_column(String(63))
    row_key: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(Integer)
    operation: Mapped[str] = mapped_column(String(6))
    row_data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    valid_from: Mapped[datetime] = columns.instant("有効期間（自）", "Valid from")
    valid_to: Mapped[datetime] = columns.instant("有効期間（至）", "Valid to")
    begun_by_change_set_id: Mapped[int | None] = mapped_column(BigInteger)
    ended_by_change_set_id: Mapped[int | None] = mapped_column(BigInteger)
    ended_by_role: Mapped[str] = mapped_column(String(63))
    # All 64 bits of it: numbers that wrap around would tell nothing after years.
    ended_by_transaction_id: Mapped[int | None] = mapped_column(BigInteger)
