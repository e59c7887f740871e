"""Change sets: who wanted which change, why and from what source, and what became of it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    cast,
    func,
    literal,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, Part
from webapp.rules import change as rules

if TYPE_CHECKING:
    from webapp.models.change_set_item import ChangeSetItem
    from webapp.models.import_file import ImportFile
    from webapp.models.user import User


class ChangeSet(db.Base):
    """One wish to change curated rows; the only way they change."""

    __tablename__ = "change_sets"
    __table_args__ = (
        Index(None, "status", "id"),
        Index(None, "kind", "id"),
        Index(None, "table_name", "id"),
        Index(None, "author_id", "id"),
        Index(None, "decided_by_id"),
        Index(None, "import_file_id"),
        Index(None, "save_token", unique=True),
        Index(None, "undoes_id", unique=True),
        # Few change sets are of several tables, and the others cost it nothing.
        Index(
            None,
            "other_tables",
            postgresql_using="gin",
            postgresql_where=text("other_tables IS NOT NULL"),
        ),
        Index(None, "sitting_id", "id", postgresql_where=text("sitting_id IS NOT NULL")),
        CheckConstraint("cardinality(other_tables) > 0", name="other_tables_are_some"),
        CheckConstraint("decided_how IS NULL OR decided_at IS NOT NULL", name="decision_has_instant"),
        # Nobody approves their own: what the policy lets through has no decider. Code of before tells nothing of it.
        CheckConstraint(
            "(decided_how = 'person') = (decided_by_id IS NOT NULL)", name="person_decides_or_policy"
        ),
        CheckConstraint("(status = 'applied') = (applied_at IS NOT NULL)", name="applied_has_instant"),
        CheckConstraint("jsonb_typeof(counts) = 'object'", name="counts_is_object"),
        CheckConstraint("jsonb_typeof(findings) = 'array'", name="findings_is_array"),
    )
    label = Label("変更セット", "Change sets", "Change set")
    naming = Naming(
        (Part(("id",), lambda number: f"#{number}", lambda number: literal("#").concat(cast(number, Text))),)
    )

    id: Mapped[int] = columns.identity()
    kind: Mapped[str] = columns.code("種類", "Kind", rules.KIND, 16)
    # The table of its rows; of several, the one that the others refer to.
    table_name: Mapped[str] = mapped_column(
        String(63), info=db.about("データの種類", "Kind of record", more="other_tables")
    )
    other_tables: Mapped[list[str] | None] = mapped_column(
        ARRAY(String(63)), info=db.about("ほかのデータの種類", "Other kinds of record")
    )
    status: Mapped[str] = columns.code("状態", "Status", rules.STATUS, 10, default="proposed")
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="RESTRICT"),
        info=db.about("起案者のアカウント", "Account of the author"),
    )
    # The name as it was then; for the command line and the seed there is no user.
    author_name: Mapped[str] = columns.text("起案者", "Author", rules.AUTHOR_NAME)
    reason: Mapped[str | None] = columns.text("理由", "Reason", rules.REASON)
    source: Mapped[str | None] = columns.text("出典", "Source", rules.SOURCE)
    import_file_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_files.id", ondelete="RESTRICT"), info=db.about("取込ファイル", "Import file")
    )
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, info=db.about("件数", "Counts"))
    findings: Mapped[list[Any]] = mapped_column(JSONB, default=list, info=db.about("指摘事項", "Findings"))
    # Of a feed, which has no items: who read it, what it ranges over, which fields it writes, and some rows.
    feed: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=db.about("一括取込", "Feed"))
    # What the file says of fields that stewards set: filed as findings once it is applied.
    source_says: Mapped[list[Any] | None] = mapped_column(
        JSONB(none_as_null=True), deferred=True, info=db.about("出典の値", "What the source says")
    )
    # Which indicators it has moved, from what to what; of large ones a job computes them later.
    indicator_moves: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), deferred=True, info=db.about("財務指標の変化", "Indicators moved")
    )
    digest: Mapped[str] = mapped_column(String(64), info=db.about("内容のハッシュ", "Digest"))
    # Of the form that it was made with; sent twice, it is still one change set.
    save_token: Mapped[str | None] = mapped_column(String(32))
    # Unique: what has been undone is not undone again; its undoing may be.
    undoes_id: Mapped[int | None] = mapped_column(
        ForeignKey("change_sets.id", ondelete="RESTRICT"), info=db.about("元に戻した変更セット", "Undoes")
    )
    # Cells that one person edits in one sitting are one entry of a list: its first change set says how many they are,
    # and the further ones which is the first. Change sets are never deleted, so it needs no foreign key.
    sitting_id: Mapped[int | None] = mapped_column(
        BigInteger, info=db.about("一続きの編集の先頭", "First of its sitting")
    )
    sitting_size: Mapped[int | None] = mapped_column(
        Integer, info=db.about("一続きの編集の数", "Changes in this sitting")
    )
    created_at: Mapped[datetime] = columns.instant("起案日時", "Created at", server_default=func.now())
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="RESTRICT"), info=db.about("承認者", "Decided by")
    )
    decided_at: Mapped[datetime | None] = columns.instant("承認日時", "Decided at")
    decided_how: Mapped[str | None] = columns.code("承認の方法", "Decided how", rules.DECIDED_HOW, 6)
    applied_at: Mapped[datetime | None] = columns.instant("反映日時", "Applied at")

    author: Mapped["User | None"] = relationship(back_populates="change_sets", foreign_keys=[author_id])
    decided_by: Mapped["User | None"] = relationship(
        back_populates="decided_change_sets", foreign_keys=[decided_by_id]
    )
    import_file: Mapped["ImportFile | None"] = relationship(back_populates="change_sets")
    undoes: Mapped["ChangeSet | None"] = relationship(remote_side=[id], back_populates="undone_by")
    undone_by: Mapped["ChangeSet | None"] = relationship(back_populates="undoes", uselist=False)
    items: Mapped[list["ChangeSetItem"]] = relationship(
        back_populates="change_set", order_by="ChangeSetItem.position", passive_deletes="all"
    )

    # What a list says of a change set; its items are numbered from 0.
    first_item: Mapped["ChangeSetItem | None"] = relationship(
        primaryjoin="and_(ChangeSet.id == ChangeSetItem.change_set_id, ChangeSetItem.position == 0)",
        uselist=False,
        viewonly=True,
    )

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of its rows, those that others refer to first."""
        return (self.table_name, *(self.other_tables or ()))
