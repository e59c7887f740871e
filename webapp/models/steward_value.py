"""What stewards have set: of a row, the fields whose values are a person's word, and by which change set."""

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.rules import change as rules

if TYPE_CHECKING:
    from webapp.models.change_set import ChangeSet


class StewardValue(db.Base):
    """A field that no import and no feed writes over: somebody set, blanked or verified what it holds.

    Derived: it follows from what was done by hand as change sets keep it, and can be made anew from there. The row
    itself holds the value.
    """

    __tablename__ = "steward_values"
    __table_args__ = (Index(None, "change_set_id"),)
    label = Label("担当者の値", "Values of stewards")

    table_name: Mapped[str] = mapped_column(
        String(63), primary_key=True, info=db.about("データの種類", "Kind of record")
    )
    # Key columns in their order, joined by commas, as items and versions have it.
    row_key: Mapped[str] = mapped_column(String(200), primary_key=True, info=db.about("キー", "Key"))
    field: Mapped[str] = mapped_column(String(63), primary_key=True, info=db.about("項目", "Field"))
    # Whoever set it: its author, its instant and its reason.
    change_set_id: Mapped[int] = mapped_column(
        ForeignKey("change_sets.id", ondelete="RESTRICT"), info=db.about("変更セット", "Change set")
    )
    how: Mapped[str] = columns.code("決め方", "How", rules.WORD, 8)

    change_set: Mapped["ChangeSet"] = relationship()
