"""Uploads: files that somebody has brought in the browser, and what importing each of them would do."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String, false, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, column
from webapp.rules import filing
from webapp.rules.fields import Between
from webapp.rules.fields import Text as TextRule
from webapp.rules.people import upload as rules

if TYPE_CHECKING:
    from webapp.models.change_set import ChangeSet
    from webapp.models.user import User


class Upload(db.Base):
    """A file on its way: taken as which kind, compared or refused. Kept for days, not for ever.

    What it would change stands in its change set, which is proposed when it is compared; none where it would change
    nothing. `report` is what the command line prints as JSON.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        Index(None, "uploaded_by_id", "id"),
        Index(None, "sha256"),
        Index(None, "change_set_id"),
        Index(None, "uploaded_at"),
        CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", name="refused_for_a_reason"),
        CheckConstraint("(status = 'compared') = (report IS NOT NULL)", name="compared_has_report"),
    )
    label = Label("アップロード", "Uploads")
    naming = Naming((column("name"),))

    id: Mapped[int] = columns.identity()
    name: Mapped[str] = columns.text("ファイル名", "File name", TextRule(255))
    sha256: Mapped[str] = columns.code("SHA-256", "SHA-256", filing.SHA256, 64)
    size_bytes: Mapped[int] = mapped_column(
        BigInteger, info=db.about("サイズ", "Size", rule=Between(0, 2**40), unit="bytes")
    )
    # As what its content was recognised, and as what it is taken; none where nobody has said so yet.
    recognised_as: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[str | None] = mapped_column(String(40), info=db.about("種類", "Kind"))
    encoding: Mapped[str | None] = mapped_column(String(40), info=db.about("文字コード", "Encoding"))
    is_whole: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    code: Mapped[str | None] = mapped_column(String(10), info=db.about("証券コード", "Securities code"))
    status: Mapped[str] = columns.code("状態", "Status", rules.STATUS, 10, default="received")
    # Why it is not taken: what was expected and found, and the rows that were refused.
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    # Every refused row and finding with its place, its raw line, our reading of it and what is stored.
    remarks: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]", deferred=True)
    change_set_id: Mapped[int | None] = mapped_column(ForeignKey("change_sets.id", ondelete="RESTRICT"))
    uploaded_at: Mapped[datetime] = columns.instant("受取日時", "Received at", server_default=func.now())
    uploaded_by_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="RESTRICT"), info=db.about("受取人", "Received by")
    )

    change_set: Mapped["ChangeSet | None"] = relationship()
    uploaded_by: Mapped["User"] = relationship()
