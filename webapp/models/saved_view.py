"""Saved views: a list's conditions, columns, order and unit under a name, for one person or for all."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint, false, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, column
from webapp.rules.people import view as rules

if TYPE_CHECKING:
    from webapp.models.user import User


class SavedView(db.Base):
    """A query of a list, which the list reads anew each time: a view widens nobody's rights."""

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("owner_id", "screen", "name"),
        Index(None, "screen", "is_shared"),
    )
    label = Label("保存ビュー", "Saved views")
    naming = Naming((column("name"),))

    id: Mapped[int] = columns.identity()
    owner_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), info=db.about("所有者", "Owner")
    )
    # The path of the screen, such as "companies".
    screen: Mapped[str] = mapped_column(String(63), info=db.about("画面", "Screen"))
    name: Mapped[str] = columns.text("名称", "Name", rules.NAME)
    is_shared: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default=false(), info=db.about("共有", "Shared")
    )
    query: Mapped[str] = mapped_column(
        String(rules.LONGEST_QUERY), default="", server_default="", info=db.about("条件", "Query")
    )
    version: Mapped[int] = mapped_column(
        Integer, default=1, server_default="1", info=db.about("版", "Version")
    )
    created_at: Mapped[datetime] = columns.instant("登録日時", "Created at", server_default=func.now())
    changed_at: Mapped[datetime] = columns.instant("更新日時", "Changed at", server_default=func.now())

    owner: Mapped["User"] = relationship(back_populates="saved_views", foreign_keys=[owner_id])
