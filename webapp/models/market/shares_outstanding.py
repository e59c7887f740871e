"""Shares outstanding: how many a company had issued on a day, and how many of them were its own."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, column, day
from webapp.rules import shares as rules

if TYPE_CHECKING:
    from webapp.models.company import Company


class SharesOutstanding(columns.Curated, db.Base):
    """The common shares of a company as counted on a day; own shares that nobody has disclosed are not zero."""

    __tablename__ = "shares_outstanding"
    __table_args__ = (
        columns.outside("shares_outstanding"),
        Index(None, "as_of_on", "company_id"),
        CheckConstraint(rules.HAS_SHARES, name="some_issued"),
        CheckConstraint(rules.OWN_AMONG_ISSUED, name="treasury_among_issued"),
    )
    label = Label("発行済株式数", "Shares outstanding", "count of shares")
    naming = Naming((day("as_of_on"),), english=(column("as_of_on"),), is_of_company=True)
    rules = rules  # type: ignore[misc]  # mypy takes a module in a class for an instance variable

    company_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("companies.id", ondelete="RESTRICT"),
        primary_key=True,
        autoincrement=False,
        info=db.about("企業", "Company"),
    )
    as_of_on: Mapped[date] = mapped_column(primary_key=True, info=db.about("基準日", "As of"))
    issued: Mapped[int] = mapped_column(
        BigInteger, info=db.about("発行済株式総数", "Shares issued", rule=rules.COUNT, unit="shares")
    )
    treasury: Mapped[int | None] = mapped_column(
        BigInteger, info=db.about("自己株式数", "Treasury shares held", rule=rules.COUNT, unit="shares")
    )
    data_source: Mapped[str] = columns.text("出典", "Source", rules.SOURCE)

    company: Mapped["Company"] = relationship(back_populates="shares")
