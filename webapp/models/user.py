"""Users: the people who may sign in, and how often somebody tried."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, column
from webapp.rules.people import account as rules

if TYPE_CHECKING:
    from webapp.models.change_set import ChangeSet
    from webapp.models.import_file import ImportFile
    from webapp.models.saved_view import SavedView


class User(db.Base):
    """A person. Raising `session_version` ends every session of theirs at the next request."""

    __tablename__ = "users"
    __table_args__ = (
        Index(None, "role", "id"),
        Index(None, "start_view_id"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )
    label = Label("利用者", "Users", "user")
    naming = Naming((column("name"),))

    id: Mapped[int] = columns.identity()
    email: Mapped[str] = columns.code("メールアドレス", "E-mail address", rules.EMAIL, 254, unique=True)
    name: Mapped[str] = columns.text("氏名", "Name", rules.NAME)
    role: Mapped[str] = columns.code("役割", "Role", rules.ROLE, 10)
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, info=db.about("有効", "Active"))
    session_version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    language: Mapped[str | None] = columns.code("言語", "Language", rules.LANGUAGE, 2)
    theme: Mapped[str | None] = columns.code("配色", "Colours", rules.THEME, 5)
    density: Mapped[str | None] = columns.code("行の高さ", "Row height", rules.DENSITY, 7)
    # Where they go after signing in; the view refers to its owner, so this one is added last.
    start_view_id: Mapped[int | None] = mapped_column(
        ForeignKey("saved_views.id", ondelete="SET NULL", use_alter=True),
        info=db.about("開始画面", "Start page"),
    )
    version: Mapped[int] = mapped_column(
        Integer, default=1, server_default="1", info=db.about("版", "Version")
    )
    created_at: Mapped[datetime] = columns.instant("登録日時", "Created at", server_default=func.now())
    last_signed_in_at: Mapped[datetime | None] = columns.instant("最終サインイン", "Last signed in")

    change_sets: Mapped[list["ChangeSet"]] = relationship(
        back_populates="author", foreign_keys="ChangeSet.author_id", passive_deletes="all"
    )
    decided_change_sets: Mapped[list["ChangeSet"]] = relationship(
        back_populates="decided_by", foreign_keys="ChangeSet.decided_by_id", passive_deletes="all"
    )
    import_files: Mapped[list["ImportFile"]] = relationship(
        back_populates="received_by", passive_deletes="all"
    )
    saved_views: Mapped[list["SavedView"]] = relationship(
        back_populates="owner", foreign_keys="SavedView.owner_id", passive_deletes="all"
    )
    start_view: Mapped["SavedView | None"] = relationship(foreign_keys=[start_view_id])
