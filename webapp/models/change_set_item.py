"""Change set items: one row that a change set touches, with the fields before and after."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, case, cast, func
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.rules import change as rules

if TYPE_CHECKING:
    from webapp.models.change_set import ChangeSet


KEYS = cast("$.keyvalue().key", JSONPATH)


class ChangeSetItem(db.Base):
    """What happens to one row. `before` and `after` hold only the fields that change; a created row has no `before`.

    Of a field that was verified or released both hold what it holds.

    Values are JSON as PostgreSQL reads them back into the row's types: numbers with decimals and dates are text.
    """

    __tablename__ = "change_set_items"
    __table_args__ = (
        Index("uq_change_set_items_position", "change_set_id", "position", unique=True),
        Index(None, "table_name", "row_key", "id"),
        CheckConstraint("action = 'create' OR row_key IS NOT NULL", name="known_row"),
        CheckConstraint("(action = 'create') = (base_version IS NULL)", name="base_version_known"),
    )
    label = Label("変更明細", "Change set items")

    id: Mapped[int] = columns.identity()
    change_set_id: Mapped[int] = mapped_column(ForeignKey("change_sets.id", ondelete="RESTRICT"))
    position: Mapped[int] = mapped_column(Integer, info=db.about("順", "Position"))
    table_name: Mapped[str] = mapped_column(String(63), info=db.about("データの種類", "Kind of record"))
    # Key columns in their order, joined by commas; NULL until a created row has its number.
    row_key: Mapped[str | None] = mapped_column(String(200), info=db.about("キー", "Key"))
    action: Mapped[str] = columns.code("操作", "Action", rules.ACTION, 8)
    base_version: Mapped[int | None] = mapped_column(Integer, info=db.about("元の版", "Base version"))
    label_text: Mapped[str] = mapped_column(String(400), info=db.about("名称", "Name"))
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, info=db.about("変更前", "Before"))
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, info=db.about("変更後", "After"))
    findings: Mapped[list[Any]] = mapped_column(JSONB, default=list, info=db.about("指摘事項", "Findings"))

    # The names of the fields that got other values, without the values; none of a row that came or went.
    field_names: Mapped[list[str] | None] = column_property(
        case((action.in_(rules.OF_STORED_ROWS), func.jsonb_path_query_array(after, KEYS))),
        deferred=True,
    )

    change_set: Mapped["ChangeSet"] = relationship(back_populates="items")
