"""Import files: what was received, known by its hash; bytes that may not stay go when their change set has ended.

Their bytes are parts of a mebibyte a row, so that no process has to hold a file whole.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    event,
    func,
)
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, column
from webapp.rules import filing
from webapp.rules.fields import Between
from webapp.rules.fields import Text as TextRule

if TYPE_CHECKING:
    from webapp.models.change_set import ChangeSet
    from webapp.models.user import User


class ImportFile(db.Base):
    """A received file. Its bytes are dropped where they may hold personal data; its hash stays."""

    __tablename__ = "import_files"
    __table_args__ = (
        Index(None, "received_at", "id"),
        Index(None, "kind", "as_of_on"),
        Index(None, "received_by_id"),
        CheckConstraint("(content IS NULL) = (bytes_dropped_at IS NOT NULL)", name="dropped_or_there"),
    )
    label = Label("取込ファイル", "Imports")
    naming = Naming((column("name"),))

    id: Mapped[int] = columns.identity()
    kind: Mapped[str] = mapped_column(String(40), info=db.about("種類", "Kind"))
    name: Mapped[str] = columns.text("ファイル名", "File name", TextRule(255))
    sha256: Mapped[str] = columns.code("SHA-256", "SHA-256", filing.SHA256, 64, unique=True)
    size_bytes: Mapped[int] = mapped_column(
        BigInteger, info=db.about("サイズ", "Size", rule=Between(0, 2**40), unit="bytes")
    )
    # Whole in rows from before there were file_parts; later ones leave it empty, as the parts have their hash.
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    # Set from the file's kind when it is stored: whoever ends its change set need not know any kind.
    keeps_bytes: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default=sql_text("false"), info=db.about("内容を保存", "Keeps bytes")
    )
    bytes_dropped_at: Mapped[datetime | None] = columns.instant("内容削除日時", "Bytes dropped at")
    as_of_on: Mapped[date | None] = columns.day("基準日", "As of")
    received_at: Mapped[datetime] = columns.instant("受取日時", "Received at", server_default=func.now())
    received_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="RESTRICT"), info=db.about("受取人", "Received by")
    )

    # By an administrator: the list no longer keeps earlier ones out.
    withdrawn_at: Mapped[datetime | None] = columns.instant("撤回日時", "Withdrawn at")
    withdrawn_by_name: Mapped[str | None] = mapped_column(
        String(120), info=db.about("撤回者", "Withdrawn by")
    )

    received_by: Mapped["User | None"] = relationship(back_populates="import_files")
    change_sets: Mapped[list["ChangeSet"]] = relationship(back_populates="import_file", passive_deletes="all")


class FilePart(db.Base):
    """One part of the bytes that have this hash. Uploads and import files that hold the same bytes share them."""

    __tablename__ = "file_parts"
    label = Label("ファイルの内容", "File parts")

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    # From 0; parts follow each other without a gap.
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


# Zips and workbooks do not shrink any more, and a part is read whole: PostgreSQL need not try.
STORAGE = DDL("ALTER TABLE file_parts ALTER COLUMN content SET STORAGE EXTERNAL")  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL untyped
event.listen(FilePart.__table__, "after_create", STORAGE)
