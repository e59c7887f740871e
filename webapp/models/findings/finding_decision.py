"""Decisions on findings: who looks after one, until when, and which figures are accepted for which reason."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import code_words, columns
from webapp.models.findings.finding import IDENTITY, FiledFinding
from webapp.rules import finding as rules

if TYPE_CHECKING:
    from webapp.models.user import User


def _is_of_finding() -> ColumnElement[bool]:
    """A decision is on the finding of the same rule, source, record and field, whatever its figures are now."""
    of, on = FiledFinding, FindingDecision
    same = (getattr(of, name) == foreign(getattr(on, name)) for name in IDENTITY[:-1])
    return and_(*same, of.field.is_not_distinct_from(foreign(on.field)))


class FindingDecision(columns.Curated, db.Base):
    """What people decided on a finding, by rule, record and a digest of its figures.

    However often findings are made anew, it is found again. A waiver holds for these figures alone; who owns a finding
    and when it is due goes on with other ones.
    """

    __tablename__ = "finding_decisions"
    __table_args__ = (
        UniqueConstraint(
            "rule",
            "origin",
            "table_name",
            "row_key",
            "field",
            "digest",
            name="uq_finding_decisions_identity",
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "owner_id"),
        CheckConstraint("waived_until IS NULL OR reason IS NOT NULL", name="waiver_has_reason"),
        columns.outside("finding_decisions"),
    )
    label = Label("指摘事項への判断", "Decisions on findings", "Decision on a finding")
    naming = code_words.OF_RULE

    id: Mapped[int] = columns.identity()
    rule: Mapped[str] = columns.code("ルール", "Rule", rules.RULE, 40)
    origin: Mapped[str] = mapped_column(
        String(40), default="", server_default="", info=db.about("出典", "Source")
    )
    table_name: Mapped[str] = mapped_column(String(63), info=db.about("データの種類", "Kind of record"))
    row_key: Mapped[str] = mapped_column(String(200), info=db.about("キー", "Key"))
    field: Mapped[str | None] = mapped_column(String(63), info=db.about("項目", "Field"))
    digest: Mapped[str] = columns.code("内容のハッシュ", "Digest", rules.DIGEST, 64)
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="RESTRICT"), info=db.about("担当者", "Assignee")
    )
    due_on: Mapped[date | None] = columns.day("期限", "Due on")
    waived_until: Mapped[date | None] = columns.day("容認の期限", "Waived until")
    reason: Mapped[str | None] = columns.text("容認の理由", "Reason of the waiver", rules.REASON)

    owner: Mapped["User | None"] = relationship()
    # What was decided on, as it stands now; nothing where its record is gone.
    finding: Mapped["FiledFinding | None"] = relationship(viewonly=True, primaryjoin=_is_of_finding)
