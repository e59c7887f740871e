"""Findings: what is wrong with stored rows, as far as a rule or a source says so."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import code_words, columns
from webapp.rules import finding as rules

if TYPE_CHECKING:
    from webapp.models.company import Company
    from webapp.models.user import User

# By what a finding is the same one when it is found again.
IDENTITY = ("rule", "origin", "table_name", "row_key", "field")


class FiledFinding(db.Base):
    """One remark on one row, from when it was first seen until it no longer holds.

    Derived: rules and sources make it anew at any time, and what people decide on it is in finding_decisions; owner,
    due date and waiver stand here as they follow from there. No field: the remark is on the row as a whole.
    """

    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint(*IDENTITY, name="uq_findings_identity", postgresql_nulls_not_distinct=True),
        Index(None, "table_name", "row_key"),
        Index(None, "company_id"),
        Index(None, "status", "first_seen_at", "id"),
        Index(None, "owner_id"),
    )
    label = Label("指摘事項", "Findings", "Finding")
    naming = code_words.OF_RULE

    id: Mapped[int] = columns.identity()
    rule: Mapped[str] = columns.code("ルール", "Rule", rules.RULE, 40)
    # Of an import its kind, as two sources may say different things; blank where the row itself breaks a rule.
    origin: Mapped[str] = mapped_column(
        String(40), default="", server_default="", info=db.about("出典", "Source")
    )
    table_name: Mapped[str] = mapped_column(String(63), info=db.about("データの種類", "Kind of record"))
    row_key: Mapped[str] = mapped_column(String(200), info=db.about("キー", "Key"))
    field: Mapped[str | None] = mapped_column(String(63), info=db.about("項目", "Field"))
    company_id: Mapped[int | None] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), info=db.about("企業", "Company")
    )
    severity: Mapped[str] = columns.code("重さ", "Severity", rules.SEVERITY, 6)
    message: Mapped[str] = mapped_column(Text, info=db.about("文", "Sentence"))
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, info=db.about("文の値", "Its values"))
    observed: Mapped[Any | None] = mapped_column(JSONB, info=db.about("登録値", "Stored"))
    expected: Mapped[Any | None] = mapped_column(JSONB, info=db.about("あるべき値", "Expected"))
    # Of the figures: a decision on others is none on these.
    digest: Mapped[str] = mapped_column(String(64), info=db.about("内容のハッシュ", "Digest"))
    first_seen_at: Mapped[datetime] = columns.instant("初回検出", "First seen")
    last_seen_at: Mapped[datetime] = columns.instant("最終検出", "Last seen")
    closed_at: Mapped[datetime | None] = columns.instant("解消日時", "Resolved at")
    status: Mapped[str] = columns.code("状態", "Status", rules.STATUS, 6)
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), info=db.about("担当者", "Assignee")
    )
    due_on: Mapped[date | None] = columns.day("期限", "Due on")
    waived_until: Mapped[date | None] = columns.day("容認の期限", "Waived until")

    company: Mapped["Company | None"] = relationship()
    owner: Mapped["User | None"] = relationship()
