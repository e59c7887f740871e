"""Feed rows: what a feed that waits for a decision would write; they go when it is decided on."""

from typing import Any

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.rules import change as rules


class FeedRow(db.Base):
    """A row of a file beside the stored one: its line, what becomes of it, and the fields as JSON.

    `after` holds its key and what it would write, `before` the stored values of the fields that would change. A row
    that is as it is stored already is not kept, and no row of a natural person: readers leave those out.
    """

    __tablename__ = "feed_rows"
    label = Label("承認待ちの一括取込行", "Rows of feeds that wait")

    change_set_id: Mapped[int] = mapped_column(
        ForeignKey("change_sets.id", ondelete="RESTRICT"), primary_key=True
    )
    line: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False, info=db.about("行", "Line")
    )
    verdict: Mapped[str] = columns.code("判定", "Verdict", rules.VERDICT, 8)
    base_version: Mapped[int | None] = mapped_column(Integer, info=db.about("元の版", "Base version"))
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, info=db.about("変更前", "Before"))
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, info=db.about("変更後", "After"))
