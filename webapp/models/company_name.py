"""Names and codes by which companies were known before: search and imports still find them by these."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, column
from webapp.rules import company_name as rules

if TYPE_CHECKING:
    from webapp.models.company import Company


class CompanyName(columns.Curated, db.Base):
    """A name or code that passed: what it was, and until which day somebody knew it to be the company's.

    Kept by the door whenever such a field of a company changes, in the same change set, and counted with the company.
    """

    __tablename__ = "company_names"
    __table_args__ = (
        columns.outside("company_names"),
        UniqueConstraint("company_id", "kind", "value"),
        Index(None, "value", "id"),
        Index(None, "valid_until", "id"),
        CheckConstraint("valid_from <= valid_until", name="period_in_order"),
    )
    label = Label("旧商号・旧コード", "Former names and codes", "former name or code")
    naming = Naming((column("value"),), is_of_company=True)
    rules = rules  # type: ignore[misc]  # mypy takes a module in a class for an instance variable
    follows_others = True

    id: Mapped[int] = columns.identity()
    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="RESTRICT"), info=db.about("企業", "Company")
    )
    kind: Mapped[str] = columns.code("名称・コードの種類", "Kind of name or code", rules.KIND, 16)
    value: Mapped[str] = columns.text("旧商号・旧コード", "Former name or code", rules.VALUE)
    value_folded: Mapped[str] = mapped_column(
        String(rules.VALUE.longest),
        info=db.about("検索用の旧商号", "Former name as searched", rule=rules.VALUE, folds="value"),
    )
    valid_from: Mapped[date | None] = columns.day("有効期間（自）", "Valid from")
    valid_until: Mapped[date | None] = columns.day("有効期間（至）", "Valid until")
    source: Mapped[str | None] = columns.text("出典", "Source", rules.SOURCE)

    company: Mapped["Company"] = relationship(back_populates="former_names")
